"""Places in the program's source: who called, and where a task is suspended."""

import asyncio
import functools
import inspect
import os
import sys
import sysconfig

_LIBRARIES = tuple(os.path.dirname(file) + os.sep for file in (asyncio.__file__, __file__))
_OURS = _LIBRARIES[1]
NOWHERE = ("", "", 0)

_library = {}  # file name -> whether it is asyncio's or ours
_foreign = {}  # file name -> whether it is Python's own or an installed package's
_INSTALLED = tuple({path + os.sep for path in (os.path.dirname(os.__file__), *sysconfig.get_paths().values())})
_runs = set()  # the code that runs handles: what is above it is the loop, whoever has started that


def is_library(code):
    name = code.co_filename
    known = _library.get(name)
    if known is None:
        known = _library[name] = name.startswith(_LIBRARIES)
    return known


def _place(code, line):
    return code.co_name, os.path.basename(code.co_filename), line or 0


def runs_handles(function):
    """Marks a function of ours in which the loop calls a callback."""
    _runs.add(function.__code__)
    return function


def _is_foreign(code):
    name = code.co_filename
    known = _foreign.get(name)
    if known is None:
        known = _foreign[name] = is_library(code) or name.startswith(_INSTALLED) or "-packages" + os.sep in name or name[:1] == "<"
    return known


def _innermost(is_other):
    frame = sys._getframe(2)
    while frame is not None and frame.f_code not in _runs:
        if not is_other(frame.f_code):
            return _place(frame.f_code, frame.f_lineno)
        frame = frame.f_back
    return NOWHERE


def caller():
    """Where the program, not asyncio, made the call that is going on; NOWHERE if it did not.

    What a callback does was asked for in the callback: whoever runs the loop has no part in it.
    """
    return _innermost(lambda code: is_library(code) or code.co_filename.startswith("<frozen"))


def writer():
    """The line of the program itself that is running, whatever module it calls; NOWHERE if there is none."""
    return _innermost(_is_foreign)


def beginning(coro):
    """Where the body of a coroutine begins that has not; NOWHERE if it has."""
    frame = getattr(coro, "cr_frame", None)
    if frame is None or getattr(coro, "cr_suspended", True) or coro.cr_running or is_library(frame.f_code):
        return NOWHERE
    return _place(frame.f_code, frame.f_code.co_firstlineno)


def thrown(error):
    """The line of the program that threw what was caught outside of it; NOWHERE if that was none of the program's."""
    found = NOWHERE
    traceback = error.__traceback__
    while traceback is not None:
        if not _is_foreign(traceback.tb_frame.f_code):
            found = _place(traceback.tb_frame.f_code, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def of_callback(callback):
    """Where the program has defined what asyncio schedules for it; NOWHERE if it is asyncio's own."""
    while isinstance(callback, functools.partial):
        callback = callback.func
    code = getattr(inspect.unwrap(getattr(callback, "__func__", callback)), "__code__", None)
    if code is None or is_library(code) or code.co_filename.startswith("<frozen"):
        return NOWHERE
    return _place(code, code.co_firstlineno)


def given_name():
    """The name that a task is about to get: Python 3.11 makes it first and names it then."""
    frame = sys._getframe(1)
    while frame is not None and is_library(frame.f_code):
        if frame.f_code.co_name == "create_task" and frame.f_locals.get("name") is not None:
            return str(frame.f_locals["name"])
        frame = frame.f_back
    return None


def library_function(depth):
    """The name of the function `depth` frames up if it is asyncio's own, else None."""
    code = sys._getframe(depth + 1).f_code
    return code.co_name if is_library(code) else None


def coroutine_name(coro):
    name = getattr(coro, "__name__", None) or type(coro).__name__
    return name


def _parts(awaitable):
    """Frame, code and what it awaits, of anything that can be suspended; None for what ends the chain."""
    for prefix, awaited in (("cr", "cr_await"), ("ag", "ag_await"), ("gi", "gi_yieldfrom")):
        code = getattr(awaitable, prefix + "_code", None)
        if code is not None:
            return getattr(awaitable, prefix + "_frame", None), code, getattr(awaitable, awaited)
    return None


class Suspended:
    """Where a coroutine is suspended: the program's frames, and those of asyncio's below the last of them."""

    def __init__(self, coro):
        self.places = []  # outermost first
        self.library = []  # the frames, outermost first
        awaitable = coro
        while (parts := _parts(awaitable)) is not None:
            frame, code, awaitable = parts
            if frame is None:
                break
            if is_library(code):
                self.library.append(frame)
            else:
                self.library.clear()
                self.places.append(_place(code, frame.f_lineno))

    def text(self):
        return "\n".join(f"{func}\t{file}\t{line}" for func, file, line in self.places)


def without_us(thing):
    """A handle, task or future, which in debug mode keeps where it was made: where we were called."""
    frames = thing._source_traceback
    while frames and frames[-1].filename.startswith(_OURS):
        del frames[-1]
    return thing


def is_machinery(filename):
    """Whether frames of that file say nothing to who wrote the program."""
    return filename.startswith(_LIBRARIES) or filename.startswith("<frozen importlib") or filename.startswith("<frozen runpy")
