"""Runs a program of the differential test on CPython's asyncio: the other half of interpreter.cpp."""

import asyncio
import sys
import time

MOST_OPERATIONS = 250  # of all bodies together: programs may call themselves
UNIT = 0.1


class Failed(Exception):
    pass


class Incomparable(Exception):
    """This CPython cannot be the oracle for the program; the text says why."""


_reasons = set()


def describe(error):
    if isinstance(error, RecursionError):
        _reasons.add("cancels tasks that wait for each other in a circle: RecursionError")
    if isinstance(error, (Failed, asyncio.CancelledError)):
        return " ".join([type(error).__name__, str(error)]).rstrip()
    return type(error).__name__


def text(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(text, value)) + "]"
    return describe(value) if isinstance(value, BaseException) else str(value)


class Interpreter:
    def __init__(self, program):
        self.bodies = program.bodies
        self.lines = []
        self.closed = False
        self.operations = 0
        self.things = []
        self.handles = []
        self.registrations = []

    async def main(self):
        self.loop = asyncio.get_running_loop()
        self.start = self.loop.time()
        self.loop.set_exception_handler(self.on_exception)
        return await self.body(0)

    def on_exception(self, loop, context):
        if context["message"].startswith("Exception in callback"):
            self.log("handler " + describe(context["exception"]))

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
            self.log(f"leave {index} {describe(failure)}")
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
            self.log("caught " + describe(error))
            if not operation.survives_cancellation:
                raise
        except Exception as error:
            self.log("caught " + describe(error))
            if not operation.survives_errors:
                raise

    async def perform(self, words):
        if words[0] == "sleep":
            await asyncio.sleep(int(words[1]) * UNIT)
            self.log("slept")
        elif words[0] == "call":
            self.log(f"called {await self.body(int(words[1]))}")
        elif words[0] == "await":
            # After a task has awaited itself, CPython refuses every other await of it, too.
            if (thing := self.thing(words[1])) not in (None, asyncio.current_task()):
                self.log(f"got {text(await thing)}")
        elif words[0] == "await_self":
            await asyncio.current_task()
        else:
            self.act(words)

    # What needs no waiting, and so can be a callback, too

    def act(self, words):
        name, *rest = words
        if name == "log":
            self.log(f"log {rest[0]}")
        elif name == "raise":
            raise Failed(f"e{rest[0]}")
        elif name == "block":
            time.sleep(int(rest[0]) * UNIT)
        elif name == "spawn":
            task = self.loop.create_task(self.body(int(rest[0])), name=f"t{len(self.things)}")
            self.things.append(task)
        elif name == "future":
            self.things.append(self.loop.create_future())
        elif name in ("gather", "gather_list"):
            self.gather(rest)
        elif name == "soon":
            self.handles.append(self.loop.call_soon(self.action(rest)))
        elif name == "threadsafe":
            self.loop.call_soon_threadsafe(self.action(rest))
        elif name == "later":
            delay = int(rest[0]) * UNIT
            self.handles.append(self.loop.call_later(delay, self.action(rest[1:])))
        elif name == "drop":
            if self.handles:
                self.handles[int(rest[0]) % len(self.handles)].cancel()
        elif name == "undone":
            if self.registrations:
                thing, callback = self.registrations[int(rest[0]) % len(self.registrations)]
                self.log(f"undone {thing.remove_done_callback(callback)}")
        elif name == "tasks":
            self.log(f"tasks {len(asyncio.all_tasks(self.loop))}")
        elif name == "stop":
            self.loop.stop()
        elif (thing := self.thing(rest[0])) is not None:
            self.act_on_thing(name, thing, rest[1:])

    def act_on_thing(self, name, thing, rest):
        plain = type(thing) is asyncio.Future
        if name == "cancel":
            message = [f"c{rest[0]}"] if rest else []
            self.log(f"cancel {int(thing.cancel(*message))}")
        elif name == "cancelling":
            if isinstance(thing, asyncio.Task):
                self.log(f"cancelling {thing.cancelling()}")
        elif name == "state":
            self.log("state " + self.state(thing))
        elif name == "set":
            if plain:
                thing.set_result(int(rest[0]))
        elif name == "fail":
            if plain:
                thing.set_exception(Failed(f"f{rest[0]}"))
        elif name == "done":
            action = self.action(rest)

            def callback(_):
                action()

            thing.add_done_callback(callback)
            self.registrations.append((thing, callback))
        else:
            raise AssertionError("unknown operation: " + name)

    @staticmethod
    def state(thing):
        if not thing.done():
            return "pending"
        if thing.cancelled():
            return "cancelled"
        return text(thing.exception() or thing.result())

    def gather(self, words):
        """ "keep 2 b1": of the third thing and a new coroutine of body 1."""
        arguments = []
        for word in words[1:]:
            if word[0] == "b":
                arguments.append(self.body(int(word[1:])))
            elif (thing := self.thing(word)) is not None and not is_gather(thing):
                arguments.append(thing)
        if sys.version_info < (3, 12) and any(one.done() for one in arguments if is_future(one)):
            _reasons.add("gathers what is done: a turn more in CPython 3.11")
        if arguments:
            gathered = asyncio.gather(*arguments, return_exceptions=words[0] == "keep")
            self.things.append(gathered)

    def action(self, words):
        def run():
            if self.spend():
                self.act(words)

        return run

    # Arguments

    def thing(self, word):
        return self.things[int(word) % len(self.things)] if self.things else None

    def spend(self):
        self.operations += 1
        return self.operations <= MOST_OPERATIONS

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


def is_future(thing):
    return isinstance(thing, asyncio.Future)


def is_gather(thing):
    return type(thing) is asyncio.tasks._GatheringFuture


def run(program):
    """The log of a program, as interpreter.cpp writes it. Throws Incomparable."""
    interpreter = Interpreter(program)
    _reasons.clear()
    try:
        end = f"value {asyncio.run(interpreter.main())}"
    except (Exception, asyncio.CancelledError) as error:
        end = describe(error)
    interpreter.closed = True
    if _reasons:
        raise Incomparable(min(_reasons))
    return [*interpreter.lines, "end " + end]
