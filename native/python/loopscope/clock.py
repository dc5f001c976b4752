"""Python's clocks under the virtual clock, where the C library's are not ours: `time` and `datetime` tell the loop's time.

`loopscope run` does not need this: there the C library's own functions follow (program/virtual_process_time.cpp). A page does, and
so does a Python that has imported us.
"""

import copyreg
import datetime
import time

CALENDAR_BEGIN = 1577836800  # 2020-01-01 00:00 UTC, as for C++ programs
_NANOSECONDS = 1_000_000_000


def install(host):
    """`host.now()` and `host.pass_time(seconds)` are described in core.py."""
    now = host.now

    def now_ns():
        return round(now() * _NANOSECONDS)

    def sleep(seconds, /):
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        host.end_lines()
        host.pass_time(seconds)

    time.sleep = sleep
    time.monotonic = time.perf_counter = now
    time.monotonic_ns = time.perf_counter_ns = now_ns
    time.time = lambda: CALENDAR_BEGIN + now()
    time.time_ns = lambda: CALENDAR_BEGIN * _NANOSECONDS + now_ns()
    _patch_calendar()


def _patch_calendar():
    # gmtime() and its like without an argument ask the C library.
    for name in "gmtime", "localtime", "ctime":
        setattr(time, name, _with_time(getattr(time, name)))
    original_strftime = time.strftime
    time.strftime = lambda format, t=None, /: original_strftime(format, time.localtime() if t is None else t)
    datetime.date = _dated("date", datetime.date)
    datetime.datetime = _dated("datetime", datetime.datetime)


def _with_time(function):
    def told(seconds=None, /):
        return function(time.time() if seconds is None else seconds)

    told.__name__ = function.__name__
    told.__doc__ = function.__doc__
    return told


class _SameClass(type):
    """Instances of the original class count as instances of the one that stands in for it."""

    def __instancecheck__(cls, thing):
        return isinstance(thing, cls._original)

    def __subclasscheck__(cls, other):
        return issubclass(other, cls._original)


def _dated(name, original):
    members = {"_original": original, "__module__": "datetime", "__qualname__": name, "__doc__": original.__doc__}

    def make(cls, *args, **kwargs):
        if cls is stand_in:
            return original.__new__(original, *args, **kwargs)
        return original.__new__(cls, *args, **kwargs)

    members["__new__"] = make
    members["today"] = classmethod(lambda cls: cls.fromtimestamp(time.time()))
    if hasattr(original, "now"):
        members["now"] = classmethod(lambda cls, tz=None: cls.fromtimestamp(time.time(), tz))
        members["utcnow"] = classmethod(lambda cls: cls.utcfromtimestamp(time.time()))
    stand_in = _SameClass(name, (original,), members)
    # Instances are the original's, whose name now means the stand-in.
    copyreg.pickle(original, lambda value: (stand_in, value.__reduce_ex__(2)[1]))
    return stand_in
