"""Condition: one with a lock of its own, one that shares the first lock of lock.py."""

import asyncio

from .lock import lock_at
from .registry import acts, waits


class Conditions:
    def __init__(self):
        self.all = []
        self.value = 0  # what predicates ask for


def condition_at(machine, word):
    conditions = machine.state(Conditions)
    if not conditions.all:
        conditions.all = [asyncio.Condition(), asyncio.Condition(lock_at(machine, "0"))]
    return conditions.all[int(word) % 2]


@waits("condition.acquire", "condition", "which", weight=4)
async def acquire(machine, words):
    await condition_at(machine, words[0]).acquire()
    machine.log("acquired")


@acts("condition.release", "condition", "which", weight=4, callback=1)
def release(machine, words):
    condition_at(machine, words[0]).release()
    machine.log("released")


@waits("condition.wait", "condition", "which", weight=2)
async def wait(machine, words):
    await condition_at(machine, words[0]).wait()
    machine.log("notified")


@waits("condition.with_wait", "condition", "which", weight=8)
async def with_wait(machine, words):
    condition = condition_at(machine, words[0])
    async with condition:
        machine.log("acquired")
        await condition.wait()
        machine.log("notified")


@waits("condition.wait_for", "condition", "which number", weight=4)
async def wait_for(machine, words):
    condition = condition_at(machine, words[0])
    conditions = machine.state(Conditions)
    async with condition:
        await condition.wait_for(lambda: conditions.value % 3 == int(words[1]) % 3)
        machine.log(f"value {conditions.value}")


@waits("condition.with_body", "condition", "which body", weight=4)
async def with_body(machine, words):
    async with condition_at(machine, words[0]):
        value = await machine.body(int(words[1]))
    machine.log(f"called {value}")


@acts("condition.notify", "condition", "which number", weight=3, callback=2)
def notify(machine, words):
    condition_at(machine, words[0]).notify(int(words[1]) % 4)


@waits("condition.with_notify", "condition", "which number", weight=8)
async def with_notify(machine, words):
    condition = condition_at(machine, words[0])
    async with condition:
        machine.state(Conditions).value += 1
        if words[1] == "0":
            condition.notify_all()
        else:
            condition.notify(int(words[1]) % 4)
    machine.log("has notified")
