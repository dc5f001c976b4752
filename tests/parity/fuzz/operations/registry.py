"""The operations that programs are made of: what each is called, what it takes, how often it comes, and what it does.

One file of this folder for each noun of asyncio; its twin in C++ stands beside it under the same name.
"""

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Operation:
    name: str
    family: str  # a random program takes some families, not all
    arguments: tuple  # what generate.py makes of them: "thing", "body", "delay" ...
    weight: float  # how often it comes in a body
    callback_weight: float  # ... and as a callback
    run: Callable  # (machine, words); a coroutine function if it waits
    waits: bool


ALL: dict[str, Operation] = {}


def _register(name, family, arguments, weight, callback_weight, waits):
    def register(run):
        assert name not in ALL, name
        ALL[name] = Operation(
            name, family, tuple(arguments.split()), weight, callback_weight, run, waits
        )
        return run

    return register


def waits(name, family, arguments="", weight=4):
    """An operation that awaits: only in bodies."""
    return _register(name, family, arguments, weight, 0, True)


def acts(name, family, arguments="", weight=4, callback=0):
    """An operation that does not await, and so can be a callback, too."""
    return _register(name, family, arguments, weight, callback, False)
