"""gather()"""

import asyncio
import sys

from .registry import acts


@acts("gather", "gather", "keep 3*awaitable", weight=6)
def gather(machine, words):
    """ "keep 2 b1": of the third thing and a new coroutine of body 1."""
    arguments = list(machine.awaitables(words[1:]))
    if sys.version_info < (3, 12) and any(map(is_done, arguments)):
        machine.incomparable = "gathers what is done: a turn more in CPython 3.11"
    if arguments:
        keep = words[0] == "keep"
        machine.add(asyncio.gather(*arguments, return_exceptions=keep), "gather")


def is_done(argument):
    return isinstance(argument, asyncio.Future) and argument.done()


@acts("gather_list", "gather", "keep 3*thing", weight=3, callback=0.5)
def gather_list(machine, words):
    """The same of a list, in C++ a vector."""
    gather(machine, words)
