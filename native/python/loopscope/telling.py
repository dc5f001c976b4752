"""When the trace is told what is done to locks, queues and the like (resources.py).

asyncio's classes stay what they are, for programs derive from them and look at them: some of their attributes tell when they are
set. asyncio sets them where it changes the state, before those who wait are woken, and there the C++ library tells it, too. So no
frame of ours stands in a traceback, but for the few methods at the end, where no attribute is set at the right moment.
"""

import functools
import math
import sys
import weakref
from asyncio import locks, queues, taskgroups, timeouts

from .registry import in_order
from .resources import barrier_after, of, queue_limit, queue_text, tell
from .tracing import value_text

_NOTHING = object()


class _Telling:
    """An attribute of which `on_set(thing, before, value)` hears. It is read as any other."""

    def __init__(self, name, on_set):
        self._name = name
        self._on_set = on_set

    def __set__(self, thing, value):
        attributes = vars(thing)
        before = attributes.get(self._name, _NOTHING)
        attributes[self._name] = value
        self._on_set(thing, before, value)


def _setter(above=0):
    """The name of asyncio's method that sets the attribute, or of one that has called it."""
    return sys._getframe(3 + above).f_code.co_name


def _lock(lock, before, locked):
    if before is _NOTHING:
        tell(lock, "created")
    else:
        tell(lock, "acquired" if locked else "released")


def _event(event, before, is_set):
    if before is _NOTHING:
        tell(event, "created")
    elif before != is_set:
        tell(event, "set" if is_set else "cleared")


def _condition_waiters(condition, before, waiters):
    if before is _NOTHING:  # the last that its constructor does
        tell(condition, "created")


def _semaphore_value(semaphore, before, value):
    if before is _NOTHING:
        of(semaphore).initial = math.ceil(value)
        tell(semaphore, "created")
    elif _setter() == "release":
        tell(semaphore, "released")


def _barrier_state(barrier, before, state):
    op = {"_release": "opened", "reset": "reset", "abort": "aborted"}.get(_setter())
    if op is not None:
        tell(barrier, op)


def _barrier_count(barrier, before, count):
    if before is _NOTHING:
        tell(barrier, "created")
    elif count > before:
        tell(barrier, "arrived")
    else:
        tell(barrier, "left", state=barrier_after(barrier))


def _queue_unfinished(queue, before, unfinished):
    if before is _NOTHING:
        tell(queue, "created")
    elif _setter() == "task_done":
        tell(queue, "done")


def _timeout_state(timeout, before, state):
    if state is timeouts._State.ENTERED:
        tell(timeout, "entered")
    elif state in (timeouts._State.EXPIRED, timeouts._State.EXITED):
        tell(timeout, "exited")


def _timeout_when(timeout, before, when):
    if before is not _NOTHING and _setter(above=1) != "__aenter__":
        tell(timeout, "rescheduled")


def _group_parent(group, before, parent):
    if before is _NOTHING:
        of(group)  # has its number from now on
    elif parent is not None:
        tell(group, "entered")


def _group_aborting(group, before, aborting):
    if aborting:
        tell(group, "cancelled")


class _GroupTasks(set):
    """The tasks of a group, which cancels them in the order in which they were made; asyncio's set has none."""

    def __init__(self, group):
        super().__init__()
        self._group = weakref.ref(group)
        self._left = False

    def __iter__(self):
        registry = getattr(getattr(self._group(), "_loop", None), "_registry", None)
        tasks = super().__iter__()
        return tasks if registry is None else iter(in_order(tasks, registry))

    def add(self, task):
        super().add(task)
        tell(self._group(), "task_added")

    def discard(self, task):
        super().discard(task)
        tell(self._group(), "task_done")

    def __bool__(self):
        # At the end of its block a group waits until there are none.
        if len(self) > 0:
            return True
        if not self._left and sys._getframe(1).f_code.co_name in ("__aexit__", "_aexit"):
            self._left = True
            tell(self._group(), "exited")
        return False


def _group_tasks(group, before, tasks):
    vars(group)["_tasks"] = _GroupTasks(group)


_ATTRIBUTES = (
    (locks.Lock, "_locked", _lock),
    (locks.Event, "_value", _event),
    (locks.Condition, "_waiters", _condition_waiters),
    (locks.Semaphore, "_value", _semaphore_value),
    (locks.Barrier, "_state", _barrier_state),
    (locks.Barrier, "_count", _barrier_count),
    (queues.Queue, "_unfinished_tasks", _queue_unfinished),
    (timeouts.Timeout, "_state", _timeout_state),
    (timeouts.Timeout, "_when", _timeout_when),
    (taskgroups.TaskGroup, "_parent_task", _group_parent),
    (taskgroups.TaskGroup, "_aborting", _group_aborting),
    (taskgroups.TaskGroup, "_tasks", _group_tasks),
)


# -- Methods


def _semaphore_acquire(original):
    async def acquire(self):
        result = await original(self)
        tell(self, "acquired")
        return result

    return acquire


def _condition_notify(original):
    def notify(self, n=1):
        if self.locked():
            tell(self, "notified")
        return original(self, n)

    return notify


def _queue_wakeup_next(original):
    def _wakeup_next(self, waiters):
        frame = sys._getframe(1)
        op = {"put_nowait": "put", "get_nowait": "got"}.get(frame.f_code.co_name)
        if op is not None:
            tell(self, op, value_text(frame.f_locals["item"]))
        del frame
        return original(self, waiters)

    return _wakeup_next


def _queue_shutdown(original):
    def shutdown(self, immediate=False):
        items = 0 if immediate else self.qsize()
        unfinished = max(self._unfinished_tasks - (self.qsize() if immediate else 0), 0)
        tell(self, "shut_down", state=queue_text(queue_limit(self), items, unfinished, True), value=items)
        return original(self, immediate)

    return shutdown


def _timeout_expires(original):
    def _on_timeout(self):
        tell(self, "expired", state=timeouts._State.EXPIRING.value, when=None)
        return original(self)

    return _on_timeout


_METHODS = (
    (locks.Semaphore, "acquire", _semaphore_acquire),
    (locks.Condition, "notify", _condition_notify),
    (queues.Queue, "_wakeup_next", _queue_wakeup_next),
    (queues.Queue, "shutdown", _queue_shutdown),  # from Python 3.13 on
    (timeouts.Timeout, "_on_timeout", _timeout_expires),
)


def install():
    """Once in a process."""
    for owner, name, on_set in _ATTRIBUTES:
        setattr(owner, name, _Telling(name, on_set))
    for owner, name, wrap in _METHODS:
        if (original := getattr(owner, name, None)) is not None:
            setattr(owner, name, functools.wraps(original)(wrap(original)))
