"""python3 traced_program.py FILE TRACE: the same as run_program.py, and writes to TRACE what the program's tasks do.

Queues, timers and turns are CPython's own. What is told of them, and in which words, is what the tracer of Python programs
(native/python/loopscope) tells anywhere: here it hears of each handle that CPython schedules and runs.
"""

import asyncio
import json
import os
import runpy
import sys
import time

for folder in "../../../native/python", "../fuzz":
    sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), folder))

import versions
import virtual_loop

from loopscope import output, telling, tracked
from loopscope.registry import Registry
from loopscope.tracing import LoopTrace


class Recorder:
    """What a loop's core does with what it is told (loopscope/core.py), as far as it is about tasks: a line of JSON for each event."""

    traced = True

    def __init__(self, file):
        self._file = file
        self._muted = False
        self._counts = {}
        self._noted = None
        self._parts = {"stdout": "", "stderr": ""}  # lines that are not complete

    def number(self, of):
        self._counts[of] = self._counts.get(of, 0) + 1
        return self._counts[of]

    def new_task(self):
        return self.number("task")

    def new_future(self):
        return self.number("future")

    def new_resource(self):
        return self.number("resource")

    def mute(self, on):
        self._muted = on

    def note(self, label, task, by, by_id, *place):
        self._noted = (task, by, by_id)

    def scheduled(self):
        """The number of the handle that was noted."""
        self.end_lines()
        task, by, by_id = self._noted
        if task and by:
            self._write("task_wakeup", task=task, by={"kind": by, "id": by_id})
        return self.number("handle")

    def output(self, stream, text, *place):
        *lines, self._parts[stream] = (self._parts[stream] + text).split("\n")
        for line in lines:
            self._write("output", stream=stream, text=line + "\n")

    def end_lines(self):
        for stream, text in self._parts.items():
            if text:
                self._parts[stream] = ""
                self._write("output", stream=stream, text=text)

    def task_created(self, task, name, coro, parent, *place):
        self._tell("task_created", task=task, name=name, parent=parent)

    def suspended(self, task, kind, of, handle, when, resource, op, stack):
        awaiting = {"kind": kind, "id": of, "resource": resource, "op": op}
        if when is not None:
            awaiting["when"] = virtual_loop.nanoseconds(when)
        self._tell("task_suspended", task=task, awaiting={key: value for key, value in awaiting.items() if value})

    def cancel_requested(self, task, by, by_id, *place):
        self._tell("task_cancel_requested", task=task, by={"kind": by or "outside", "id": by_id})

    def task_done(self, task, outcome, value, error, *place):
        self._tell("task_done", task=task, outcome=outcome, **({"error": error} if error else {}))

    def resource(self, number, type, op, state, value, limit, waiters, by, by_id, when, item, *place):
        told = {"id": number, "type": type, "op": op, "state": state, "waiters": waiters, "by": {"kind": by or "outside", "id": by_id}}
        if when is not None:
            told["when"] = virtual_loop.nanoseconds(when)
        if item is not None:
            told["item"] = item
        self._tell("resource", **told)

    def other(self, *_):
        self.end_lines()

    step_begin = uncancelled = future_created = future_done = log = raised = other

    def _tell(self, kind, **told):
        self.end_lines()
        self._write(kind, **told)

    def _write(self, kind, **told):
        if not self._muted:
            json.dump({"t": virtual_loop.now(), "kind": kind, **told}, self._file, ensure_ascii=False)
            self._file.write("\n")


def _run(handle):
    trace, core, number = handle._loop._trace, handle._loop._core, handle.number
    trace.run(handle, number)
    core.end_lines()
    handle = None  # see tracing.py: a traceback may keep this frame


class _Handle(asyncio.Handle):
    __slots__ = ("number",)
    _run = _run


class _TimerHandle(virtual_loop.OrderedTimerHandle):
    __slots__ = ("number",)
    _run = _run


class _ReadyHandle:
    """The handle of a descriptor or a signal, each time that it is scheduled."""

    def __init__(self, handle, number):
        self._handle = handle
        self._number = number

    @property
    def _cancelled(self):
        return self._handle._cancelled

    def _run(self):
        loop = self._handle._loop
        loop._trace.run(self._handle, self._number)
        loop._core.end_lines()


class TracedLoop(virtual_loop.VirtualLoop):
    recorder = None

    def __init__(self):
        super().__init__()
        self._core = self.recorder
        self._registry = Registry(self._core)
        self._trace = LoopTrace(self, self._core, self._registry)

    def _call_soon(self, callback, args, context):
        handle = _Handle(callback, args, self, context)
        self._trace.note_soon(callback, args, threadsafe=False)
        handle.number = self._core.scheduled()
        self._ready.append(handle)
        return handle

    def _add_callback(self, handle):
        if not handle._cancelled:
            self._trace.note_ready(handle, "io_ready")
            self._ready.append(_ReadyHandle(handle, self._core.scheduled()))

    def call_at(self, when, callback, *args, context=None):
        timer = super().call_at(when, callback, *args, context=context)
        self._trace.note_timer(timer)
        timer.number = self._core.scheduled()
        return timer

    def create_future(self):
        future = tracked.TrackedFuture(loop=self)
        self._future_numbers[future] = next(self._numbers)
        return future

    def create_task(self, coro, **options):
        if self._task_factory is not None:
            return super().create_task(coro, **options)
        return self.numbered(lambda: tracked.TrackedTask(coro, loop=self, **options))

    def run_until_complete(self, future):
        name = getattr(getattr(future, "cr_code", None), "co_name", "")
        result = None
        self._core.mute(name in ("shutdown_asyncgens", "shutdown_default_executor") and self._idle(name))
        try:
            result = super().run_until_complete(future)
        finally:
            self._core.mute(False)
        return result

    def _idle(self, shutdown):
        return not self._asyncgens if shutdown == "shutdown_asyncgens" else self._default_executor is None


class _Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        return TracedLoop()


def install(file):
    virtual_loop.install()
    recorder = TracedLoop.recorder = Recorder(file)
    asyncio.set_event_loop_policy(_Policy())
    asyncio.events.TimerHandle = _TimerHandle
    tracked.install()
    telling.install()
    output.capture(recorder)
    pass_time = time.sleep

    def sleep(seconds):
        recorder.end_lines()
        pass_time(seconds)

    time.sleep = sleep
    return recorder


def main(path, trace):
    file = open(trace, "w", encoding="utf-8", buffering=1)  # never closed: what dies with the interpreter is told, too
    file.write('{"schema":"loopscope.tasks","host":{"twin":"cpython"}}\n')
    recorder = install(file)
    sys.argv = [path]
    try:
        runpy.run_path(path, run_name="__main__")
    finally:
        recorder.end_lines()


if __name__ == "__main__":
    versions.run_in_the_newest()
    main(*sys.argv[1:])
