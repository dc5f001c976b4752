"""How asyncio comes to use our loop: by a policy, as tutorials know it, or as run()'s loop_factory."""

import asyncio
import sys
import warnings
from asyncio import events

from .host import EventLoop

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    _Base = getattr(events, "_BaseDefaultEventLoopPolicy", None) or events.BaseDefaultEventLoopPolicy
    _Default = getattr(asyncio, "_DefaultEventLoopPolicy", None) or asyncio.DefaultEventLoopPolicy


class EventLoopPolicy(_Default):
    """asyncio's default policy, with our loop."""

    _loop_factory = EventLoop

    def get_event_loop(self):
        """Makes a loop for the main thread where there is none yet.

        Python 3.14 raises instead; programs that were written for older ones go on to work.
        """
        import threading

        local = self._local
        fresh = local._loop is None and not getattr(local, "was_set", False)
        if fresh and threading.current_thread() is threading.main_thread():
            self.set_event_loop(self.new_event_loop())
        return super().get_event_loop()

    def set_event_loop(self, loop):
        # From then on a missing loop is missing: asyncio.run() unsets it.
        self._local.was_set = True
        super().set_event_loop(loop)


def new_event_loop():
    return EventLoop()


def install():
    """From now on asyncio's new loops are ours. uvloop: uvloop.install"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        asyncio.set_event_loop_policy(EventLoopPolicy())


def take_names():
    """asyncio's names for its own loop and policy are ours: programs derive from them, and call them."""
    ours = {
        "EventLoop": EventLoop,
        "SelectorEventLoop": EventLoop,
        "DefaultEventLoopPolicy": EventLoopPolicy,
        "_DefaultEventLoopPolicy": EventLoopPolicy,
    }
    for module in asyncio, sys.modules[_Default.__module__]:
        for name in ours.keys() & vars(module).keys():
            setattr(module, name, ours[name])


def run(main, *, debug=None):
    """asyncio.run() on our loop. uvloop: uvloop.run"""
    if not hasattr(asyncio, "Runner"):
        raise RuntimeError("loopscope needs Python 3.11 or newer")
    with asyncio.Runner(debug=debug, loop_factory=EventLoop) as runner:
        return runner.run(main)
