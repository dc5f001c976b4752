"""Waiting for descriptors outside of our loops, under the virtual clock: `select.epoll` waits in its time.

Other libraries' loops (trio's, asyncio's own) wait by it. Their timeouts are the virtual clock's, whose time does not pass while a
thread waits in C.
"""

import select
import selectors

from . import core as cores

_READ = 1
_original = select.epoll


class epoll:
    """select.epoll: the core waits, for the descriptor that this is."""

    def __init__(self, sizehint=-1, flags=0):
        self._made(_original(sizehint, flags))

    @classmethod
    def fromfd(cls, fd):
        made = cls.__new__(cls)
        made._made(_original.fromfd(fd))
        return made

    def _made(self, original):
        self._original = original
        self._core = cores.new_core()
        self._core.mute(True)  # it is no loop of the program

    def __getattr__(self, name):
        return getattr(self._original, name)

    def __enter__(self):
        self._original.__enter__()
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        self._original.close()
        self._core.close()

    def poll(self, timeout=None, maxevents=-1):
        found = self._original.poll(0, maxevents)
        if found or timeout == 0:
            return found
        self._core.watch(self.fileno(), _READ)
        try:
            self._core.wait(cores.FOREVER if timeout is None or timeout < 0 else timeout)
            self._core.take_ready()
        finally:
            if not self.closed:
                self._core.watch(self.fileno(), 0)
        return self._original.poll(0, maxevents)


def install():
    select.epoll = epoll
    if hasattr(selectors, "EpollSelector"):
        selectors.EpollSelector._selector_cls = epoll
