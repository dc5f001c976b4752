"""What a loop stands on: its `core`, the C++ loop in the words of an interpreter.

The loop class (loop.py) is the same file in both twins; the core below it has two implementations with one interface. Natively
it is the extension module `_loopscope`, in the browser JavaScript over the slim module; both are thin over
native/src/guest/guest_loop.hpp, where each call is described once more in C++. Who starts Python says which it is: provide().

Only numbers, strings, booleans and None cross. The loop looks each method up once and keeps it bound. The core calls nothing
back: it is asked (`next()`), so that a host that must not be blocked can wait in its own way between two questions.

Times are seconds (float) on the loop's clock, handles are numbers from 1, and so are tasks, futures and resources.

Time and scheduling
    now() -> seconds
    call_soon() -> handle          to the end of the ready queue
    call_at(when) -> handle        to the timers; equal deadlines keep the order in which they were made
    cancel(handle)                 next() will not give it; unknown and old handles are ignored
    wake()                         ends the wait that is going on, or the next one; from any thread

Turns: asyncio's BaseEventLoop._run_once
    begin_turn(stopping) -> wait   drops cancelled timers and says how to wait:
                                     0      not at all, next() may be called. Under the virtual clock time has passed by now.
                                     > 0    so many seconds, then collect()
                                     FOREVER   until wake() or an event of the host, then collect()
                                     POLL   not at all, but look for events of the host, then collect(). Where threads take
                                            turns under the virtual clock, they go on, and time passes, in wait().
                                     DEADLOCK  the virtual clock's: nothing can ever happen
    wait(wait) -> 0 or DEADLOCK    waits; a loop class may bring its own instead. FOREVER: until something happens.
    collect()                      moves the timers that are due to the ready queue
    next() -> handle               the next one of those that were ready when the turn began, 0 when they are through.
                                   Ends the run of the one before, and at 0 the turn.

Life
    loop_start(), loop_stop()      around run_forever(); loop_stop() also ends a turn that was left in the middle
    close()                        drops what is scheduled
    new_task(), new_future(), new_resource() -> number     also where nothing is traced
    number                         which loop this is in the trace, from 1
    backend                        its name: "epoll", "virtual" ...
    virtual                        whether time passes only while all wait
    debug                          whether new loops are in debug mode

Trace: only called where `traced` is true. `by_kind` and `by_id` say who caused it: "task", "future" or "handle" with its number,
"yield" or "" (nobody of the loop) with 0. A place is three arguments: function, file name, line; line 0 is no place. A `when`
that is absent is None.
    traced
    mute(on)                       while on, nothing is recorded: library tasks a reader did not write
    note(label, task, by_kind, by_id, func, file, line)     what the next call_soon() or call_at() is; without it: "callback".
                                   With a task and a cause it wakes that task.
    raised(text)                   the handle that runs ends with an error
    task_created(task, name, coro, parent, func, file, line)
    step_begin(task, throws, func, file, line)      "" or the type of what is thrown into it; a place at the first step
    suspended(task, kind, id, handle, when, resource, op, stack)     stack: lines "func\\tfile\\tline", outermost first
    cancel_requested(task, by_kind, by_id, func, file, line)
    uncancelled(task, left, func, file, line)
    task_done(task, outcome, value, error, func, file, line)        outcome: "result", "exception" or "cancelled"; value may be None
    future_created(future, type, children, func, file, line)        children: lines "task\\t1" or "future\\t2"
    future_done(future, outcome, by_kind, by_id, error, func, file, line)
    resource(id, type, op, state, value, limit, waiters, by_kind, by_id, when, item, func, file, line)
                                   value, limit, when, item may be None
    log(level, text)               "warning" or "error"
"""

FOREVER = -1.0
DEADLOCK = -2.0
POLL = -3.0

_factory = None
_host = None


def provide(new_core, host=None):
    """Called once by who starts Python. `new_core()` makes a core for a new loop.

    `host` is what belongs to the process and not to a loop. It may have
        traced                    whether loops are traced
        virtual                   whether new loops have the virtual clock
        output(stream, text, func, file, line)      "stdout" or "stderr": what the program prints, where `traced`; in a page
                                  what is written to a descriptor is seen, and only
        writing(func, file, line)                   is told: where what comes next is written
        now() -> seconds          what the program's clocks show, where time is virtual: who asks ten thousand times while no
                                  time passes waits for a time to come, and it passes then
        pass_time(seconds)        what time.sleep() does under the virtual clock; other threads go on meanwhile
        begin_crew(), Seat, Lock, RLock, rest()      where threads take turns natively: see crew.py
        expect(change)            where time is virtual natively: so many answers more are to come from outside: see outside.py
        crashed(code, text)       where `traced`: nobody caught what ends the program
        exited(code)              the same: the process is about to end at once
        end_lines()               time is about to pass: the line that is not complete belongs to before
    """
    global _factory, _host
    _factory = new_core
    _host = host


def new_core(**options):
    if _factory is None:
        raise RuntimeError("loopscope has no core: nobody called loopscope.core.provide()")
    return _factory(**options)


def host():
    return _host
