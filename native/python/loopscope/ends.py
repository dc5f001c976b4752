"""How a program ends, told to the trace where that is no ordinary exit."""

import atexit
import functools
import os
import sys

from . import tracebacks

INTERRUPTED = 128 + 2  # by SIGINT, as a shell reports it


def install(host):
    """Where `host` is traced, once in a process."""
    _tell_exits(host)
    atexit.register(_tell_uncaught, host)


def _tell_exits(host):
    """os._exit() ends the process at once, and nobody else would say so."""
    original, process = os._exit, os.getpid()

    @functools.wraps(original)
    def _exit(status):
        if os.getpid() == process:  # no child of it
            host.exited(status)
        original(status)

    os._exit = _exit


def _tell_uncaught(host):
    """The interpreter keeps what it prints because nobody has caught it."""
    error = getattr(sys, "last_value", None)
    if error is not None:
        host.crashed(*crash_of(error))


def crash_of(error):
    """The exit code, and what is said of it."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, "interrupted"
    return 1, tracebacks.summary(error)
