"""What a suspended task waits for, in the trace's words."""

import asyncio

# Where in asyncio a task is suspended -> the kind of what it waits at, and what for.
_RESOURCES = {
    ("Lock", "acquire"): ("lock", "acquire"),
    ("Event", "wait"): ("event", "wait"),
    ("Condition", "wait"): ("condition", "notification"),
    ("Semaphore", "acquire"): ("semaphore", "acquire"),
    ("Queue", "get"): ("queue", "get"),
    ("Queue", "put"): ("queue", "put"),
    ("TaskGroup", "__aexit__"): ("task_group", "join"),
}
# Those that wait at something of their own, which nobody else knows.
_WHOLE = {
    ("Barrier", "wait"): ("barrier", "wait"),
    ("Queue", "join"): ("queue", "join"),
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
    found, owner = None, None
    for frame in suspended.library:
        known, whole = _resource_at(frame)
        if known is not None:
            found, owner = known, frame.f_locals["self"]
        if whole:
            break
    if found is None:
        return getattr(future, "kind", "future"), 0, ""
    kind, op = found
    return kind, registry.number_resource(owner)[0], op


def _resource_at(frame):
    """What a frame of asyncio's waits at, and whether what is below it is a part of that."""
    for one in type(frame.f_locals.get("self")).__mro__:
        key = one.__name__, frame.f_code.co_name
        if key in _WHOLE:
            return _WHOLE[key], True
        if key in _RESOURCES:
            return _RESOURCES[key], False
    return None, False
