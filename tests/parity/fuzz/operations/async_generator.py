"""Async generators: a body as one, in which the operation "yield" yields."""

from .registry import acts, waits


class Generators:
    def __init__(self):
        self.all = []


async def generator(machine, index):
    body = machine.bodies[index % len(machine.bodies)]
    machine.log(f"generator {index} begins")
    try:
        for operation in body.operations:
            if operation.words[0] == "return":
                break
            if operation.words[0] == "yield":
                yield int(operation.words[1])
            else:
                await machine.guarded(operation)
    finally:
        machine.log(f"generator {index} ends")


def generator_at(machine, word):
    every = machine.state(Generators).all
    return every[int(word) % len(every)] if every else None


@acts("yield", "async_generator", "number", weight=12)
def give(machine, words):
    """Only generators yield."""


@acts("gen", "async_generator", "body", weight=6)
def make(machine, words):
    machine.state(Generators).all.append(generator(machine, int(words[0])))


@waits("gen.next", "async_generator", "which", weight=8)
async def advance(machine, words):
    if one := generator_at(machine, words[0]):
        value = await anext(one, None)
        machine.log("no more" if value is None else f"next {value}")


@waits("gen.for", "async_generator", "body", weight=6)
async def loop_over(machine, words):
    async for value in generator(machine, int(words[0])):
        machine.log(f"item {value}")
    machine.log("no more")


@waits("gen.close", "async_generator", "which", weight=2)
async def close(machine, words):
    if one := generator_at(machine, words[0]):
        await one.aclose()
        machine.log("closed")
