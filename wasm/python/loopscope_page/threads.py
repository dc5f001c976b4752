"""Threads in a page that has one: each is a stack of its own that runs until it waits (JSPI), and nobody is interrupted.

Replaced is only what lies below the standard library's `threading`: locks, the start of a thread, who is the current one. Queues,
events, conditions, executors and run_in_executor() are the standard library's own.
"""

import _threading_local
import asyncio
import itertools
import queue
import threading
import time

from . import waits

_idents = itertools.count(1)
_MAIN = next(_idents)
_handles = []  # of the threads that were started


class _Token:
    """What one waits at and another wakes."""

    __slots__ = ("_number",)

    def __init__(self):
        self._number = _page.newToken()

    def wait(self, seconds=-1):
        """False when the time is over."""
        how = waits.for_promise(_page.park, self._number, seconds)
        if how == "stuck":
            raise RuntimeError("all threads wait for each other: nothing can ever happen")
        return how == "woken"

    def wake(self):
        _page.wakeThread(self._number)


class Lock:
    """_thread.lock: not owned by anybody. Who waited first is first."""

    def __init__(self):
        self._locked = False
        self._waiting = []

    def acquire(self, blocking=True, timeout=-1):
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        if not self._locked:
            self._locked = True
            return True
        if not blocking:
            return False
        token = _Token()
        self._waiting.append(token)
        try:
            got = token.wait(timeout)
        except BaseException:
            self._waiting = [other for other in self._waiting if other is not token]
            raise
        if not got and token in self._waiting:
            self._waiting.remove(token)
            return False
        return True  # release() has handed it over

    def release(self):
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        if self._waiting:
            self._waiting.pop(0).wake()
        else:
            self._locked = False

    def locked(self):
        return self._locked

    def _at_fork_reinit(self):
        self.__init__()

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *_):
        self.release()


class _Handle:
    """_thread._ThreadHandle: a thread from its start to its end."""

    def __init__(self):
        self.ident = None
        self._done = False
        self._waiting = []

    def is_done(self):
        return self._done

    def join(self, timeout=None):
        if self._done:
            return
        token = _Token()
        self._waiting.append(token)
        token.wait(-1 if timeout is None or timeout < 0 else timeout)

    def _set_done(self):
        self._done = True
        while self._waiting:
            self._waiting.pop(0).wake()


def _start(function, handle=None, daemon=True):
    handle = handle or _Handle()
    handle.ident = next(_idents)
    handle.daemon = daemon
    _handles.append(handle)
    thread = getattr(function, "__self__", None)
    if isinstance(thread, threading.Thread):
        # start() waits until the thread runs; that would let others run within it.
        thread._ident = handle.ident
        thread._started.set()

    def boot():
        with waits.as_thread(handle.ident):
            try:
                function()
            finally:
                handle._set_done()
                _handles.remove(handle)
        _page.threadExited()

    _page.spawnThread(waits.suspendable(boot))
    return handle


def _start_new_thread(function, arguments=(), keywords=None):
    return _start(lambda: function(*arguments, **(keywords or {}))).ident


def _refuse(*_args, **_options):
    raise RuntimeError("can't start new thread: threads need a host in which Python can wait (WebAssembly's JSPI)")


def _join_all():
    for handle in list(_handles):
        if not handle.daemon:
            handle.join()


def install(page):
    global _page
    _page = page
    if not page.canSuspend:
        threading._start_joinable_thread = threading._start_new_thread = _refuse
        return
    waits.ident = _MAIN
    threading.get_ident = lambda: waits.ident
    threading.get_native_id = threading.get_ident
    threading.Lock = threading._allocate_lock = Lock
    threading.RLock = threading._CRLock = threading._PyRLock
    threading._ThreadHandle = _Handle
    threading._start_joinable_thread = _start
    threading._start_new_thread = _start_new_thread
    threading._thread_shutdown = _join_all
    threading.local = _threading_local.local
    queue.SimpleQueue = queue._PySimpleQueue
    _adopt_main_thread()
    asyncio.get_event_loop_policy()._local = _threading_local.local()
    asyncio.get_event_loop_policy()._local._loop = None


def _adopt_main_thread():
    main = threading.main_thread()
    threading._active = {_MAIN: main}
    main._ident = _MAIN
    handle = main._os_thread_handle = _Handle()
    handle.ident = _MAIN
    main._started = threading.Event()
    main._started.set()
    threading._active_limbo_lock = threading.RLock()
    threading._shutdown_locks_lock = threading.Lock()


def sleep(seconds):
    """time.sleep() where other threads run meanwhile."""
    _Token().wait(seconds)
