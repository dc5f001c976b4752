"""Waiting, in a thread that must not block: Python's stack is put aside until a promise is settled, by WebAssembly's JSPI.

The worker's own event loop goes on meanwhile. Without JSPI nothing can be waited for; only the virtual clock is left then.
"""

import contextlib
from asyncio import events

from pyodide.ffi import create_once_callable, run_sync

ident = None  # of the thread that runs (threads.py); others run while it waits
_outer_loop = None  # Pyodide's, which is the running one when it calls us


def enter():
    """The program begins: no loop runs, as at the start of any program."""
    global _outer_loop
    _outer_loop = events._get_running_loop()
    events._set_running_loop(None)


def leave():
    events._set_running_loop(_outer_loop)


def for_promise(start, *arguments):
    """What the promise that `start(*arguments)` returns is settled with.

    Pyodide binds a promise to the loop that runs at the call, and settles it through that loop: it has to be Pyodide's own.
    """
    global ident
    running, me = events._get_running_loop(), ident
    events._set_running_loop(_outer_loop)
    try:
        return run_sync(start(*arguments))
    finally:
        events._set_running_loop(running)
        ident = me


def suspendable(function):
    """For JavaScript to call once: `function` may wait."""
    return create_once_callable(function, _may_syncify=True)


@contextlib.contextmanager
def as_thread(number):
    """Around all that a thread does; it begins as Pyodide's callback."""
    global ident
    running, ident = events._get_running_loop(), number
    events._set_running_loop(None)
    try:
        yield
    finally:
        events._set_running_loop(running)
