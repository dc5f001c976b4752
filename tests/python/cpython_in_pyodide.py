"""cpython_in_pyodide.py MODULE ours|asyncio RESULT [ONLY]: one module of CPython's tests of asyncio, in Pyodide.

For cpython_suite_pyodide.mjs, which has the tests lie beside this file. Appends lines "TEST<tab>OUTCOME" to RESULT, "running"
first: a test that ends the interpreter has no other. Tests of which RESULT tells already are left out.

A host without sockets has no selector, so asyncio's own loop is here its BaseEventLoop, on a selector that only waits.
"""

import asyncio
import asyncio.events
import asyncio.unix_events
import sys
import threading
import time

import loopscope
from pyodide.ffi import can_run_sync


class Waiting:
    """A selector without anything to select."""

    def __init__(self):
        self._woken = threading.Event()

    def select(self, timeout=None):
        if threading.active_count() > 1:
            self._woken.wait(timeout)
            self._woken.clear()
        elif timeout is None:
            raise RuntimeError("nothing can wake the loop")
        else:
            time.sleep(timeout)
        return ()

    def wake(self):
        self._woken.set()

    def close(self):
        pass


class StockLoop(asyncio.BaseEventLoop):
    def __init__(self, selector=None):
        super().__init__()
        self._selector = Waiting()

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        self._selector.wake()


class OurLoop(loopscope.EventLoop):
    made = 0

    def __init__(self, selector=None):
        super().__init__(selector)
        OurLoop.made += 1


def use_loop(loop):
    """Wherever the tests make a loop they get this one."""
    class Policy(loopscope.EventLoopPolicy if loop is OurLoop else asyncio.events._BaseDefaultEventLoopPolicy):
        _loop_factory = loop

    loop.__name__ = loop.__qualname__ = "EventLoop"
    for module in asyncio, asyncio.unix_events:
        module.SelectorEventLoop = module.EventLoop = loop
        module._DefaultEventLoopPolicy = Policy
    asyncio.events._set_event_loop_policy(Policy())


def allow_sockets(allowed):
    """The tests' package, and some of its modules, say that all of it needs sockets and threads."""
    from test import support
    from test.support import threading_helper

    threading_helper.can_start_thread = can_run_sync()
    support.has_socket_support = allowed


def main(module, which, result, only=None):
    import cpython_outcomes

    class Told(cpython_outcomes.Outcomes):
        def startTest(self, test):
            note(test.id(), "running")
            super().startTest(test)

        def stopTest(self, test):
            super().stopTest(test)
            note(test.id(), self.outcomes.get(test.id(), "passed"))  # no outcome of its own: all its subtests passed

    def note(*words):
        print(*words, sep="\t", file=file, flush=True)

    use_loop(OurLoop if which == "ours" else StockLoop)
    with open(result, "a+") as file:
        file.seek(0)
        told = {line.split("\t")[0] for line in file}
        allow_sockets(True)
        tests = [test for test in cpython_outcomes.tests_of(module, only) if test.id() not in told]
        allow_sockets(False)
        outcomes = cpython_outcomes.run(tests, only, Told)
        for name, outcome in outcomes.items():
            note(name, outcome)  # of classes and modules, too
        note("ended", OurLoop.made)


main(*sys.argv[1:])
