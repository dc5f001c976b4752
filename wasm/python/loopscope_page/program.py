"""Runs the program of a page as `python main.py` would: a fresh __main__, its output, its exit code, its traceback."""

import ast
import asyncio
import atexit
import builtins
import gc
import inspect
import io
import json
import linecache
import random
import sys
import threading
import time
import types

from loopscope import chance, clock, core, output, policy, registry, telling, tracebacks, tracked, uvloop

from . import errors, threads, waits
from .core import PageCore, PageHost

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def check(source, file):
    """What Python says of a text without running it; JSON."""
    _, found, _ = errors.compile_program(source, file, _FLAGS)
    return json.dumps(found)


def run(page, source, options):
    """Runs a program; JSON that says how it ended. Once per interpreter."""
    options = json.loads(options)
    file = options["file"]
    code, found, wrong = errors.compile_program(source, file, _FLAGS)
    if code is None:
        text = io.StringIO()
        _remember(file, source)
        errors.print_exception(wrong, text)
        return json.dumps({"how": "not-compiled", "error": text.getvalue(), "diagnostics": found})
    if found:
        page.diagnostics(json.dumps(found))
    _remember(file, source)
    waits.enter()
    try:
        _prepare(page, options)
        end = _execute(code, file, source)
    finally:
        waits.leave()
    return json.dumps({**end, "diagnostics": found + _marks})


_marks = []  # where the error that ended the program is to be shown


def _remember(file, source):
    """Tracebacks and inspect show the text, which lies in no file."""
    lines = source.splitlines(keepends=True)
    linecache.cache[file] = (len(source), None, lines, file)


# -- Before


def _prepare(page, options):
    host = PageHost(page)
    core.provide(lambda traced=host.traced: PageCore(page, traced), host)
    registry.install()
    if host.traced:
        tracked.install()
        telling.install()
        output.capture(host)
    policy.take_names()
    policy.install()
    uvloop.stand_in()
    threads.install(page)
    errors.install()
    # Pyodide replaces it by one for its own loop.
    asyncio.run = asyncio.runners.run
    if host.virtual:
        clock.install(host)
        _yield_to_threads(page)
    else:
        time.sleep = lambda seconds, /: _sleep(page, seconds)
    if host.seed is None:
        random.seed()  # the memory that this began with is everybody's
    else:
        chance.install(host.seed)
    if not page.terminal:
        builtins.input = lambda prompt="", /: _input(page, prompt)
    sys.argv = [options["file"], *options["args"]]
    sys.excepthook = sys.__excepthook__


def _sleep(page, seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    page.flush()
    threads.sleep(seconds)


def _yield_to_threads(page):
    """Virtual time passes at once where nobody else runs."""
    alone = time.sleep

    def sleep(seconds, /):
        if seconds >= 0 and page.otherThreads():
            page.endLines()
            threads.sleep(seconds)
        else:
            alone(seconds)

    time.sleep = sleep


def _input(page, prompt):
    sys.stdout.write(str(prompt))
    sys.stdout.flush()
    page.endLines()  # the prompt is seen before it is answered
    if not page.canSuspend:
        raise RuntimeError("input() needs a browser in which Python can wait (WebAssembly's JSPI)")
    line = waits.for_promise(page.input, str(prompt))
    if line is None:
        raise EOFError("EOF when reading a line")
    return line


# -- The program


def _execute(code, file, source):
    main = types.ModuleType("__main__")
    main.__file__ = file
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    end = _guarded(lambda: _body(code, main), file, source)
    # What a program leaves is taken down as at the end of a process: threads, exit functions, then its objects.
    for clean_up in _join_threads, atexit._run_exitfuncs, main.__dict__.clear, gc.collect, _flush:
        _guarded(clean_up, file, source)
    return end


def _body(code, main):
    if not code.co_flags & inspect.CO_COROUTINE:
        exec(code, main.__dict__)
        return
    # With `await` outside of a function, as in a notebook, the whole text is a coroutine.
    asyncio.run(eval(code, main.__dict__))


def _guarded(work, file, source):
    """Calls it; how that ended."""
    try:
        work()
    except SystemExit as exit:
        return {"how": "exited", "code": _exit_code(exit.code)}
    except KeyboardInterrupt as error:
        errors.print_exception(error)
        return {"how": "crashed", "code": 130, "error": "interrupted"}
    except BaseException as error:
        _report(error, file, source)
        return {"how": "crashed", "code": 1, "error": tracebacks.summary(error)}
    return {"how": "exited", "code": 0}


def _report(error, file, source):
    error.__traceback__ = errors.from_program(error.__traceback__, file)
    if isinstance(error, ModuleNotFoundError) and error.name not in sys.stdlib_module_names:
        error.add_note("Here are the modules of Python's standard library, and no others.")
    if sys.excepthook is sys.__excepthook__:
        errors.print_exception(error)
    else:
        sys.excepthook(type(error), error, error.__traceback__)
    if not _marks:
        _marks.extend(errors.marks_of_exception(error, file, source))


def _exit_code(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _join_threads():
    threading._shutdown()


def _flush():
    sys.stdout.flush()
    sys.stderr.flush()
