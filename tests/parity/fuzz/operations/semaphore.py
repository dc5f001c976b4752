"""Semaphore and BoundedSemaphore: two of each, of 1 and of 2."""

import asyncio

from .registry import acts, waits


class Semaphores:
    def __init__(self):
        kinds = (asyncio.Semaphore, asyncio.BoundedSemaphore)
        self.all = [kind(value) for kind in kinds for value in (1, 2)]


def semaphore_at(machine, word):
    return machine.state(Semaphores).all[int(word) % 4]


@waits("semaphore.acquire", "semaphore", "which4", weight=8)
async def acquire(machine, words):
    await semaphore_at(machine, words[0]).acquire()
    machine.log("acquired")


@acts("semaphore.release", "semaphore", "which4", weight=7, callback=3)
def release(machine, words):
    semaphore_at(machine, words[0]).release()
    machine.log("released")


@acts("semaphore.locked", "semaphore", "which4", weight=2)
def locked(machine, words):
    machine.log(f"locked {int(semaphore_at(machine, words[0]).locked())}")


@waits("semaphore.with", "semaphore", "which4 body", weight=8)
async def with_semaphore(machine, words):
    async with semaphore_at(machine, words[0]):
        value = await machine.body(int(words[1]))
    machine.log(f"called {value}")
