"""Threads under the virtual clock, natively: they take turns, so that a program with threads says the same at every run.

Exactly one goes on at a time, and each until it sleeps, waits for a lock, runs a loop that waits, or ends; time passes when all of
them wait (native/src/backends/virtual_crew.hpp). The thread that has imported us leads: the others go on whenever it waits, in a
loop or not; where it waits in C, which we do not see, they go on by themselves after a second. Every `threading.Thread` that is
started has a seat in the crew for as long as it lives, a worker of a pool for as long as it has jobs. Replaced is only what lies
below the standard library's `threading`, as in a page: locks, how a thread starts and ends, and the queue of a pool. Conditions,
events, queues and executors are the standard library's own.

Free stay the threads that the standard library has for processes (they wait for what takes real time), those that were started
before us, and those of `_thread.start_new_thread()`.
"""

import _thread
import concurrent.futures.thread as pools
import functools
import os
import queue
import threading
import time
import types
from collections import deque

_FREE = ("asyncio.unix_events", "concurrent.futures.process", "multiprocessing")


class _Member:
    """A thread's part in the crew. `is_through`: who waits for the thread's end need not wait for others any more."""

    def __init__(self):
        self.seat = None
        self.is_through = threading.Event()

    def begin(self, seat):
        self.seat = seat
        seat.begin()

    def end(self):
        if not self.is_through.is_set():
            self.is_through.set()
        if self.seat is not None:
            seat, self.seat = self.seat, None
            seat.end()


class _Started:
    """Thread._started. The thread sets it first of all, and waits for its turn then; who starts it does not give way."""

    def __init__(self, member, seat):
        self._member, self._seat = member, seat
        self._is_set = False
        self._until_set = _thread.allocate_lock()
        self._until_set.acquire()

    def is_set(self):
        return self._is_set

    def set(self):
        self._is_set = True
        self._until_set.release()
        if self._seat is not None:
            self._member.begin(self._seat)

    def wait(self, timeout=None):
        with self._until_set:
            return True

    def _at_fork_reinit(self):
        self._until_set._at_fork_reinit()


class _Job:
    """A call in the queue of a pool, with a seat of its own."""

    def __init__(self, item):
        self._item = item
        self.seat = _host.Seat()

    @property
    def future(self):
        return self._item.future

    def run(self, *args):
        worker = threading.current_thread()._loopscope_member
        worker.runs = True
        try:
            self._item.run(*args)
        finally:
            worker.runs = False


class _Worker(_Member):
    """A thread of a pool. It is given its jobs, so that it does not matter which one comes first to take one."""

    def __init__(self):
        super().__init__()
        self.job = None  # the next one
        self.runs = False
        self.is_asked_for = _thread.allocate_lock()
        self.is_asked_for.acquire()


