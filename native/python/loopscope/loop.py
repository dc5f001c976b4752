"""The loop class: asyncio's BaseEventLoop on our core.

Ready queue, timers, clock and turns are the core's (core.py says how it is asked); tasks, futures, transports and the rules for
running and closing are asyncio's own. CoreLoop runs anywhere; the native twin adds the selector (selector_loop.py).
"""

import _thread
import asyncio
import functools
import types
from asyncio import base_events, futures, tasks

from . import core as cores
from .bent import Bendable
from .handles import TimerHandle
from .places import without_us
from .registry import Registry
from .tracing import LoopTrace
from .tracked import TrackedFuture, TrackedTask

# What ours derive from. A program that puts others in their place gets those.
_Future, _Task = futures.Future, tasks.Task
_TASK_OPTIONS = {"name", "context", "eager_start"}


class DeadlockError(RuntimeError):
    """The loop would wait for ever: nothing is ready and no timer is set. Only the virtual clock can tell."""


class CoreLoop(Bendable):
    def __init__(self, selector=None):
        # Where asyncio's own takes a selector, ours takes it too, and has its core.
        if selector is not None:
            selector.close()
        self._use(cores.new_core())
        super().__init__()
        if self._core.debug:
            self.set_debug(True)
        self._finish()

    def _finish(self):
        self._whole = True
        self._look_for_overrides()

    def _use(self, core):
        self._core = core
        self._handles = {}  # what is scheduled, by its number in the core
        # Held while something gets its number and is put there, for the loop's thread may be given the number at once.
        self._scheduling = _thread.RLock()
        self._soon, self._at, self._next = core.call_soon, core.call_at, core.next
        self._now, self._begin_turn, self._collect = core.now, core.begin_turn, core.collect
        # Who is who, where somebody wants to know: in the trace, and in what a deadlock says.
        self._registry = Registry(core) if core.traced or core.virtual else None
        self._trace = LoopTrace(self, core, self._registry) if core.traced else None

    # -- Scheduling

    def time(self):
        return self._now()

    def call_soon(self, callback, *args, context=None):
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_soon")
        return without_us(self._call_soon(callback, args, context))

    def _call_soon(self, callback, args, context):
        if self._trace is not None:
            return self._trace.call_soon(callback, args, context, threadsafe=False)
        if self._bent:
            return super()._call_soon(callback, args, context)
        handle = asyncio.Handle(callback, args, self, context)
        with self._scheduling:
            self._handles[self._soon()] = handle
        return handle

    def call_soon_threadsafe(self, callback, *args, context=None):
        # Here, because from Python 3.14 on asyncio's own puts the handle into a queue that we do not have.
        self._check_closed()
        if self._debug:
            self._check_callback(callback, "call_soon_threadsafe")
        if self._trace is not None:
            handle = self._trace.call_soon(callback, args, context, threadsafe=True)
        else:
            handle = self._call_soon(callback, args, context)
        self._write_to_self()
        return without_us(handle)

    def call_at(self, when, callback, *args, context=None):
        if self._bent:
            return without_us(super().call_at(when, callback, *args, context=context))
        if when is None:
            raise TypeError("when cannot be None")
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_at")
        timer = without_us(TimerHandle(when, callback, args, self, context))
        timer._scheduled = True
        with self._scheduling:
            if self._trace is not None:
                self._trace.note_timer(timer)
            timer.number = self._at(when)
            self._handles[timer.number] = timer
        return timer

    def _timer_handle_cancelled(self, handle):
        if self._bent:
            super()._timer_handle_cancelled(handle)
        elif self._handles.pop(handle.number, None) is not None:
            self._core.cancel(handle.number)

    def _add_callback(self, handle):
        # A descriptor became ready; its handle is scheduled as often as that happens.
        if self._bent:
            return super()._add_callback(handle)
        self._schedule_again(handle, "io_ready")

    def _schedule_again(self, handle, label):
        if handle._cancelled:
            return
        with self._scheduling:
            if self._trace is not None:
                self._trace.note_ready(handle, label)
            self._handles[self._soon()] = handle

    def _add_callback_signalsafe(self, handle):
        if self._trace is not None:
            self._schedule_again(handle, "signal")
        else:
            self._add_callback(handle)
        self._write_to_self()

    def _write_to_self(self):
        self._core.wake()

    def _process_events(self, event_list):
        pass

    # -- Running

    def run_forever(self):
        self._check_closed()
        self._check_running()
        self._look_for_overrides()
        self._core.loop_start()
        try:
            super().run_forever()
        finally:
            self._core.loop_stop()

    def run_until_complete(self, future):
        if self._trace is None or not self._is_idle_shutdown(future):
            return super().run_until_complete(future)
        # asyncio.run() runs these two at its end, whether there is something to do or not. A reader has not written them.
        self._core.mute(True)
        try:
            return super().run_until_complete(future)
        finally:
            self._core.mute(self._bent)

    def _is_idle_shutdown(self, future):
        name = getattr(getattr(future, "cr_code", None), "co_name", "")
        return (name == "shutdown_asyncgens" and not self._asyncgens) or (
            name == "shutdown_default_executor" and self._default_executor is None
        )

    def _run_once(self):
        if self._bent:
            return self._run_bent_turn()
        wait = self._begin_turn(self._stopping)
        if wait:
            self._wait(wait)
            self._collect()
        next_number, handles, scheduling = self._next, self._handles, self._scheduling
        while number := next_number():
            with scheduling:
                handle = handles.pop(number, None)
            if handle is None or handle._cancelled:  # None: another thread cancels it at this moment
                continue
            if self._trace is not None and self._debug:
                self._watched(handle, self._trace.run, handle, number)
            elif self._trace is not None:
                self._trace.run(handle, number)
            elif self._debug:
                self._run_watched(handle)
            else:
                handle._run()
        handle = None  # or it would live as long as the wait that follows

    def _wait(self, seconds):
        if seconds == cores.DEADLOCK or self._core.wait(seconds) == cores.DEADLOCK:
            self._deadlock()

    def _deadlock(self):
        raise DeadlockError(self._registry.deadlock_text(self))

    def _run_watched(self, handle):
        self._watched(handle, handle._run)
        handle = None

    def _watched(self, handle, run, *args):
        """Debug mode: warns of a callback that takes long."""
        self._current_handle = handle
        begin = self.time()
        try:
            run(*args)
        finally:
            self._current_handle = None
        took = self.time() - begin
        if took >= self.slow_callback_duration:
            name = base_events._format_handle(handle)
            base_events.logger.warning("Executing %s took %.3f seconds", name, took)
        handle = run = args = None  # see tracing.py: a traceback may keep this frame

    def close(self):
        closed = self._closed
        super().close()  # raises where the loop runs
        if not closed:
            self._handles.clear()
            self._core.close()

    # -- Tasks and futures

    def create_future(self):
        if self._registry is None or futures.Future is not _Future:
            return super().create_future()
        return without_us(TrackedFuture(loop=self))

    @functools.wraps(asyncio.BaseEventLoop.create_task)
    def create_task(self, coro, **options):
        as_asyncio = self._registry is None or self._task_factory is not None or tasks.Task is not _Task
        if as_asyncio or not options.keys() <= _TASK_OPTIONS:
            task = super().create_task(coro, **options)
            return without_us(task) if isinstance(task, futures.Future) else task
        self._check_closed()
        return without_us(TrackedTask(coro, loop=self, **options))

    def run_in_executor(self, executor, func, *args):
        future = super().run_in_executor(executor, func, *args)
        if self._trace is not None:
            self._trace.call_submitted(future)
        return future

    def default_exception_handler(self, context):
        if self._trace is not None:
            self._trace.log_exception(context)
        super().default_exception_handler(context)


def named(loop_class):
    """The loop class as programs know it."""
    loop_class.know()
    loop_class.__name__ = loop_class.__qualname__ = "EventLoop"
    loop_class.__module__ = "loopscope"
    loop_class.__doc__ = "asyncio's loop on Loopscope's core."
    for method in vars(CoreLoop).values():
        # Errors of a call that is wrong name the method as asyncio's do.
        if isinstance(method, types.FunctionType) and hasattr(asyncio.BaseEventLoop, method.__name__):
            method.__qualname__ = f"BaseEventLoop.{method.__name__}"
    return loop_class
