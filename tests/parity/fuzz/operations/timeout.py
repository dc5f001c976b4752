"""timeout() and timeout_at()"""

import asyncio
import contextlib

from .registry import acts, waits


class Timeouts:
    def __init__(self):
        self.entered = []

    @contextlib.contextmanager
    def __call__(self, scope):
        self.entered.append(scope)
        try:
            yield
        finally:
            self.entered.remove(scope)


@waits("timeout", "timeout", "timeout body", weight=8)
async def timeout(machine, words):
    async with asyncio.timeout(machine.delay(words[0])) as scope:
        with machine.state(Timeouts)(scope):
            value = await machine.body(int(words[1]))
    machine.log(f"called {value}")


@waits("timeout_at", "timeout", "delay body", weight=3)
async def timeout_at(machine, words):
    when = machine.loop.time() + machine.delay(words[0])
    async with asyncio.timeout_at(when) as scope:
        with machine.state(Timeouts)(scope):
            value = await machine.body(int(words[1]))
    machine.log(f"called {value}")


@acts("reschedule", "timeout", "number timeout", weight=4, callback=2)
def reschedule(machine, words):
    if entered := machine.state(Timeouts).entered:
        delay = machine.delay(words[1])
        when = None if delay is None else machine.loop.time() + delay
        entered[int(words[0]) % len(entered)].reschedule(when)
        machine.log("rescheduled")


@acts("expired", "timeout", "number", weight=2, callback=1)
def expired(machine, words):
    if entered := machine.state(Timeouts).entered:
        scope = entered[int(words[0]) % len(entered)]
        when = scope.when()
        when = "never" if when is None else round((when - machine.start) * 1000)
        machine.log(f"expired {int(scope.expired())} when {when}")
