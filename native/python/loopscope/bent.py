"""A loop that a program has bent: Python's own queue, heap and turns run it, not the core's.

Programs override time(), _run_once() and their like, in a subclass, in the class or in the loop itself, give a selector of their
own, or work on the queue and the heap (test clocks, nest_asyncio, input hooks). The core's turns ask nobody, and would run such a
loop wrongly. So what is scheduled moves into a deque and a heap, and from there on, for good, asyncio's code runs them. Time and
waiting are still the core's where the program has put nothing in their place. A trace cannot tell of such turns, and says so.
"""

import asyncio
import collections
import heapq

from . import core as cores

# What the core's turns do without asking the loop.
_OURS = ("time", "_run_once", "_call_soon", "_add_callback", "_timer_handle_cancelled", "_write_to_self")
_ASKED_ABOUT = {*_OURS, "call_at", "_selector", "__class__"}
_NOTICE = "{}: from here on Python's own code runs this loop, and the trace does not tell what it does"


class Bendable(asyncio.BaseEventLoop):
    _bent = False
    _whole = False  # constructed
    _original = {}  # what the loop classes of this package have for the names of _OURS: see know()

    @classmethod
    def know(cls):
        """To be called for each class that is given to programs."""
        cls._original = {name: getattr(cls, name) for name in (*_OURS, "call_at")}

    def _overrides(self, name):
        return name in vars(self) or getattr(type(self), name) is not self._original[name]

    def _look_for_overrides(self):
        if not self._bent and (found := [name for name in _OURS if self._overrides(name)]):
            self._bend(f"the program has its own {found[0]}()")

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name in _ASKED_ABOUT and self._whole:
            if name == "_selector" and value is not None:
                self._bend("the program has its own selector")
            self._look_for_overrides()

    # -- The queue and the heap: they are empty until somebody asks for them, which is to work on them

    @property
    def _ready(self):
        if not self._closed:
            self._bend("the program has asked for the loop's queue")
        return vars(self)["_ready"]

    @_ready.setter
    def _ready(self, queue):
        if "_ready" in vars(self):
            self._bend("the program has its own queue")
        vars(self)["_ready"] = queue

    @property
    def _scheduled(self):
        if not self._closed:
            self._bend("the program has asked for the loop's timers")
        return vars(self)["_scheduled"]

    @_scheduled.setter
    def _scheduled(self, heap):
        if "_scheduled" in vars(self):
            self._bend("the program has its own timers")
        vars(self)["_scheduled"] = heap

    def _bend(self, why):
        if self._bent:
            return
        ready, timers = self._hand_over()
        self._bent = True
        vars(self)["_ready"] = collections.deque(ready)
        vars(self)["_scheduled"] = timers
        heapq.heapify(timers)
        if self._trace is not None:
            self._core.log("warning", _NOTICE.format(why))
            self._core.mute(True)
            self._trace = None

    def _hand_over(self):
        """All that is scheduled: (what is ready, in its order; timers)."""
        handles = list(self._handles.values())
        for number in list(self._handles):
            self._core.cancel(number)
        self._handles.clear()
        timers = [handle for handle in handles if isinstance(handle, asyncio.TimerHandle)]
        return [handle for handle in handles if not isinstance(handle, asyncio.TimerHandle)], timers

    def _run_bent_turn(self):
        if self._core.virtual and not hasattr(self._selector, "is_the_cores"):
            self._let_time_pass()
        asyncio.BaseEventLoop._run_once(self)

    def _let_time_pass(self):
        """A selector of the program's waits in real time, in which the virtual clock stands still: time passes here instead."""
        timers = self._scheduled
        while timers and timers[0]._cancelled:
            self._timer_cancelled_count -= 1
            heapq.heappop(timers)._scheduled = False
        if self._ready or self._stopping or not timers:
            return
        if events := self._selector.select(0):
            self._process_events(events)
        else:
            cores.host().pass_time(max(timers[0].when() - self.time(), 0))


class Waiter:
    """What asyncio's turns know of a selector: the core waits. For a loop that has no descriptors."""

    is_the_cores = True

    def __init__(self, loop):
        self._loop = loop

    def select(self, timeout=None):
        self._loop._wait(cores.FOREVER if timeout is None else timeout)
        return []

    def close(self):
        pass
