"""Context variables: two of them, seen from tasks and callbacks, and contexts that are asked for by hand."""

import asyncio
import contextvars

from .registry import acts

VARIABLES = [contextvars.ContextVar("v0", default=0), contextvars.ContextVar("v1")]


class Contexts:
    def __init__(self):
        self.tokens = []
        self.copies = []


@acts("var.set", "context", "which number", weight=8, callback=3)
def set_variable(machine, words):
    which = int(words[0]) % 2
    machine.state(Contexts).tokens.append((which, VARIABLES[which].set(int(words[1]))))


def variable_text(which):
    return f"v{which} is {VARIABLES[which].get(-1)}"


def variables_text():
    """What they are in the current context."""
    return variable_text(0) + ", " + variable_text(1)


@acts("var.get", "context", "which", weight=8, callback=4)
def get(machine, words):
    machine.log(variable_text(int(words[0]) % 2))


@acts("var.reset", "context", "number", weight=3, callback=1)
def reset(machine, words):
    if tokens := machine.state(Contexts).tokens:
        which, token = tokens[int(words[0]) % len(tokens)]
        VARIABLES[which].reset(token)


@acts("context.copy", "context", weight=2)
def copy(machine, words):
    machine.state(Contexts).copies.append(contextvars.copy_context())


def context_at(machine, word):
    copies = machine.state(Contexts).copies
    return copies[int(word) % len(copies)] if copies else contextvars.copy_context()


@acts("context.mine", "context", weight=2)
def mine(machine, words):
    if (task := asyncio.current_task()) and len(machine.state(Contexts).copies) < 10:
        machine.state(Contexts).copies.append(task.get_context())


@acts("context.run", "context", "number action", weight=4, callback=1)
def run(machine, words):
    context_at(machine, words[0]).run(machine.action(words[1:]))


@acts("context.soon", "context", "number action", weight=3)
def soon(machine, words):
    machine.loop.call_soon(machine.action(words[1:]), context=context_at(machine, words[0]))


@acts("context.spawn", "context", "number body", weight=4)
def spawn(machine, words):
    body = machine.body(int(words[1]))
    name = f"t{len(machine.things)}"
    context = context_at(machine, words[0])
    machine.add(machine.loop.create_task(body, name=name, context=context), "task")
