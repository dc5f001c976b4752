"""What runs a program of the differential test on CPython's asyncio: the other half of machine.cpp.

It runs bodies, keeps what they make, and writes the log; what each operation does is in operations/.
"""

import asyncio
import re
import sys
from dataclasses import dataclass

import operations
from operations.context import variables_text

MOST_OPERATIONS = 250  # of all bodies together: programs may call themselves
UNIT = 0.1  # seconds


class Failed(Exception):
    """What programs throw."""


class Incomparable(Exception):
    """This CPython cannot be the oracle for the program; the text says why."""


@dataclass
class Thing:
    """Something to wait for that a program has made."""

    future: asyncio.Future
    kind: str  # "task", "future", "gather", "shield"


class Machine:
    def __init__(self, program):
        self.bodies = program.bodies
        self.lines = []
        self.closed = False
        self.operations = 0
        self.things = []
        self.incomparable = None
        self._states = {}

    async def main(self, index):
        self.loop = asyncio.get_running_loop()
        if index == 0:
            self.start = self.loop.time()
        self.loop.set_exception_handler(self._on_exception)
        return await self.body(index)

    def _on_exception(self, loop, context):
        if context["message"].startswith("Exception in callback"):
            self.log(f"handler {self.describe(context['exception'])}, {variables_text()}")
            if sys.version_info < (3, 12):
                self.incomparable = "raises in a callback: in CPython 3.11 its context does not reach the handler"

    def state(self, make):
        """What a file of operations keeps for this program; `make` is its class."""
        if make not in self._states:
            self._states[make] = make()
        return self._states[make]

    # Bodies

    async def body(self, index):
        body = self.bodies[index % len(self.bodies)]
        self.log(f"begin {index}")
        value = index
        try:
            for operation in body.operations:
                if operation.words[0] == "return":
                    value = int(operation.words[1])
                    break
                await self.guarded(operation)
        except (Exception, asyncio.CancelledError) as failure:
            self.log(f"leave {index} {self.describe(failure)}")
            for operation in body.cleanup:
                await self.guarded(operation)
            raise
        self.log(f"end {index}")
        return value

    async def guarded(self, operation):
        if not self.spend():
            return
        try:
            await self.perform(operation.words)
        except asyncio.CancelledError as error:
            self.log("caught " + self.describe(error))
            if not operation.survives_cancellation:
                raise
        except Exception as error:
            self.log("caught " + self.describe(error))
            if not operation.survives_errors:
                raise

    async def perform(self, words):
        operation = operations.ALL[words[0]]
        if operation.waits:
            await operation.run(self, words[1:])
        else:
            operation.run(self, words[1:])

    def action(self, words):
        """An operation that does not wait, as a callback."""

        def run():
            if self.spend():
                operations.ALL[words[0]].run(self, words[1:])

        return run

    # Arguments

    def thing(self, word):
        """Any number is an index: it counts round, from the end if it is negative."""
        return self.things[int(word) % len(self.things)] if self.things else None

    def add(self, future, kind):
        self.things.append(Thing(future, kind))

    def number(self, word):
        """The thing, if its result is a number."""
        thing = self.thing(word)
        return thing if thing and thing.kind != "gather" else None

    def awaitables(self, words):
        """ "2 b1": the third thing, if it gives a number, and a new coroutine of body 1."""
        for word in words:
            if word[0] == "b":
                yield self.body(int(word[1:]))
            elif thing := self.number(word):
                yield thing.future

    @staticmethod
    def delay(word):
        return None if word == "none" else int(word) * UNIT

    def spend(self):
        self.operations += 1
        return self.operations <= MOST_OPERATIONS

    # The log

    def end(self, run):
        """Runs a main coroutine and writes down how it ended."""
        try:
            end = f"value {run()}"
        except (Exception, asyncio.CancelledError) as error:
            end = self.describe(error)
        self.lines.append("end " + end)

    def log(self, message):
        if self.closed or self.loop.shutting_down:
            return
        try:
            task = asyncio.current_task()
        except RuntimeError:
            task = None
        who = task.get_name() if task else "callback"
        who = "task" if who.startswith("Task-") else who
        passed = round((self.loop.time() - self.start) * 1000)
        self.lines.append(f"{passed} {self.loop.turns} {who} {message}")

    def describe(self, error):
        """Type and message. What stands in <> speaks of addresses, a deadlock of tasks by number: left out."""
        if isinstance(error, RecursionError):
            self.incomparable = "cancels tasks that wait for each other in a circle: RecursionError"
        if isinstance(error, TypeError) and "weak reference to 'NoneType'" in str(error):
            # Until 3.13 a constructor that fails leaves a null among the eager tasks.
            self.incomparable = "begins an eager task in a context that is entered: TypeError"
        name = type(error).__name__
        if isinstance(error, BaseExceptionGroup):
            inner = "; ".join(map(self.describe, error.exceptions))
            return f"{name} {error} [{inner}]"
        words = "" if name == "DeadlockError" else re.sub("<.*>", "<>", str(error))
        return f"{name} {words}".rstrip()

    def text(self, value):
        if isinstance(value, list):
            return "[" + ", ".join(map(self.text, value)) + "]"
        return self.describe(value) if isinstance(value, BaseException) else str(value)


def run(program):
    """The log of a program, as machine.cpp writes it. Throws Incomparable."""
    machine = Machine(program)
    if program.runs == 1:
        machine.end(lambda: asyncio.run(machine.main(0)))
    else:
        runner = asyncio.Runner()
        for index in range(program.runs):
            machine.end(lambda: runner.run(machine.main(index)))
        machine.end(runner.close)
    machine.closed = True
    if machine.incomparable:
        raise Incomparable(machine.incomparable)
    return machine.lines
