"""Tasks and futures with a number, that tell what is done to them.

A loop that is traced, or that has the virtual clock, makes these instead of asyncio's. They are asyncio's in all respects, their
name included; they only report to the loop's registry and trace first.
"""

import asyncio
from asyncio import tasks

from .places import without_us


class TrackedTask(asyncio.Task):
    number = 0

    def __init__(self, coro, **options):
        super().__init__(coro, **options)
        self._loop._registry.number_task(self)

    def cancel(self, msg=None):
        trace = self._loop._trace
        if trace is not None and not self.done():
            trace.cancel_requested(self)
        return super().cancel(msg)

    def uncancel(self):
        requested = self.cancelling()
        left = super().uncancel()
        if requested > 0 and (trace := self._loop._trace) is not None and not self.done():
            trace.uncancelled(self, left)
        return left


class _Reporting:
    """What a future does when it is set, for classes that derive from asyncio.Future."""

    number = 0

    def set_result(self, result):
        if (trace := self._loop._trace) is not None and not self.done():
            trace.future_done(self, "result", "")
        super().set_result(result)

    def set_exception(self, exception):
        if (trace := self._loop._trace) is not None and not self.done():
            trace.future_done_by(self, exception)
        super().set_exception(exception)


class TrackedFuture(_Reporting, asyncio.Future):
    kind = "future"  # the trace's word for what it stands for
    timer = None  # the handle that ends it, for a sleep
    _loopscope_calls = 0  # the number of the loop's calls in threads, for one of them

    def __init__(self, *, loop):
        super().__init__(loop=loop)
        if self._source_traceback:
            del self._source_traceback[-2:]  # this function, and the loop's own
        loop._registry.number_future(self)
        if loop._trace is not None:
            loop._trace.future_created(self)

    def cancel(self, msg=None):
        if (trace := self._loop._trace) is not None and not self.done():
            trace.future_done(self, "cancelled", "")
        return super().cancel(msg)


class TrackedGather(_Reporting, tasks._GatheringFuture):
    """What gather() returns. Its cancel() is asyncio's: it cancels the children, and ends when they have."""

    def __init__(self, children, *, loop):
        super().__init__(children, loop=loop)
        without_us(self)
        if (registry := getattr(loop, "_registry", None)) is not None:
            registry.number_future(self)
            if loop._trace is not None:
                loop._trace.gather_created(self, children)

    def set_result(self, result):
        (super() if hasattr(self._loop, "_trace") else super(_Reporting, self)).set_result(result)

    def set_exception(self, exception):
        (super() if hasattr(self._loop, "_trace") else super(_Reporting, self)).set_exception(exception)


def install():
    """gather() looks its future's class up in the module; what it makes on other loops stays as it was."""
    tasks._GatheringFuture = TrackedGather


for tracked, original in ((TrackedTask, asyncio.Task), (TrackedFuture, asyncio.Future), (TrackedGather, TrackedGather.__mro__[2])):
    tracked.__name__ = tracked.__qualname__ = original.__name__
    tracked.__module__ = original.__module__
