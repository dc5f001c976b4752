"""Barrier: one of two parties, one of three."""

import asyncio

from .registry import acts, waits


class Barriers:
    def __init__(self):
        self.all = [asyncio.Barrier(2), asyncio.Barrier(3)]


def barrier_at(machine, word):
    return machine.state(Barriers).all[int(word) % 2]


@waits("barrier.wait", "barrier", "which", weight=16)
async def wait(machine, words):
    machine.log(f"passed as {await barrier_at(machine, words[0]).wait()}")


@waits("barrier.reset", "barrier", "which", weight=2)
async def reset(machine, words):
    await barrier_at(machine, words[0]).reset()
    machine.log("reset")


@waits("barrier.abort", "barrier", "which", weight=1)
async def abort(machine, words):
    await barrier_at(machine, words[0]).abort()
    machine.log("aborted")


@acts("barrier.state", "barrier", "which", weight=2, callback=1)
def state(machine, words):
    one = barrier_at(machine, words[0])
    machine.log(f"parties {one.parties} waiting {one.n_waiting} broken {int(one.broken)}")
