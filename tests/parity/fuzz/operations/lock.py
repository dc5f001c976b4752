"""Lock"""

import asyncio

from .registry import acts, waits


class Locks:
    def __init__(self):
        self.all = [asyncio.Lock(), asyncio.Lock()]


def lock_at(machine, word):
    return machine.state(Locks).all[int(word) % 2]


@waits("lock.acquire", "lock", "which", weight=8)
async def acquire(machine, words):
    await lock_at(machine, words[0]).acquire()
    machine.log("acquired")


@acts("lock.release", "lock", "which", weight=7, callback=3)
def release(machine, words):
    lock_at(machine, words[0]).release()
    machine.log("released")


@acts("lock.locked", "lock", "which", weight=1)
def locked(machine, words):
    machine.log(f"locked {int(lock_at(machine, words[0]).locked())}")


@waits("lock.with", "lock", "which body", weight=8)
async def with_lock(machine, words):
    async with lock_at(machine, words[0]):
        value = await machine.body(int(words[1]))
    machine.log(f"called {value}")
