"""Runs a program as `python3 FILE` would, on our loop."""

import functools
import io
import os
import sys

from . import core, policy, tracebacks, uvloop

INTERRUPTED = 128 + 2  # by SIGINT, as a shell reports it


def prepare():
    """What belongs to the process, once, before any program: the policy, and the names that tutorials import."""
    policy.take_names()
    policy.install()
    uvloop.stand_in()
    sys.excepthook = tracebacks.excepthook
    _tell_exits(core.host())


def _tell_exits(host):
    """os._exit() ends the process at once, and nobody else would say so."""
    if not getattr(host, "traced", False):
        return
    original, process = os._exit, os.getpid()

    @functools.wraps(original)
    def _exit(status):
        if os.getpid() == process:  # no child of it
            host.exited(status)
        original(status)

    os._exit = _exit


def main(words):
    """The exit code of the program `words[0]` with its arguments."""
    path = words[0]
    prepare()
    sys.argv = list(words)
    sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
    names = sys.modules["__main__"].__dict__
    names.update({"__name__": "__main__", "__file__": path, "__cached__": None, "__spec__": None})
    return guarded(lambda: exec(compiled(path), names))


def compiled(path):
    with io.open_code(os.path.abspath(path)) as file:
        return compile(file.read(), path, "exec", dont_inherit=True)


def guarded(work):
    """The exit code of `work`; what it raises is printed as the interpreter prints it."""
    try:
        work()
    except SystemExit as error:
        return _exit_code(error)
    except KeyboardInterrupt as error:
        _print(error)
        _crashed(INTERRUPTED, "interrupted")
        return INTERRUPTED
    except BaseException as error:
        _print(error)
        _crashed(1, tracebacks.summary(error))
        return 1
    return 0


def _print(error):
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except SystemExit:
        raise
    except BaseException:
        sys.stderr.write("Error in sys.excepthook:\n")
        sys.__excepthook__(*sys.exc_info())


def _crashed(code, text):
    tell = getattr(core.host(), "crashed", None)
    if tell is not None:
        for stream in sys.stdout, sys.stderr:
            stream.flush()
        tell(code, text)


def _exit_code(error):
    if error.code is None:
        return 0
    if isinstance(error.code, int):
        return error.code & 0xFF
    print(error.code, file=sys.stderr)
    return 1
