"""Event"""

import asyncio

from .registry import acts, waits


class Events:
    def __init__(self):
        self.all = [asyncio.Event(), asyncio.Event()]


def event_at(machine, word):
    return machine.state(Events).all[int(word) % 2]


@waits("event.wait", "event", "which", weight=10)
async def wait(machine, words):
    await event_at(machine, words[0]).wait()
    machine.log("it is set")


@acts("event.set", "event", "which", weight=6, callback=4)
def set_event(machine, words):
    event_at(machine, words[0]).set()


@acts("event.clear", "event", "which", weight=4, callback=2)
def clear(machine, words):
    event_at(machine, words[0]).clear()


@acts("event.is_set", "event", "which", weight=1)
def is_set(machine, words):
    machine.log(f"is set {int(event_at(machine, words[0]).is_set())}")
