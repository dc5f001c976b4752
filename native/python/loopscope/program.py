"""Runs a program as `python3 FILE` would, on our loop."""

import ast
import asyncio
import atexit
import inspect
import io
import os
import signal
import sys

from . import core, ends, policy, tracebacks, uvloop


def prepare():
    """What belongs to the process, once, before any program: the policy, and the names that tutorials import."""
    policy.take_names()
    policy.install()
    uvloop.stand_in()
    sys.excepthook = tracebacks.excepthook


def main(words):
    """The exit code of the program `words[0]` with its arguments."""
    path = words[0]
    # The last of the exit functions. One more Ctrl-C after it would end the process before its trace is complete.
    atexit.register(signal.pthread_sigmask, signal.SIG_BLOCK, {signal.SIGINT})
    prepare()
    sys.argv = list(words)
    sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
    names = sys.modules["__main__"].__dict__
    names.update({"__name__": "__main__", "__file__": path, "__cached__": None, "__spec__": None})
    return guarded(lambda: execute(compiled(path), names))


def compiled(path):
    with io.open_code(os.path.abspath(path)) as file:
        return compile(file.read(), path, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


def execute(code, names):
    """With `await` outside of a function, as in a notebook, the whole text is a coroutine. The page has the same rule."""
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, names))
    else:
        exec(code, names)


def guarded(work):
    """The exit code of `work`; what it raises is printed as the interpreter prints it."""
    try:
        work()
    except SystemExit as error:
        return _exit_code(error)
    except BaseException as error:
        _print(error)
        code, text = ends.crash_of(error)
        for stream in sys.stdout, sys.stderr:
            stream.flush()
        core.host().crashed(code, text)
        return code
    return 0


def _print(error):
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except SystemExit:
        raise
    except BaseException:
        sys.stderr.write("Error in sys.excepthook:\n")
        sys.__excepthook__(*sys.exc_info())


def _exit_code(error):
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF
    print(error.code, file=sys.stderr)
    return 1
