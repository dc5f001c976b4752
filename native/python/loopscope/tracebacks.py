"""Tracebacks as a reader wants them: the program's own frames, without those of asyncio and of what started it."""

import sys
import traceback

from .places import is_machinery


def _prune(error):
    """The frames of the program, of one exception and of all that are linked to it."""
    pending, seen = [error], set()
    while pending:
        one = pending.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        own = [frame for frame in one.stack if not is_machinery(frame.filename)]
        if own:
            one.stack[:] = own
        pending += [one.__cause__, one.__context__, *(getattr(one, "exceptions", None) or ())]


def text_of(error):
    """As the interpreter prints it."""
    told = traceback.TracebackException(type(error), error, error.__traceback__)
    _prune(told)
    # A syntax error in the program itself has no frame but the one that compiled it.
    if isinstance(error, SyntaxError) and all(is_machinery(frame.filename) for frame in told.stack):
        told.stack.clear()
    return "".join(told.format())


def summary(error):
    """One line: what it is and what it says."""
    text = str(error).strip().splitlines()
    name = type(error).__qualname__
    return f"{name}: {text[0]}" if text else name


def excepthook(kind, error, tb):
    sys.stderr.write(text_of(error.with_traceback(tb)))
