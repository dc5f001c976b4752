"""Futures that the program completes itself, and asking any of them for what it has."""

from .registry import acts


@acts("future", "futures", weight=4)
def future(machine, words):
    machine.add(machine.loop.create_future(), "future")


@acts("set", "futures", "thing number", weight=4, callback=4)
def set_result(machine, words):
    thing = machine.thing(words[0])
    if thing and thing.kind == "future":
        thing.future.set_result(int(words[1]))


@acts("fail", "futures", "thing number", weight=2, callback=2)
def set_exception(machine, words):
    from machine import Failed

    thing = machine.thing(words[0])
    if thing and thing.kind == "future":
        thing.future.set_exception(Failed(f"f{words[1]}"))


@acts("result", "futures", "thing", weight=1, callback=1)
def result(machine, words):
    if thing := machine.number(words[0]):
        machine.log(f"result {thing.future.result()}")


@acts("exception", "futures", "thing", weight=1)
def exception(machine, words):
    if thing := machine.number(words[0]):
        error = thing.future.exception()
        machine.log("exception " + (machine.describe(error) if error else "none"))
