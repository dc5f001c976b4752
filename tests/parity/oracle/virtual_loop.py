"""CPython's own event loop under a virtual clock: the oracle for the order of execution.

Nothing of asyncio is rewritten: the ready queue, the timers and the turns are BaseEventLoop's. Three things are replaced.
Waiting advances the clock instead of the thread. And timers with equal deadlines are kept in the order in which they were made:
CPython's heap makes no promise there, and under a virtual clock ties are the rule. For the same reason all_tasks() lists the
tasks in the order in which they were made, and a task group cancels them in that order.

Time belongs to the process: loops that run one after another go on in the same time, and time.sleep() passes it.
"""

import asyncio
import itertools
import time
import weakref

_NANOSECONDS = 1_000_000_000
_now = 0  # nanoseconds


def _advance(seconds):
    global _now
    _now += max(0, nanoseconds(seconds))


def _seconds():
    return _now / _NANOSECONDS


def now():
    """Nanoseconds since the process began."""
    return _now


def nanoseconds(seconds):
    return round(seconds * _NANOSECONDS)


class DeadlockError(RuntimeError):
    """Nothing is ready and no timer is set."""


class OrderedTimerHandle(asyncio.TimerHandle):
    """A timer that comes after those with the same deadline that were made before it."""

    __slots__ = ("_number",)
    _numbers = itertools.count()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._number = next(self._numbers)

    def __lt__(self, other):
        return (self._when, self._number) < (other._when, other._number)


class _VirtualSelector:
    """Waiting is letting the clock pass, as long as no descriptor is ready. Real time passes where no other can."""

    def __init__(self, loop, descriptors):
        self._loop = loop
        self._descriptors = descriptors

    def __getattr__(self, name):
        return getattr(self._descriptors, name)

    def select(self, timeout):
        if self._is_idle():
            ready = []
        elif ready := self._descriptors.select(0):
            return ready
        elif timeout is None:
            return self._descriptors.select(None)
        if timeout is None:
            raise DeadlockError(self._loop.deadlock_text())
        _advance(timeout)
        return ready

    def _is_idle(self):
        """Only the loop's own pipe is there, and no signal that would come by it."""
        return len(self._descriptors.get_map()) <= 1 and not self._loop._signal_handlers


def is_suspended(generator):
    """Whether it has begun and not ended. CPython 3.11 does not say: then any that has not ended."""
    return getattr(generator, "ag_suspended", generator.ag_frame is not None)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = _VirtualSelector(self, self._selector)
        self._clock_resolution = 1e-9
        # Weakly: what nobody else holds must die as in any loop.
        self._task_numbers = weakref.WeakKeyDictionary()
        self._asyncgens = _OrderedWeakSet()
        self._future_numbers = weakref.WeakKeyDictionary()
        self._numbers = itertools.count(1)  # of futures; tasks count for themselves
        self._task_count = itertools.count(1)
        self.turns = 0
        self.shutting_down = False

    def time(self):
        return _seconds()

    def call_at(self, when, callback, *args, context=None):
        # Whole nanoseconds, so that 0.1 + 0.2 and 0.3 are the same deadline.
        return super().call_at(round(when, 9), callback, *args, context=context)

    def create_future(self):
        future = super().create_future()
        self._future_numbers[future] = next(self._numbers)
        return future

    def create_task(self, coro, *, name=None, context=None):
        create_task = super().create_task
        factory = self.get_task_factory()
        if factory is None:
            keywords = {} if context is None else {"context": context}
            return self.numbered(lambda: create_task(coro, name=name, **keywords))
        # As in CPython from 3.13.3 on: before, an eager task has its name only after it began.
        return self.numbered(lambda: factory(self, coro, name=name, context=context))

    def numbered(self, make):
        """The task that `make` makes. Its number comes first: an eager task makes others before it is there."""
        number = next(self._task_count)
        task = make()
        self._task_numbers[task] = number
        return task

    def shutdown_asyncgens(self):
        # What run() does from here on takes turns that loops without generators and threads do not need.
        self.shutting_down = not any(is_suspended(generator) for generator in self._asyncgens)
        return super().shutdown_asyncgens()

    def shutdown_default_executor(self, *args):
        self.shutting_down = True
        return super().shutdown_default_executor(*args)

    def tasks(self):
        """Those that are not done, oldest first; asyncio itself keeps a set."""
        last = float("inf")  # one that is only just being made
        return sorted(_asyncio_all_tasks(self), key=lambda task: self._task_numbers.get(task, last))

    def deadlock_text(self):
        """Loopscope's words for it: who waits for what, oldest task first."""
        text = "the event loop would wait for ever: nothing is ready and no timer is set"
        for position, task in enumerate(self.tasks()):
            awaited = task._fut_waiter
            if isinstance(awaited, asyncio.Task):
                what = awaited.get_name()
            else:
                number = self._future_numbers.get(awaited)
                what = f"future {number}" if number else type(awaited).__name__
            text += (", " if position else "; ") + f"{task.get_name()} waits for {what}"
        return text

    def _run_once(self):
        self.turns += 1
        super()._run_once()

    def _write_to_self(self):
        pass


_asyncio_all_tasks = asyncio.all_tasks


def _all_tasks(loop=None):
    return (loop or asyncio.get_running_loop()).tasks()


class _OrderedSet(dict):
    """As much of a set as a task group needs."""

    def add(self, element):
        self[element] = None

    def discard(self, element):
        self.pop(element, None)


class _OrderedWeakSet(weakref.WeakKeyDictionary):
    """The same for the async generators of a loop, which close in the order in which they began."""

    def add(self, element):
        self[element] = None

    def discard(self, element):
        self.pop(element, None)


class _OrderedTaskGroup(getattr(asyncio, "TaskGroup", object)):
    """A task group that cancels its tasks in the order in which they were made."""

    def __init__(self):
        super().__init__()
        self._tasks = _OrderedSet()


_OrderedTaskGroup.__name__ = _OrderedTaskGroup.__qualname__ = "TaskGroup"


class _Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        return VirtualLoop()


def install():
    """From now on every new loop of this process is virtual, and so is its time."""
    asyncio.events.TimerHandle = OrderedTimerHandle
    asyncio.set_event_loop_policy(_Policy())
    asyncio.tasks.all_tasks = asyncio.all_tasks = _all_tasks
    asyncio.TaskGroup = asyncio.taskgroups.TaskGroup = _OrderedTaskGroup
    time.sleep = _advance
    time.monotonic = time.perf_counter = time.time = _seconds
