"""What tasks share or live in: locks, events, conditions, semaphores, barriers, queues, timeouts, groups.

What the trace knows of them, in the words of the C++ library. telling.py says when it is told.
"""

import asyncio
import math
import sys
from asyncio import locks, queues, taskgroups, timeouts

from .places import caller, is_library

_TYPES = {
    locks.Lock: "lock",
    locks.Event: "event",
    locks.Condition: "condition",
    locks.Semaphore: "semaphore",
    queues.Queue: "queue",
    timeouts.Timeout: "timeout",
    taskgroups.TaskGroup: "task_group",
    locks.Barrier: "barrier",
}
_KEY = "_loopscope_resource"  # among the thing's own attributes, for a program's class may not have a hash


class Resource:
    """What the trace knows of one of them."""

    __slots__ = ("number", "type", "place", "told", "initial")
    _unnumbered = []  # made before there was a loop to ask, in that order

    def __init__(self, type, place):
        self.number = 0
        self.type = type
        self.place = place  # where the program made it; None: a part of something else, which speaks for it
        self.told = False
        self.initial = None  # of a semaphore
        # A timeout gets its number when it is entered.
        if place is not None and type != "timeout" and asyncio._get_running_loop() is None:
            self._unnumbered.append(self)

    def numbered(self, registry):
        """Its number; those that were made before have theirs then. 0 where it is a part of something else."""
        for resource in self._unnumbered:
            resource.number = registry.new_resource()
        self._unnumbered.clear()
        if not self.number and self.place is not None:
            self.number = registry.new_resource()
        return self.number


def of(thing):
    """Its Resource, made when it is first asked for."""
    resource = vars(thing).get(_KEY)
    if resource is None:
        type = _type_of(thing)
        part = type != "timeout" and _is_part(thing, sys._getframe(1))
        resource = vars(thing)[_KEY] = Resource(type, None if part else caller())
        if (loop := traced_loop()) is not None:
            resource.numbered(loop._registry)
    return resource


def traced_loop():
    """The running loop, if it is traced."""
    loop = asyncio._get_running_loop()
    return loop if getattr(loop, "_trace", None) is not None else None


def _type_of(thing):
    return next(_TYPES[one] for one in type(thing).__mro__ if one in _TYPES)


def _is_part(thing, frame):
    """Whether asyncio makes it for its own use, at or above `frame`: the event of a queue, the condition of a barrier and its lock."""
    while frame is not None and (frame.f_globals.get("__package__") == __package__ or frame.f_locals.get("self") is thing):
        frame = frame.f_back
    if frame is None or not is_library(frame.f_code):
        return False
    maker = frame.f_locals.get("self")
    # A condition's own lock is one that tasks hold and wait for.
    return not isinstance(maker, locks.Condition) or _is_part(maker, frame)


def tell(thing, op, item=None, **soon):
    """`op` has been done to it. `soon`: what its state will be, where asyncio changes it later."""
    resource, loop = of(thing), traced_loop()
    if loop is None or resource.place is None:
        return
    number = resource.numbered(loop._registry)
    state = {**_now(thing, resource, loop._registry), **soon}
    if not resource.told:
        resource.told = True
        loop._trace.resource(number, resource.type, "created", state, None, resource.place)
        if op == "created":
            return
    loop._trace.resource(number, resource.type, op, state, item)


# -- What they are like: the C++ library's now() of each


def _now(thing, resource, registry):
    return _STATES[resource.type](thing, resource, registry)


def _waiting(thing):
    return len(thing._waiters or ())


def _lock(lock, *_):
    return {"state": "locked" if lock._locked else "unlocked", "waiters": _waiting(lock)}


def _event(event, *_):
    return {"state": "set" if event._value else "not set", "waiters": _waiting(event)}


def _condition(condition, _, registry):
    lock = condition._lock
    state = "locked" if lock.locked() else "unlocked"
    if isinstance(lock, locks.Lock):
        state = f"lock {of(lock).numbered(registry)} {state}"
    return {"state": state, "waiters": _waiting(condition)}


def _semaphore(semaphore, resource, _):
    value, initial = math.ceil(semaphore._value), resource.initial
    of_initial = "" if initial is None or value > initial else f" of {initial}"
    return {"state": f"{value}{of_initial} free", "value": value, "limit": initial, "waiters": _waiting(semaphore)}


def _barrier(barrier, *_):
    phase, count, parties = barrier._state, barrier._count, barrier._parties
    filling, draining, resetting, broken = locks._BarrierState
    state = phase.value if phase is broken else f"{phase.value}, {count} of {parties}"
    return {"state": state, "value": count, "limit": parties, "waiters": _waiting(barrier._cond)}


def barrier_after(barrier):
    """What it is like when the last one has left: asyncio's Barrier._exit does that next."""
    if barrier._count == 0 and barrier._state.value in ("resetting", "draining"):
        return f"filling, 0 of {barrier._parties}"
    return _barrier(barrier)["state"]


def _queue(queue, *_):
    made = hasattr(queue, "_finished")  # its constructor has come so far
    items = queue.qsize() if made else 0
    waiters = len(queue._getters) + len(queue._putters) + (_waiting(queue._finished) if made else 0)
    limit = queue_limit(queue)
    return {
        "state": queue_text(limit, items, queue._unfinished_tasks, getattr(queue, "_is_shutdown", False)),
        "value": items,
        "limit": limit,
        "waiters": waiters,
    }


def queue_limit(queue):
    return math.ceil(queue._maxsize) if queue._maxsize > 0 else None


def queue_text(limit, items, unfinished, shut_down):
    if limit is not None:
        text = f"{items} of {limit}"
    else:
        text = "empty" if items == 0 else "1 item" if items == 1 else f"{items} items"
    # What was taken out and is not done: what join() still waits for when it is empty.
    if unfinished > items:
        text += f", {unfinished - items} not done"
    return text + (", shut down" if shut_down else "")


def _timeout(timeout, *_):
    active = timeout._state is timeouts._State.ENTERED
    return {"state": timeout._state.value, "when": timeout._when if active else None}


def _task_group(group, *_):
    count = len(group._tasks)
    state = "1 task" if count == 1 else f"{count} tasks"
    if group._errors:
        state += f", errors:{len(group._errors)}"
    if group._aborting:
        state += ", cancelling"
    return {"state": state, "value": count, "waiters": 0 if group._on_completed_fut is None else 1}


_STATES = {
    "lock": _lock,
    "event": _event,
    "condition": _condition,
    "semaphore": _semaphore,
    "barrier": _barrier,
    "queue": _queue,
    "timeout": _timeout,
    "task_group": _task_group,
}
