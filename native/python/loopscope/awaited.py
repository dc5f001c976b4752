"""What a suspended task waits for, in the trace's words."""

import asyncio

# Where in asyncio a task is suspended -> the kind of what it waits at, and what for.
_RESOURCES = {
    "Lock.acquire": ("lock", "acquire"),
    "Event.wait": ("event", "wait"),
    "Condition.wait": ("condition", "wait"),
    "Condition.wait_for": ("condition", "wait"),
    "Semaphore.acquire": ("semaphore", "acquire"),
    "BoundedSemaphore.acquire": ("semaphore", "acquire"),
    "Barrier.wait": ("barrier", "wait"),
    "Queue.get": ("queue", "get"),
    "Queue.put": ("queue", "put"),
    "Queue.join": ("queue", "join"),
    "TaskGroup.__aexit__": ("task_group", "wait"),
}
# Those with `async with`: entering them waits in another function than the one that was called.
_ENTERED = {
    ("Lock", "__aenter__"): ("lock", "acquire"),
    ("Condition", "__aenter__"): ("lock", "acquire"),
    ("Semaphore", "__aenter__"): ("semaphore", "acquire"),
    ("BoundedSemaphore", "__aenter__"): ("semaphore", "acquire"),
}


def awaited_at(future, suspended, registry):
    """(kind, number of the resource or 0, what is waited for there)"""
    if isinstance(future, asyncio.Task):
        return "task", 0, ""
    if isinstance(future, asyncio.tasks._GatheringFuture):
        return "gather", 0, ""
    kind = getattr(future, "kind", "future")
    frame = suspended.library
    if kind != "future" or frame is None:
        return kind, 0, ""
    owner = frame.f_locals.get("self")
    code = frame.f_code
    known = _RESOURCES.get(getattr(code, "co_qualname", code.co_name))
    if known is None:
        known = _ENTERED.get((type(owner).__name__, code.co_name))
    if known is not None and owner is not None:
        return known[0], registry.number_resource(owner)[0], known[1]
    return code.co_name.strip("_"), 0, ""
