"""shield()"""

import asyncio

from .registry import acts


@acts("shield", "shield", "awaitable", weight=8)
def shield(machine, words):
    for awaitable in machine.awaitables(words):
        machine.add(asyncio.shield(awaitable), "shield")
