"""Which CPython is asked, and what older ones cannot answer. The reference is 3.13."""

import os
import pathlib
import shutil
import subprocess
import sys

OLDEST = (3, 11)
REFERENCE = (3, 13)

# What an older CPython lacks or does otherwise: the operation, and the first version that is the reference for it.
SINCE = {
    "gather": (3, 12),  # of what is done: a turn more before
    "gather_list": (3, 12),
    "wait_for": (3, 12),  # before, a task of its own for the coroutine
    "eager": (3, 12),
    "context.mine": (3, 12),  # Task.get_context
    "uncancel": (3, 13),  # to zero takes back what was not delivered yet
    "uncancel_self": (3, 13),
    "timeout": (3, 13),  # the same, and TimeoutError out of a cancelled group
    "timeout_at": (3, 13),
    "group": (3, 13),  # what a cancellation from outside does to a group that fails
    "as_completed": (3, 13),  # counts with a queue
    "queue.shutdown": (3, 13),
    "queue.join": (3, 13),
    "condition.wait": (3, 13),  # passes on a notification whose waiter was cancelled
    "condition.wait_for": (3, 13),
    "condition.with_wait": (3, 13),
    "semaphore.acquire": (3, 13),  # fair to waiters that were woken and cancelled
    "semaphore.with": (3, 13),
}


def answers(name):
    """Whether the CPython that runs this is the oracle for the operation."""
    return sys.version_info >= SINCE.get(name, OLDEST)


def _candidates():
    yield sys.executable
    for minor in range(REFERENCE[1], OLDEST[1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            yield found
    yield from pathlib.Path.home().glob(".pyenv/versions/3.*/bin/python3")


def _version(python):
    ask = "import sys; print(*sys.version_info[:2])"
    done = subprocess.run([python, "-c", ask], capture_output=True, text=True)
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else (0, 0)


def run_in_the_newest():
    """Goes on in the newest CPython of this machine that is not newer than the reference."""
    if sys.version_info[:2] == REFERENCE or "LOOPSCOPE_FUZZ_PYTHON" in os.environ:
        return
    known = {str(python): _version(python) for python in _candidates()}
    usable = {python: version for python, version in known.items() if version <= REFERENCE}
    best = max(usable, key=usable.get, default=sys.executable)
    os.environ["LOOPSCOPE_FUZZ_PYTHON"] = best
    if usable.get(best, (0, 0)) > sys.version_info[:2]:
        os.execv(best, [best, "-B", *sys.argv])
