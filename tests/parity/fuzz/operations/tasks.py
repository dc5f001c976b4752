"""What tasks know of themselves, and tasks that begin at once."""

import asyncio
import functools

from .registry import acts


@acts("tasks", "tasks", weight=1, callback=1)
def tasks(machine, words):
    machine.log(f"tasks {len(asyncio.all_tasks(machine.loop))}")


@acts("cancelling", "tasks", "thing", weight=2)
def cancelling(machine, words):
    thing = machine.thing(words[0])
    if thing and thing.kind == "task":
        machine.log(f"cancelling {thing.future.cancelling()}")


@acts("uncancel", "tasks", "thing", weight=2, callback=1)
def uncancel(machine, words):
    thing = machine.thing(words[0])
    if thing and thing.kind == "task":
        machine.log(f"uncancel {thing.future.uncancel()}")


@acts("uncancel_self", "tasks", weight=2)
def uncancel_self(machine, words):
    if task := asyncio.current_task():
        machine.log(f"uncancel {task.uncancel()} of {task.cancelling()}")


@acts("cancel_self", "tasks", "message", weight=2)
def cancel_self(machine, words):
    if task := asyncio.current_task():
        machine.log(f"cancel {int(task.cancel(*[f'c{word}' for word in words]))}")


@acts("eager", "eager", "body", weight=10, callback=3)
def eager(machine, words):
    body = machine.body(int(words[0]))
    name = f"t{len(machine.things)}"
    make = functools.partial(asyncio.Task, body, loop=machine.loop, name=name, eager_start=True)
    machine.add(machine.loop.numbered(make), "task")


@acts("eager_factory", "eager", "number", weight=2)
def eager_factory(machine, words):
    on = int(words[0]) % 2 == 1
    machine.loop.set_task_factory(asyncio.eager_task_factory if on else None)


@acts("name", "tasks", "thing number", weight=1)
def name(machine, words):
    thing = machine.thing(words[0])
    if thing and thing.kind == "task":
        thing.future.set_name(f"n{words[1]}")
        machine.log("name " + thing.future.get_name())
