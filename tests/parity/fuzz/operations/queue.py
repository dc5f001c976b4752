"""Queue, PriorityQueue and LifoQueue: without a limit, of one, of two, and of two."""

import asyncio

from .registry import acts, waits


class Queues:
    def __init__(self):
        self.all = [
            asyncio.Queue(),
            asyncio.Queue(1),
            asyncio.PriorityQueue(2),
            asyncio.LifoQueue(2),
        ]


def queue_at(machine, word):
    return machine.state(Queues).all[int(word) % 4]


@waits("queue.put", "queue", "which4 number", weight=8)
async def put(machine, words):
    await queue_at(machine, words[0]).put(int(words[1]))
    machine.log("put")


@waits("queue.get", "queue", "which4", weight=8)
async def get(machine, words):
    machine.log(f"got {await queue_at(machine, words[0]).get()}")


@acts("queue.put_nowait", "queue", "which4 number", weight=4, callback=3)
def put_nowait(machine, words):
    queue_at(machine, words[0]).put_nowait(int(words[1]))


@acts("queue.get_nowait", "queue", "which4", weight=3, callback=2)
def get_nowait(machine, words):
    machine.log(f"got {queue_at(machine, words[0]).get_nowait()}")


@waits("queue.join", "queue", "which4", weight=3)
async def join(machine, words):
    await queue_at(machine, words[0]).join()
    machine.log("joined")


@acts("queue.task_done", "queue", "which4", weight=4, callback=1)
def task_done(machine, words):
    queue_at(machine, words[0]).task_done()


@acts("queue.state", "queue", "which4", weight=1)
def state(machine, words):
    one = queue_at(machine, words[0])
    machine.log(f"size {one.qsize()} of {one.maxsize} empty {int(one.empty())} full {int(one.full())}")


@acts("queue.shutdown", "queue", "which4 number", weight=0.6, callback=0.3)
def shutdown(machine, words):
    queue_at(machine, words[0]).shutdown(immediate=int(words[1]) % 2 == 1)
