"""What a suspended task waits for, in the trace's words."""

import asyncio

from . import resources

# Where in asyncio a task is suspended -> what it waits for there.
_OPS = {
    ("Lock", "acquire"): "acquire",
    ("Event", "wait"): "wait",
    ("Condition", "wait"): "notification",
    ("Semaphore", "acquire"): "acquire",
    ("Queue", "get"): "get",
    ("Queue", "put"): "put",
    ("TaskGroup", "__aexit__"): "join",
}
# Those that wait at a part of themselves, which nobody else knows: what for, and what for where that is its lock.
_WHOLE = {
    ("Barrier", "wait"): ("wait", "enter"),
    ("Barrier", "reset"): ("wait", "enter"),
    ("Barrier", "abort"): ("wait", "enter"),
    ("Queue", "join"): ("join", "join"),
}
# What asyncio's functions make futures for.
_MADE_BY = {"sleep": "sleep", "shield": "shield", "wrap_future": "executor", "_wait": "wait"}


def kind_made_by(function):
    """The kind of a future that asyncio's `function` has made."""
    return _MADE_BY.get(function, "future")


def awaited_at(future, suspended, registry):
    """(kind, number of the resource or 0, what is waited for there)"""
    if isinstance(future, asyncio.Task):
        return "task", 0, ""
    if isinstance(future, asyncio.tasks._GatheringFuture):
        return "gather", 0, ""
    owner, op = None, ""
    for frame in suspended.library:
        if frame.f_code.co_name == "_wait_for_one":
            return "as_completed", 0, ""
        thing = frame.f_locals.get("self")
        for one in type(thing).__mro__:
            key = one.__name__, frame.f_code.co_name
            if key in _WHOLE:
                at_lock = suspended.library[-1].f_code.co_name == "acquire"
                return _resource(thing, _WHOLE[key][at_lock], registry)
            if key in _OPS:
                owner, op = thing, _OPS[key]
    if owner is None:
        calls = getattr(future, "_loopscope_calls", 0)
        return getattr(future, "kind", "future"), calls, "call" if calls else ""
    return _resource(owner, op, registry)


def _resource(thing, op, registry):
    return resources.of(thing).type, resources.of(thing).numbered(registry), op
