"""Loopscope: asyncio's event loop on a C++ core that can be watched.

    import asyncio, loopscope
    asyncio.run(main(), loop_factory=loopscope.EventLoop)     # Python 3.12 and newer
    loopscope.run(main())                                     # the same on 3.11
    loopscope.install()                                       # for every new loop

The environment says how a loop is made, as for C++ programs: LOOPSCOPE_CLOCK, LOOPSCOPE_LOOP, LOOPSCOPE_TRACE, LOOPSCOPE_DEBUG.
"""

from .host import EventLoop
from .loop import DeadlockError
from .policy import EventLoopPolicy, install, new_event_loop, run

Loop = EventLoop  # uvloop's name

__all__ = ["DeadlockError", "EventLoop", "EventLoopPolicy", "install", "new_event_loop", "run"]
