"""wait_for()"""

import asyncio

from .registry import waits


@waits("wait_for", "wait_for", "timeout awaitable", weight=10)
async def wait_for(machine, words):
    for awaitable in machine.awaitables(words[1:]):
        if awaitable is not asyncio.current_task():
            value = await asyncio.wait_for(awaitable, machine.delay(words[0]))
            machine.log(f"got {value}")
