"""What a loop's tasks do, told to the core's trace.

The core tells of handles, timers and turns itself. What is told here follows from three moments: something is scheduled, a handle
runs, a future is set. The order of the events is that of the C++ library.
"""

import asyncio
import threading
from asyncio import futures, tasks, timeouts

from . import handles, places
from .awaited import awaited_at, kind_made_by

# What sets a future when a call in a thread has returned. asyncio: futures._chain_future
_RETURNS = next(code for code in futures._chain_future.__code__.co_consts if getattr(code, "co_name", "") == "_set_state")
_STEPS = {"task_wakeup", "__step", "__wakeup", "_Task__step", "_Task__wakeup"}


class TracedHandle(asyncio.Handle):
    __slots__ = ("number",)

    def cancel(self):
        if not self._cancelled and self._loop._handles.pop(self.number, None) is not None:
            self._loop._core.cancel(self.number)
        super().cancel()


TracedHandle.__name__ = TracedHandle.__qualname__ = "Handle"


def stepped_task(callback):
    """The task that `callback` resumes, or None."""
    owner = getattr(callback, "__self__", None)
    if not isinstance(owner, asyncio.Task):
        return None
    if type(callback).__name__ == "TaskStepMethWrapper" or getattr(callback, "__name__", "") in _STEPS:
        return owner
    return None


def _is_return(callback):
    return getattr(callback, "__code__", None) is _RETURNS


def _is_timeout(callback):
    # wait_for() has timers of its own before Python 3.12.
    return isinstance(getattr(callback, "__self__", None), timeouts.Timeout) or callback is getattr(tasks, "_release_waiter", ())


def describe(error):
    text = str(error)
    name = type(error).__qualname__
    return f"{name}: {text}" if text else name


