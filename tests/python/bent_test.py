"""Loops that a program bends: what it overrides, gives or replaces is what is used, and the loop runs as asyncio's would.

The programs are of the kinds that test clocks, nest_asyncio and input hooks are of. Run with every loop traced, too.
"""

import asyncio
import heapq
import selectors
import socket
import threading
import time
import unittest
from unittest import mock

import loopscope


class BentTest(unittest.TestCase):
    def make(self, kind=loopscope.EventLoop, *args):
        loop = kind(*args)
        self.addCleanup(loop.close)
        return loop

    def travel(self, loop, ahead):
        """A sleep of an hour is over at once where `ahead(seconds)` lets the loop's time go on."""

        async def main():
            sleeping = asyncio.ensure_future(asyncio.sleep(3600, "slept"))
            await asyncio.sleep(0)
            ahead(3600)
            return await asyncio.wait_for(sleeping, 7200)

        begin = time.monotonic()
        self.assertEqual(loop.run_until_complete(main()), "slept")
        self.assertLess(time.monotonic() - begin, 10)

    # -- What a subclass overrides

    def test_asyncios_own_calls_go_through_what_is_overridden(self):
        called = []

        def watched(name):
            def method(self, *args, **named):
                called.append(name)
                return getattr(super(Watched, self), name)(*args, **named)

            return method

        names = "call_at", "call_soon", "call_soon_threadsafe", "create_task", "create_future"
        Watched = type("Watched", (loopscope.EventLoop,), {name: watched(name) for name in names})
        loop = self.make(Watched)
        loop.call_later(0.001, loop.stop)
        self.assertEqual(called, ["call_at"])
        loop.run_forever()

        async def main():
            await asyncio.create_task(asyncio.sleep(0.001))
            await loop.run_in_executor(None, int)

        called.clear()
        loop.run_until_complete(main())
        self.assertLessEqual(set(names), set(called))

    def test_the_time_of_a_subclass_decides_when_timers_are_due(self):
        class Travelling(loopscope.EventLoop):
            offset = 0

            def time(self):
                return super().time() + self.offset

        loop = self.make(Travelling)
        self.travel(loop, lambda seconds: setattr(loop, "offset", loop.offset + seconds))

    def test_a_time_that_is_put_into_the_loop_while_it_runs_does_too(self):
        loop = self.make()
        now = loop.time
        self.travel(loop, lambda seconds: setattr(loop, "time", lambda: now() + seconds))

    def test_a_time_that_is_put_into_the_class_holds_for_the_next_run(self):
        class Plain(loopscope.EventLoop):
            pass

        loop = self.make(Plain)
        offset, now = [0], loop.time
        with mock.patch.object(Plain, "time", lambda self: now() + offset[0]):
            self.travel(loop, lambda seconds: offset.__setitem__(0, seconds))

    def test_a_loop_that_changes_its_class_has_the_new_ones_time(self):
        loop = self.make()
        now, offset = loop.time, [0]
        loop.__class__ = type("Late", (loopscope.EventLoop,), {"time": lambda self: now() + offset[0]})
        self.travel(loop, lambda seconds: offset.__setitem__(0, seconds))

    def test_turns_of_a_subclass_are_the_turns(self):
        class Counted(loopscope.EventLoop):
            turns = 0

            def _run_once(self):
                self.turns += 1
                super()._run_once()

        loop = self.make(Counted)

        async def main():
            for _ in range(5):
                await asyncio.sleep(0)

        loop.run_until_complete(main())
        self.assertGreaterEqual(loop.turns, 6)

    def test_a_task_factory_makes_all_tasks(self):
        made = []

        class Mine(asyncio.Task):
            pass

        def factory(loop, coro, **options):
            made.append(coro.__name__)
            return Mine(coro, loop=loop, **options)

        loop = self.make()
        loop.set_task_factory(factory)

        async def child():
            return type(asyncio.current_task())

        async def main():
            return await asyncio.gather(child(), asyncio.create_task(child()))

        self.assertEqual(loop.run_until_complete(main()), [Mine, Mine])
        self.assertEqual(sorted(made), ["child", "child", "main"])

    def test_classes_that_a_program_puts_in_asyncios_place_are_made(self):
        loop = self.make()
        loop.create_future()  # asyncio's own were asked for before

        class Task(asyncio.Task):
            pass

        class Future(asyncio.Future):
            pass

        async def main():
            return type(asyncio.current_task()), type(loop.create_future())

        with mock.patch("asyncio.tasks.Task", Task), mock.patch("asyncio.futures.Future", Future):
            self.assertEqual(loop.run_until_complete(main()), (Task, Future))

    # -- A selector of the program's

    def test_a_selector_of_the_programs_own_class_waits(self):
        class Counting(selectors.DefaultSelector):
            selected = 0

            def select(self, timeout=None):
                self.selected += 1
                return super().select(timeout)

        selector = Counting()
        loop = self.make(loopscope.EventLoop, selector)
        self.use_everything(loop)
        self.assertGreater(selector.selected, 3)

    def test_a_plain_selector_may_be_given_too(self):
        for kind in selectors.SelectSelector, selectors.DefaultSelector:
            with self.subTest(kind.__name__):
                self.use_everything(self.make(loopscope.EventLoop, kind()))

    def use_everything(self, loop):
        """Timers, descriptors and threads."""

        async def main():
            one, other = socket.socketpair()
            with one, other:
                one.setblocking(False)
                threading.Timer(0.01, other.send, (b"hello",)).start()
                got = await asyncio.wait_for(loop.sock_recv(one, 10), 10)
            await asyncio.sleep(0.001)
            return got, await asyncio.to_thread(str, 5)

        self.assertEqual(loop.run_until_complete(main()), (b"hello", "5"))

    def test_a_selector_that_is_wrapped_later_waits(self):
        loop = self.make()
        waited = []
        original = loop._selector.select
        loop._selector.select = lambda timeout=None: (waited.append(timeout), original(timeout))[1]
        self.use_everything(loop)
        self.assertTrue(waited)

    def test_time_passes_when_the_programs_selector_says_so(self):
        loop = self.make()
        now, offset = loop.time, [0.0]
        original = loop._selector.select

        def select(timeout=None):
            offset[0] += timeout or 0
            return original(0)

        loop.time = lambda: now() + offset[0]
        loop._selector.select = select
        self.travel(loop, lambda seconds: None)

    # -- The queue and the heap

    def test_queue_and_heap_tell_the_truth(self):
        loop = self.make()
        self.assertEqual(list(loop._ready), [])
        loop = self.make()
        soon, later, sooner = loop.call_soon(print), loop.call_later(20, print), loop.call_later(10, print)
        self.assertEqual(list(loop._ready), [soon])
        self.assertEqual([heapq.heappop(loop._scheduled) for _ in range(2)], [sooner, later])
        self.assertIs(loop._ready.popleft(), soon)
        loop.call_soon(loop.stop)
        loop.run_forever()

    def test_what_is_cancelled_before_it_is_looked_at_does_not_run(self):
        loop, said = self.make(), []
        timer = loop.call_later(0, said.append, "timer")
        timer.cancel()
        loop.call_soon(said.append, "soon").cancel()
        self.assertIsNotNone(loop._ready)
        late = loop.call_later(0, said.append, "late")
        late.cancel()
        self.assertTrue(late.cancelled())
        loop.call_later(0.001, loop.stop)
        loop.run_forever()
        self.assertEqual(said, [])

    def test_run_once_runs_a_turn(self):
        loop, said = self.make(), []
        loop.call_soon(said.append, 1)
        loop.call_soon(lambda: loop.call_soon(said.append, 2))
        loop._run_once()
        self.assertEqual(said, [1])
        loop._run_once()
        self.assertEqual(said, [1, 2])

    def test_a_loop_may_be_run_within_itself_by_its_queue(self):
        # As nest_asyncio does it: turns of its own, made of what it finds in the loop.
        def run_once(self):
            ready, scheduled = self._ready, self._scheduled
            timeout = 0 if ready or self._stopping else None
            if timeout is None and scheduled:
                timeout = max(0, scheduled[0].when() - self.time())
            self._process_events(self._selector.select(timeout))
            while scheduled and scheduled[0].when() <= self.time() + self._clock_resolution:
                ready.append(heapq.heappop(scheduled))
            for _ in range(len(ready)):
                if not ready:
                    break
                handle = ready.popleft()
                if not handle._cancelled:
                    outer = asyncio.tasks._current_tasks.pop(self, None)
                    try:
                        handle._run()
                    finally:
                        if outer is not None:
                            asyncio.tasks._current_tasks[self] = outer

        def run_within(loop, coro):
            task = asyncio.ensure_future(coro, loop=loop)
            while not task.done():
                loop._run_once()
            return task.result()

        class Nested(loopscope.EventLoop):
            pass

        async def inner(seconds):
            await asyncio.sleep(seconds)
            return await asyncio.to_thread(str, seconds)

        async def main(loop):
            beside = asyncio.ensure_future(inner(0.002))
            Nested._run_once = run_once
            return run_within(loop, inner(0.001)), run_within(loop, inner(0.003)), await beside

        loop = self.make(Nested)
        with mock.patch("asyncio.tasks.Task", asyncio.tasks._PyTask):
            self.assertEqual(loop.run_until_complete(main(loop)), ("0.001", "0.003", "0.002"))
            self.assertEqual(loop.run_until_complete(inner(0)), "0")


if __name__ == "__main__":
    unittest.main()
