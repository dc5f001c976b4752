"""TaskGroup"""

import asyncio

from .registry import acts, waits


class Groups:
    def __init__(self):
        self.entered = []


@waits("group", "task_group", "body", weight=10)
async def group(machine, words):
    entered = machine.state(Groups).entered
    one = asyncio.TaskGroup()
    try:
        async with one:
            entered.append(one)
            value = await machine.body(int(words[0]))
    finally:
        entered.remove(one)
    machine.log(f"called {value}")


@acts("group.spawn", "task_group", "number body", weight=14, callback=4)
def spawn(machine, words):
    if entered := machine.state(Groups).entered:
        one = entered[int(words[0]) % len(entered)]
        body = machine.body(int(words[1]))
        machine.add(one.create_task(body, name=f"t{len(machine.things)}"), "task")
