"""What every program is made of: waiting, other bodies, tasks, cancellation."""

import asyncio
import time

from .registry import acts, waits


@waits("sleep", "core", "delay", weight=12)
async def sleep(machine, words):
    await asyncio.sleep(machine.delay(words[0]))
    machine.log("slept")


@waits("call", "core", "body", weight=4)
async def call(machine, words):
    machine.log(f"called {await machine.body(int(words[0]))}")


@waits("await", "core", "thing", weight=12)
async def await_thing(machine, words):
    thing = machine.thing(words[0])
    # After a task has awaited itself, CPython refuses every other await of it, too.
    if thing and thing.future is not asyncio.current_task():
        machine.log(f"got {machine.text(await thing.future)}")


@waits("await_self", "core", weight=0)
async def await_self(machine, words):
    await asyncio.current_task()


@acts("spawn", "core", "body", weight=9, callback=2)
def spawn(machine, words):
    body = machine.body(int(words[0]))
    machine.add(machine.loop.create_task(body, name=f"t{len(machine.things)}"), "task")


@acts("cancel", "core", "thing message", weight=7, callback=5)
def cancel(machine, words):
    if thing := machine.thing(words[0]):
        message = [f"c{words[1]}"] if len(words) > 1 else []
        machine.log(f"cancel {int(thing.future.cancel(*message))}")


@acts("state", "core", "thing", weight=2, callback=1)
def state(machine, words):
    if thing := machine.thing(words[0]):
        future = thing.future
        if not future.done():
            machine.log("state pending")
        elif future.cancelled():
            machine.log("state cancelled")
        else:
            machine.log("state " + machine.text(future.exception() or future.result()))


@acts("log", "core", "number", weight=3, callback=4)
def log(machine, words):
    machine.log(f"log {words[0]}")


@acts("raise", "core", "number", weight=2, callback=2)
def fail(machine, words):
    from machine import Failed

    raise Failed(f"e{words[0]}")


@acts("return", "core", "number", weight=1)
def give_back(machine, words):
    raise AssertionError("a body looks for this one itself")


@acts("block", "core", "pause", weight=1)
def block(machine, words):
    time.sleep(int(words[0]) * 0.1)


@acts("stop", "core", weight=0.1, callback=0.1)
def stop(machine, words):
    # By then it is asyncio's own tasks that run, of which there are none here without generators and threads.
    if not machine.loop.shutting_down:
        machine.loop.stop()