class LoopTrace:
    def __init__(self, loop, core, registry):
        self._loop = loop
        self._core = core
        self._registry = registry
        self._known = set()  # numbers of the tasks that the trace has been told of and that are not done
        self._running = 0  # the handle
        self._stepping = None  # the task whose step runs
        self._told_suspended = False
        self._calls = 0  # the number of the calls in threads, once there was one
        self._calls_out = 0

    # -- Something is scheduled

    def call_soon(self, callback, args, context, threadsafe=False):
        loop = self._loop
        handle = TracedHandle(callback, args, loop, context)
        with loop._scheduling:
            self.note_soon(callback, args, threadsafe)
            handle.number = loop._soon()
            loop._handles[handle.number] = handle
        return handle

    def note_soon(self, callback, args, threadsafe):
        task = stepped_task(callback)
        if task is not None:
            self._note_step(task, args)
            return
        by = "" if self._is_loops_thread() else "thread"
        if _is_return(callback):
            self._core.note("executor", 0, by, 0, *places.NOWHERE)
            return
        ended = args[0] if len(args) == 1 and futures.isfuture(args[0]) and args[0].done() else None
        if ended is None:
            place = places.caller()
            if place is places.NOWHERE:
                place = places.of_callback(callback)
            label = "timeout" if _is_timeout(callback) else "threadsafe" if threadsafe else "callback"
            self._core.note(label, 0, by, 0, *place)
        else:
            self._tell_done(ended)
            self._core.note("done_callback", 0, *self._cause_of(ended), *places.NOWHERE)

    def _note_step(self, task, args):
        number = self._number(task)
        if args:  # what it waited for has ended
            self._tell_done(args[0])
            if task is self._stepping:
                self._tell_suspended(task, args[0])
            self._core.note("task_wakeup", number, *self._cause_of(args[0]), *places.NOWHERE)
        elif task is self._stepping:  # sleep(0)
            self._tell_suspended(task, None)
            self._core.note("task_step", number, "yield", 0, *places.NOWHERE)
        else:
            self._core.note("task_step", number, "", 0, *places.NOWHERE)

    def note_timer(self, timer):
        args = timer._args
        if timer._callback is futures._set_result_unless_cancelled and args:
            args[0].timer = timer
            self._core.note("sleep", 0, "", 0, *places.caller())
        else:
            self._core.note("timeout" if _is_timeout(timer._callback) else "timer", 0, "", 0, *places.caller())

    def note_ready(self, handle, label):
        """`label`: "io_ready" or "signal"."""
        self._core.note(label, 0, "", 0, *places.of_callback(handle._callback))

    # -- A handle runs
    #
    # A failed coroutine's traceback keeps these frames alive, so none of them may go on to hold the task: it would not be known
    # that nobody else does. asyncio: Handle._run, `self = None`

    def run(self, handle, number):
        task = stepped_task(handle._callback)
        self._running = number
        try:
            if task is None:
                self._call(handle)
            else:
                self._step(task, handle)
        finally:
            self._running = 0
            handle = task = None

    @places.runs_handles
    def _call(self, handle):
        if _is_return(handle._callback):
            self._call_returned(handle._args[0])
        try:
            handle._context.run(handle._callback, *handle._args)
        except (SystemExit, KeyboardInterrupt) as error:
            self._core.raised(describe(error))
            raise
        except BaseException as error:
            handles.report(handle, error)
            self._core.raised(describe(error))
        finally:
            handle = None

    def _step(self, task, handle):
        self._core.step_begin(self._number(task), self._thrown(task, handle._args), *places.beginning(task.get_coro()))
        self._stepping = task
        self._told_suspended = False
        try:
            self._call(handle)
        finally:
            self._stepping = None
            if task.done():
                self._tell_done(task)
            elif not self._told_suspended:
                self._tell_suspended(task, task._fut_waiter)
            handle = task = None

    def _thrown(self, task, args):
        if task._must_cancel:
            return "CancelledError"
        ended = args[0] if args else None
        if ended is None:
            return ""
        if ended.cancelled():
            return "CancelledError"
        error = ended._exception
        return "" if error is None else type(error).__qualname__

    def _tell_suspended(self, task, awaited):
        self._told_suspended = True
        suspended = places.Suspended(task.get_coro())
        number = self._registry.number_task(task)
        if awaited is None:
            self._core.suspended(number, "yield", 0, 0, None, 0, "", suspended.text())
            return
        kind, resource, op = awaited_at(awaited, suspended, self._registry)
        timer = getattr(awaited, "timer", None) if kind == "sleep" else None
        handle, when = (timer.number, timer.when()) if timer is not None else (0, None)
        of = self._registry.number_future(awaited)
        self._core.suspended(number, kind, of, handle, when, resource, op, suspended.text())

    # -- Tasks

    def _number(self, task):
        """The task's number; tells of a task that the trace does not know yet."""
        number = self._registry.number_task(task)
        if number not in self._known:
            self._known.add(number)
            parent = asyncio.current_task(self._loop)
            parent = 0 if parent is None else self._registry.number_task(parent)
            name = places.given_name() or task.get_name()
            coro = places.coroutine_name(task.get_coro())
            self._core.task_created(number, name, coro, parent, *places.caller())
        return number

    def _tell_done(self, future):
        """In C++ a task tells that it is done before those who wait for it are scheduled."""
        if not isinstance(future, asyncio.Task):
            return
        number = self._registry.number_task(future)
        if number not in self._known or not future.done():
            return
        self._known.discard(number)
        outcome, value, error, place = "result", None, "", places.NOWHERE
        if future.cancelled():
            outcome = "cancelled"
        elif future._exception is not None:
            outcome, error = "exception", describe(future._exception)
            place = places.thrown(future._exception)
        else:
            value = value_text(future._result)
        self._core.task_done(number, outcome, value, error, *place)

    def cancel_requested(self, task):
        self._core.cancel_requested(self._number(task), *self._cause_now(), *places.caller())

    def uncancelled(self, task, left):
        self._core.uncancelled(self._number(task), left, *places.caller())

    # -- Futures

    def future_created(self, future):
        function = places.library_function(3)
        if function is not None:  # made for asyncio's own use: a reader did not write it
            future.kind = kind_made_by(function)
        else:
            self._core.future_created(future.number, "future", "", *places.caller())

    def gather_created(self, future, children):
        lines = [f"{kind}\t{number}" for kind, number in map(self._cause_of, children)]
        self._core.future_created(future.number, "gather", "\n".join(lines), *places.caller())

    def future_done(self, future, outcome, error):
        self._core.future_done(future.number, outcome, *self._cause_now(), error, *places.caller())

    def future_done_by(self, future, exception):
        if isinstance(exception, type):
            exception = exception()
        self.future_done(future, "exception", describe(exception))

    # -- Locks, queues, groups ...: resources.py says what their state is

    def resource(self, number, type, op, state, item, place=None):
        value, limit, when = state.get("value"), state.get("limit"), state.get("when")
        waiters = state.get("waiters", 0)
        self._core.resource(number, type, op, state["state"], value, limit, waiters, *self._cause_now(), when, item, *(place or places.caller()))

    # -- Calls in threads, which are one resource of the loop

    def call_submitted(self, future):
        first = not self._calls
        if first:
            self._calls = self._registry.new_resource()
        future._loopscope_calls = self._calls
        self._calls_out += 1
        for op in ("created", "submitted") if first else ("submitted",):
            self._tell_calls(op)

    def _call_returned(self, future):
        if getattr(future, "_loopscope_calls", 0):  # others are wrapped by the program
            self._calls_out -= 1
            self._tell_calls("returned")

    def _tell_calls(self, op):
        out = self._calls_out
        self.resource(self._calls, "executor", op, {"state": "1 call" if out == 1 else f"{out} calls", "value": out}, None)

    # -- Causes

    def _is_loops_thread(self):
        return self._loop._thread_id in (None, threading.get_ident())

    def _cause_now(self):
        if not self._is_loops_thread():
            return "", 0
        if (task := asyncio.current_task(self._loop)) is not None:
            return "task", self._registry.number_task(task)
        return ("handle", self._running) if self._running else ("", 0)

    def _cause_of(self, future):
        kind = "task" if isinstance(future, asyncio.Task) else "future"
        return kind, self._registry.number_future(future)

    # -- Messages

    def log_exception(self, context):
        lines = [context.get("message") or "Unhandled exception in event loop"]
        about = context.get("task") or context.get("future") or context.get("handle")
        if about is not None:
            lines.append(repr(about))
        if (error := context.get("exception")) is not None:
            lines.append(describe(error))
        self._core.log("error", "\n".join(lines))


def value_text(value):
    """The text of a result: of what has the same text everywhere."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, str)):
        return str(value)
    return None
