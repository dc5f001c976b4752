"""Waiting, in a thread that must not block: Python's stack is put aside until a promise is settled, by WebAssembly's JSPI.

The worker's own event loop goes on meanwhile. Without JSPI nothing can be waited for; only the virtual clock is left then.
"""

from asyncio import events

from pyodide.ffi import run_sync

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
    running = events._get_running_loop()
    events._set_running_loop(_outer_loop)
    try:
        return run_sync(start(*arguments))
    finally:
        events._set_running_loop(running)