class JobQueue:
    """The queue between a pool and its workers: queue.SimpleQueue, as far as they use it.

    Who gets which job is settled when it is submitted, or when a worker comes back for one.
    """

    def __init__(self):
        self._lock = _thread.allocate_lock()
        self._jobs = deque()  # that nobody has been given
        self._given = deque()  # workers that have not taken theirs
        self._idle = deque()  # workers
        self._ends = False  # who finds nothing gets None

    def add(self, worker):
        """It is about to start: the seat with which it begins, or None."""
        with self._lock:
            if not self._give(worker):
                self._rest(worker)
            return worker.job and worker.job.seat

    def remove(self, worker):
        """It could not start."""
        with self._lock:
            if worker.job is not None:
                self._given.remove(worker)
                worker.job.seat = _host.Seat()
                self._jobs.appendleft(worker.job)
            else:
                self._idle.remove(worker)
                _host.rest(-1)

    def put(self, item):
        with self._lock:
            if item is None:
                self._ends = True
            else:
                self._jobs.append(_Job(item))
            if self._idle:
                worker = self._idle.popleft()
                _host.rest(-1)
                self._give(worker)
                worker.is_asked_for.release()

    def get(self, block=True, timeout=None):
        worker = threading.current_thread()._loopscope_member
        job = self._next(worker)
        if job is not None:
            return job
        with self._lock:
            waits = not self._ends
            if waits:
                self._rest(worker)
        worker.end()
        if waits:
            worker.is_asked_for.acquire()
        return self._next(worker)

    def get_nowait(self):
        worker = getattr(threading.current_thread(), "_loopscope_member", None)
        comes_back = isinstance(worker, _Worker) and not worker.runs
        job = self._next(worker) if comes_back else self._give_up()
        if job is None:
            raise queue.Empty
        return job

    def qsize(self):
        return len(self._jobs)

    def _rest(self, worker):
        self._idle.append(worker)
        _host.rest(+1)

    def _give(self, worker):
        if not self._jobs:
            return False
        worker.job = self._jobs.popleft()
        worker.job.seat.assign()
        worker.is_through.clear()
        self._given.append(worker)
        return True

    def _next(self, worker):
        """The job that its worker begins now, in its turn. Who gets it is settled before others go on."""
        with self._lock:
            if worker.job is None and not self._give(worker):
                return None
            job = worker.job
        if worker.seat is not job.seat:
            if worker.seat is not None:
                worker.seat.end()
            worker.begin(job.seat)
        with self._lock:
            worker.job = None
            self._given.remove(worker)
        return job

    def _give_up(self):
        """A job that has not begun, to be cancelled; whose worker will find that out."""
        with self._lock:
            for worker in self._given:
                if not worker.job.future.cancelled():
                    return worker.job
            return self._jobs.popleft() if self._jobs else None


def _is_free(thread):
    names = type(thread).__module__, getattr(thread._target, "__module__", None) or ""
    return any(name.startswith(_FREE) for name in names)


def _join(thread, timeout=None):
    member = getattr(thread, "_loopscope_member", None)
    if member is not None and thread is not threading.current_thread():
        # Its end, as far as others can see it; what is left of the thread takes no time.
        if not member.is_through.wait(timeout):
            return
    _originals.join(thread, timeout)


def _is_alive(thread):
    member = getattr(thread, "_loopscope_member", None)
    if type(member) is _Member and member.is_through.is_set():
        _originals.join(thread)
    return _originals.is_alive(thread)


def _start(thread):
    if not getattr(thread, "_initialized", False) or thread._started.is_set():
        return _originals.start(thread)  # which says what is wrong
    seat = jobs = None
    if thread._target is pools._worker:
        jobs = next(arg for arg in thread._args if isinstance(arg, JobQueue))
        member = thread._loopscope_member = _Worker()
        seat = jobs.add(member)
    elif _is_free(thread):
        member = None
    else:
        member = thread._loopscope_member = _Member()
        seat = _host.Seat()
    thread._started = _Started(member, seat)
    try:
        _originals.start(thread)
    except BaseException:
        if jobs is not None:
            jobs.remove(member)
        raise
    if seat is not None:
        seat.assign()


def _delete(thread):
    """The last that a thread does in Python."""
    _originals.delete(thread)
    member = getattr(thread, "_loopscope_member", None)
    if member is not None:
        member.end()


def _before_exit():
    """The interpreter is about to wait for all threads, in C, where nobody would let them go on."""
    pools._python_exit()
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.current_thread():
            thread.join()


def install(host):
    global _host, _originals
    _host = host
    host.begin_crew()
    os.register_at_fork(after_in_child=host.begin_crew)
    threading.Lock = threading._allocate_lock = host.Lock
    threading.RLock = threading._CRLock = host.RLock
    queue.SimpleQueue = queue._PySimpleQueue
    # They have it by its name, and may have it from before.
    threading._time = queue.time = time.monotonic
    pools.queue = types.SimpleNamespace(SimpleQueue=JobQueue, Empty=queue.Empty)
    thread = threading.Thread
    _originals = types.SimpleNamespace(
        start=thread.start, join=thread.join, is_alive=thread.is_alive, delete=thread._delete
    )
    for name, ours in ("start", _start), ("join", _join), ("is_alive", _is_alive), ("_delete", _delete):
        setattr(thread, name, functools.wraps(getattr(thread, name))(ours))
    threading._register_atexit(_before_exit)
