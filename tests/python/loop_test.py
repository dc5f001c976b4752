"""`import loopscope` in any Python: the loop class, used as asyncio's. PYTHONPATH says where the package and its module are."""

import asyncio
import contextvars
import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
import weakref

import loopscope


class LoopTest(unittest.TestCase):
    def setUp(self):
        self.loop = loopscope.EventLoop()
        self.addCleanup(self.loop.close)
        self.said = []

    def say(self, *words):
        self.said.append(words[0] if len(words) == 1 else words)

    def run_ready(self):
        self.loop.call_soon(self.loop.stop)
        self.loop.run_forever()

    # -- What it is

    def test_it_is_an_asyncio_loop_with_asyncios_handles(self):
        self.assertIsInstance(self.loop, asyncio.SelectorEventLoop)
        self.assertIsInstance(self.loop.call_soon(print), asyncio.Handle)
        timer = self.loop.call_later(5, print)
        self.assertIsInstance(timer, asyncio.TimerHandle)
        self.assertAlmostEqual(timer.when(), self.loop.time() + 5, delta=1)

    def test_run_and_the_policy_make_it(self):
        async def main():
            return type(asyncio.get_running_loop())

        self.assertIs(loopscope.run(main()), loopscope.EventLoop)
        before = asyncio.get_event_loop_policy()
        loopscope.install()
        try:
            self.assertIs(asyncio.run(main()), loopscope.EventLoop)
        finally:
            asyncio.set_event_loop_policy(before)

    def test_it_dies_when_nobody_holds_it(self):
        loop = loopscope.EventLoop()
        loop.run_until_complete(asyncio.sleep(0))
        loop.call_later(100, print, loop)
        loop.close()
        gone = weakref.ref(loop)
        del loop
        gc.collect()
        self.assertIsNone(gone())

    def test_an_unclosed_loop_that_nobody_holds_is_collected_with_all_that_is_scheduled(self):
        said = []

        class Payload:
            pass

        async def sleeps():
            try:
                await asyncio.sleep(3600)
            finally:
                said.append("finally")

        def use_and_drop():
            loop = loopscope.EventLoop()
            one, other = socket.socketpair()
            held = [Payload() for _ in range(4)]
            loop.call_later(3600, lambda: held)
            loop.create_task(sleeps())
            loop.run_until_complete(asyncio.sleep(0.001))
            loop.call_soon(lambda: held)
            loop.add_reader(one, lambda: (held, other))
            loop.set_task_factory(lambda loop, coro, **options: held)
            loop.call_later(1, print, loop).cancel()
            return [weakref.ref(thing) for thing in (loop, one, *held)]

        with self.assertWarns(ResourceWarning), self.assertLogs("asyncio") as logs:
            left = use_and_drop()
            gc.collect()
        self.assertEqual([reference() for reference in left], [None] * len(left))
        self.assertEqual(said, ["finally"])
        self.assertIn("Task was destroyed but it is pending!", logs.output[0])

    def test_a_circle_through_a_transport_is_collected(self):
        class Holds(asyncio.Protocol):
            transport = None

        async def main():
            one, other = socket.socketpair()
            with other:
                transport, protocol = await self.loop.create_connection(Holds, sock=one)
                protocol.transport = transport
                transport.pause_reading()
                gone = weakref.ref(protocol)
                transport.abort()
            return gone

        gone = self.loop.run_until_complete(main())
        self.loop.run_until_complete(asyncio.sleep(0))
        gc.collect()
        self.assertIsNone(gone())

    # -- Order

    def test_callbacks_run_in_order_and_what_they_schedule_in_the_next_turn(self):
        self.loop.call_soon(lambda: (self.say(1), self.loop.call_soon(self.say, 3)))
        self.loop.call_soon(self.say, 2)
        self.run_ready()
        self.assertEqual(self.said, [1, 2])
        self.run_ready()
        self.assertEqual(self.said, [1, 2, 3])

    def test_equal_deadlines_keep_the_order_in_which_they_were_made(self):
        when = self.loop.time()
        for number in range(20):
            self.loop.call_at(when, self.say, number)
        self.run_ready()
        self.run_ready()
        self.assertEqual(self.said, list(range(20)))

    def test_what_is_cancelled_does_not_run(self):
        self.loop.call_soon(self.say, "soon").cancel()
        timer = self.loop.call_later(0, self.say, "timer")
        timer.cancel()
        timer.cancel()
        self.assertTrue(timer.cancelled())
        second = None
        self.loop.call_soon(lambda: second.cancel())
        second = self.loop.call_soon(self.say, "second")
        self.run_ready()
        self.assertEqual(self.said, [])

    def test_many_cancelled_timers_are_dropped(self):
        alive = [weakref.ref(self.loop.call_later(3600, print)) for _ in range(1)]
        for timer in [self.loop.call_later(3600, print) for _ in range(1000)]:
            timer.cancel()
        del timer
        self.run_ready()
        gc.collect()
        left = [thing for thing in gc.get_objects() if isinstance(thing, asyncio.TimerHandle)]
        self.assertEqual(left, [reference() for reference in alive])

    # -- Errors

    def test_an_exception_goes_to_the_handler_and_the_loop_goes_on(self):
        self.loop.set_exception_handler(lambda loop, context: self.say(context["message"], repr(context["exception"])))
        self.loop.call_soon(int, "x")
        self.loop.call_soon(self.say, "on")
        self.run_ready()
        self.assertEqual(self.said[1], "on")
        self.assertTrue(self.said[0][0].startswith("Exception in callback"))
        self.assertIn("ValueError", self.said[0][1])

    def test_a_system_exit_ends_the_run_and_what_is_left_runs_in_the_next(self):
        self.loop.call_soon(sys.exit, 3)
        self.loop.call_soon(self.say, "left")
        with self.assertRaises(SystemExit):
            self.loop.run_forever()
        self.assertEqual(self.said, [])
        self.run_ready()
        self.assertEqual(self.said, ["left"])

    def test_a_closed_loop_takes_nothing(self):
        self.loop.close()
        for schedule in (
            lambda: self.loop.call_soon(print),
            lambda: self.loop.call_soon_threadsafe(print),
            lambda: self.loop.call_later(1, print),
            self.loop.run_forever,
        ):
            with self.assertRaisesRegex(RuntimeError, "Event loop is closed"):
                schedule()

    def test_wrong_arguments_are_asyncios_errors(self):
        with self.assertRaisesRegex(TypeError, "delay must not be None"):
            self.loop.call_later(None, print)
        with self.assertRaisesRegex(TypeError, "when cannot be None"):
            self.loop.call_at(None, print)
        with self.assertRaises(TypeError):
            self.loop.call_soon()
        with self.assertRaises(TypeError):
            self.loop.call_soon(print, colour="red")

    def test_arguments_may_be_given_by_name(self):
        now = self.loop.time()
        self.loop.call_soon(callback=lambda: self.say("soon"))
        self.loop.call_soon_threadsafe(callback=lambda: self.say("from anywhere"))
        self.loop.call_later(delay=0.001, callback=lambda: self.say("later"))
        self.loop.call_later(0.002, callback=self.loop.stop, context=None)
        self.assertEqual(self.loop.call_at(callback=print, when=now + 50).when(), now + 50)
        self.loop.run_forever()
        self.assertEqual(self.said, ["soon", "from anywhere", "later"])
        with self.assertRaisesRegex(TypeError, r"BaseEventLoop.call_later\(\) missing 1 required positional argument: 'callback'"):
            self.loop.call_later(5)

    def test_what_is_no_descriptor_is_asyncios_error(self):
        with open(os.devnull, "rb") as null:
            for add in self.loop.add_reader, self.loop.add_writer:
                with self.assertRaisesRegex(ValueError, "Invalid file descriptor: -1"):
                    add(-1, print)
                with self.assertRaises(PermissionError):
                    add(null, print)
                with self.assertRaisesRegex(ValueError, "Invalid file object: 'name'"):
                    add("name", print)
                with self.assertRaises(OSError):
                    add(2**20, print)
                with self.assertRaises((OverflowError, ValueError)):
                    add(2**40, print)
        for remove in self.loop.remove_reader, self.loop.remove_writer:
            with self.assertRaisesRegex(ValueError, "Invalid file descriptor: -1"):
                remove(-1)
            self.assertFalse(remove(2**20))

    # -- Contexts, factories, threads, signals

    def test_a_callback_runs_in_the_context_it_was_made_in_or_given(self):
        variable = contextvars.ContextVar("variable", default="none")
        variable.set("here")
        self.loop.call_soon(lambda: self.say(variable.get()))
        variable.set("later")
        self.loop.call_soon(lambda: self.say(variable.get()), context=contextvars.Context())
        self.run_ready()
        self.assertEqual(self.said, ["here", "none"])

    def test_a_task_factory_makes_the_tasks(self):
        class Mine(asyncio.Task):
            pass

        async def nothing():
            pass

        self.loop.set_task_factory(lambda loop, coro, **options: Mine(coro, loop=loop, **options))
        task = self.loop.create_task(nothing())
        self.assertIsInstance(task, Mine)
        self.loop.run_until_complete(task)
        self.loop.set_task_factory(None)
        named = self.loop.create_task(nothing(), name="named")
        self.assertNotIsInstance(named, Mine)
        self.assertEqual(named.get_name(), "named")
        self.loop.run_until_complete(named)

    def test_another_thread_wakes_it(self):
        def later():
            time.sleep(0.05)
            self.loop.call_soon_threadsafe(self.loop.stop)

        thread = threading.Thread(target=later)
        thread.start()
        begin = time.monotonic()
        self.loop.run_forever()
        thread.join()
        self.assertLess(time.monotonic() - begin, 5)

    def test_threads_may_schedule_and_cancel_at_any_moment(self):
        before = sys.getswitchinterval()
        self.addCleanup(sys.setswitchinterval, before)
        sys.setswitchinterval(1e-6)
        each, threads, ran = 2000, 4, []

        def work():
            for number in range(each):
                handle = self.loop.call_soon_threadsafe(ran.append, number)
                if number % 3 == 0:
                    handle.cancel()
            self.loop.call_soon_threadsafe(ended.append, None)
            self.loop.call_soon_threadsafe(lambda: len(ended) == threads and self.loop.stop())

        ended = []
        self.loop.call_later(60, self.loop.stop)
        workers = [threading.Thread(target=work) for _ in range(threads)]
        for worker in workers:
            worker.start()
        self.loop.run_forever()
        for worker in workers:
            worker.join()
        kept = [number for number in range(each) if number % 3]
        self.assertEqual(sorted(number for number in ran if number % 3), sorted(kept * threads))

    def test_a_signal_handler_runs_in_the_loop(self):
        self.loop.add_signal_handler(signal.SIGUSR1, lambda: (self.say("signal"), self.loop.stop()))
        self.loop.call_later(0.01, os.kill, os.getpid(), signal.SIGUSR1)
        self.loop.call_later(20, self.loop.stop)
        self.loop.run_forever()
        self.assertEqual(self.said, ["signal"])

    def test_ctrl_c_is_a_keyboard_interrupt(self):
        self.loop.call_later(0.01, os.kill, os.getpid(), signal.SIGINT)
        with self.assertRaises(KeyboardInterrupt):
            self.loop.run_forever()

    # -- Debug mode

    def test_debug_mode_warns_of_slow_callbacks_and_of_other_threads(self):
        self.loop.set_debug(True)
        self.loop.slow_callback_duration = 0.01
        self.loop.call_soon(time.sleep, 0.02)
        with self.assertLogs("asyncio", logging.WARNING) as logs:
            self.run_ready()
        self.assertRegex(logs.output[0], "Executing <Handle sleep.* took 0.0")
        self.loop.call_soon(lambda: self.loop.run_in_executor(None, self.loop.call_soon, print).add_done_callback(self.stop_with))
        self.loop.run_forever()
        self.assertRegex(self.said[0], "Non-thread-safe operation")

    def test_debug_mode_says_where_the_program_made_something_not_where_we_did(self):
        async def main():
            loop = asyncio.get_running_loop()
            child = loop.create_task(asyncio.sleep(0))
            made = [loop.call_soon(int), loop.call_soon_threadsafe(callback=int), loop.call_later(1, int)]
            made += [loop.call_at(when=1e9, callback=int), child, asyncio.create_task(asyncio.sleep(0))]
            made += [loop.create_future(), asyncio.gather(child)]
            return made

        self.loop.set_debug(True)
        for bent in False, True:
            for one in self.loop.run_until_complete(main()):
                with self.subTest(one, bent=bent):
                    frames = [frame.filename for frame in one._source_traceback]
                    self.assertIn(__file__, frames)
                    self.assertFalse(frames[-1].startswith(os.path.dirname(loopscope.__file__)), frames[-1])
            self.assertIsNotNone(self.loop._ready)

    def stop_with(self, future):
        self.say(str(future.exception()))
        self.loop.stop()

    # -- The environment

    def test_the_environment_gives_an_imported_loop_the_virtual_clock(self):
        text = (
            "import asyncio, datetime, loopscope, time\n"
            "begin = datetime.datetime.now()\n"
            "loopscope.run(asyncio.sleep(3600))\n"
            "time.sleep(1)\n"
            "print(datetime.datetime.now() - begin)"
        )
        environment = {**os.environ, "LOOPSCOPE_CLOCK": "virtual"}
        done = subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True, timeout=30)
        self.assertEqual((done.stdout, done.stderr), ("1:00:01\n", ""))


if __name__ == "__main__":
    unittest.main()
