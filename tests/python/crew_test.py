"""Threads of a Python program under the virtual clock: they take turns, in `loopscope run` and in a Python that has imported us.

The environment says which executable: LOOPSCOPE_EXECUTABLE. Every program runs several times in each, and must say the same.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
EXECUTABLE = os.environ.get("LOOPSCOPE_EXECUTABLE") or os.path.join(HERE, "../../build/native/bin/loopscope")
RUNS = 2
LIMIT_S = 60

BEGIN = """
import asyncio, queue, threading, time
import concurrent.futures as cf
begin = time.monotonic()
def say(*what): print(round(time.monotonic() - begin, 3), *what)
async def beats():
    for beat in range(100):
        say("beat", beat)
        await asyncio.sleep(1)
"""


class CrewTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file_of(self, text):
        path = os.path.join(self.folder, "program.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(BEGIN + text)
        return path

    def ways_of(self, text):
        """(name, command, environment) of each way to run a program."""
        path = self.file_of(text)
        install = f"import runpy, loopscope; loopscope.install(); runpy.run_path({path!r}, run_name='__main__')"
        virtual = {**os.environ, "LOOPSCOPE_CLOCK": "virtual"}
        traced = os.path.join(self.folder, "trace.jsonl")
        return (
            ("loopscope run", [EXECUTABLE, "run", path, "--clock", "virtual"], None),
            ("traced", [EXECUTABLE, "run", path, "--clock", "virtual", "--trace", traced], None),
            ("import loopscope", [sys.executable, "-B", "-c", install], virtual),
        )

    def check(self, text, *lines, code=0, stderr=""):
        """What the program prints, however and however often it is run."""
        for name, command, environment in self.ways_of(text):
            for run in range(RUNS):
                with self.subTest(way=name, run=run):
                    done = subprocess.run(
                        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S
                    )
                    self.assertEqual(done.stdout.splitlines(), list(lines), done.stderr)
                    self.assertIn(stderr, done.stderr)
                    self.assertEqual((done.returncode, bool(done.stderr)), (code, bool(stderr)), done.stderr)

    # -- Calls in threads

    def test_three_calls_that_sleep_for_a_second_take_one_second(self):
        self.check(
            "async def main():\n"
            "    await asyncio.gather(*(asyncio.to_thread(time.sleep, 1) for _ in range(3)))\n"
            "    say('through')\n"
            "asyncio.run(main())\n",
            "1.0 through",
        )

    def test_a_pool_of_one_thread_makes_its_calls_one_after_the_other(self):
        self.check(
            "def call(name):\n"
            "    time.sleep(1)\n"
            "    say(name, threading.current_thread().name)\n"
            "async def main():\n"
            "    loop = asyncio.get_running_loop()\n"
            "    with cf.ThreadPoolExecutor(1, 'pool') as pool:\n"
            "        await asyncio.gather(*(loop.run_in_executor(pool, call, name) for name in 'abc'))\n"
            "asyncio.run(main())\n",
            "1.0 a pool_0",
            "2.0 b pool_0",
            "3.0 c pool_0",
        )

    def test_which_thread_of_a_pool_gets_a_call_is_settled_by_who_came_back_first(self):
        self.check(
            "def call(name, seconds):\n"
            "    time.sleep(seconds)\n"
            "    say(name, threading.current_thread().name)\n"
            "async def main():\n"
            "    loop = asyncio.get_running_loop()\n"
            "    with cf.ThreadPoolExecutor(3, 'pool') as pool:\n"
            "        for round in range(3):\n"
            "            await asyncio.gather(*(loop.run_in_executor(pool, call, n, s) for n, s in zip('abc', (3, 1, 2))))\n"
            "asyncio.run(main())\n",
            *("1.0 b pool_1", "2.0 c pool_2", "3.0 a pool_0"),
            *("4.0 b pool_2", "5.0 c pool_0", "6.0 a pool_1"),
            *("7.0 b pool_0", "8.0 c pool_1", "9.0 a pool_2"),
        )

    def test_the_loop_goes_on_while_a_thread_sleeps(self):
        self.check(
            "async def main():\n"
            "    heart = asyncio.create_task(beats())\n"
            "    await asyncio.to_thread(time.sleep, 2.4)\n"
            "    say('slept')\n"
            "    heart.cancel()\n"
            "asyncio.run(main())\n",
            "0.0 beat 0",
            "1.0 beat 1",
            "2.0 beat 2",
            "2.4 slept",
        )

    def test_what_a_call_raises_is_raised_where_it_is_awaited(self):
        self.check(
            "def call():\n"
            "    time.sleep(1)\n"
            "    raise ValueError('no')\n"
            "async def main():\n"
            "    try: await asyncio.to_thread(call)\n"
            "    except ValueError as error: say(repr(error))\n"
            "asyncio.run(main())\n",
            "1.0 ValueError('no')",
        )

    def test_a_call_that_is_cancelled_before_it_begins_is_not_made_and_one_that_has_begun_goes_on(self):
        self.check(
            "def call(name):\n"
            "    say(name, 'begins')\n"
            "    time.sleep(2)\n"
            "    say(name, 'ends')\n"
            "async def main():\n"
            "    loop = asyncio.get_running_loop()\n"
            "    with cf.ThreadPoolExecutor(1) as pool:\n"
            "        first, second, third = (loop.run_in_executor(pool, call, n) for n in ('first', 'second', 'third'))\n"
            "        await asyncio.sleep(1)\n"
            "        say(first.cancel(), second.cancel())\n"
            "        await third\n"
            "asyncio.run(main())\n",
            "0.0 first begins",
            "1.0 True True",
            "2.0 first ends",
            "2.0 third begins",
            "4.0 third ends",
        )

    def test_leaving_a_pool_waits_for_calls_that_nobody_awaits(self):
        self.check(
            "async def main():\n"
            "    heart = asyncio.create_task(beats())\n"
            "    with cf.ThreadPoolExecutor(2) as pool:\n"
            "        for seconds in (1, 2, 3): pool.submit(lambda s: (time.sleep(s), say('slept', s)), seconds)\n"
            "    say('left')\n"
            "    heart.cancel()\n"
            "asyncio.run(main())\n",
            "1.0 slept 1",
            "2.0 slept 2",
            "4.0 slept 3",
            "4.0 left",
        )

    def test_leaving_a_pool_gives_up_what_has_not_begun_where_that_is_wanted(self):
        self.check(
            "async def main():\n"
            "    pool = cf.ThreadPoolExecutor(1)\n"
            "    calls = [pool.submit(time.sleep, 1) for _ in range(3)]\n"
            "    await asyncio.sleep(0.5)\n"
            "    pool.shutdown(cancel_futures=True)\n"
            "    say([call.cancelled() for call in calls])\n"
            "asyncio.run(main())\n",
            "1.0 [False, True, True]",
        )

    def test_a_pool_whose_threads_cannot_begin_breaks(self):
        self.check(
            "import logging; logging.disable()\n"
            "def begin_thread():\n"
            "    time.sleep(1)\n"
            "    raise ValueError\n"
            "async def main():\n"
            "    loop = asyncio.get_running_loop()\n"
            "    pool = cf.ThreadPoolExecutor(1, initializer=begin_thread)\n"
            "    calls = [loop.run_in_executor(pool, time.sleep, 1) for _ in range(2)]\n"
            "    for done in await asyncio.gather(*calls, return_exceptions=True): say(type(done).__name__)\n"
            "asyncio.run(main())\n",
            "1.0 BrokenThreadPool",
            "1.0 BrokenThreadPool",
        )

    def test_a_pool_without_a_loop_does_its_calls_side_by_side(self):
        self.check(
            "with cf.ThreadPoolExecutor(2) as pool:\n"
            "    for name in pool.map(lambda s: (time.sleep(s), f'slept {s}')[1], (3, 1, 2)): say(name)\n"
            "    done, _ = cf.wait([pool.submit(time.sleep, 5), pool.submit(time.sleep, 4)], return_when=cf.FIRST_COMPLETED)\n"
            "    say(len(done))\n",
            "3.0 slept 3",
            "3.0 slept 1",
            "3.0 slept 2",
            "7.0 1",
        )

    def test_leaving_asyncio_run_waits_for_the_calls_of_the_loops_own_pool(self):
        self.check(
            "async def main():\n"
            "    asyncio.get_running_loop().run_in_executor(None, lambda: (time.sleep(3), say('slept')))\n"
            "asyncio.run(main())\n"
            "say('left')\n",
            "3.0 slept",
            "3.0 left",
        )

    # -- Threads of the program

    def test_a_thread_that_the_program_starts_takes_turns_with_the_loop(self):
        self.check(
            "def count():\n"
            "    for number in range(3):\n"
            "        say('count', number)\n"
            "        time.sleep(0.7)\n"
            "async def main():\n"
            "    threading.Thread(target=count).start()\n"
            "    say('started')\n"
            "    heart = asyncio.create_task(beats())\n"
            "    await asyncio.sleep(2.5)\n"
            "    heart.cancel()\n"
            "asyncio.run(main())\n",
            "0.0 started",
            "0.0 count 0",
            "0.0 beat 0",
            "0.7 count 1",
            "1.0 beat 1",
            "1.4 count 2",
            "2.0 beat 2",
        )

    def test_joining_a_thread_in_the_loops_thread_lets_it_go_on(self):
        self.check(
            "async def main():\n"
            "    thread = threading.Thread(target=time.sleep, args=(2,))\n"
            "    thread.start()\n"
            "    say(thread.is_alive())\n"
            "    thread.join(1)\n"
            "    say(thread.is_alive())\n"
            "    thread.join()\n"
            "    say(thread.is_alive())\n"
            "asyncio.run(main())\n",
            "0.0 True",
            "1.0 True",
            "2.0 False",
        )

    def test_threads_without_any_loop_take_turns_too(self):
        self.check(
            "def count(name, seconds):\n"
            "    for number in range(2):\n"
            "        time.sleep(seconds)\n"
            "        say(name, number)\n"
            "threads = [threading.Thread(target=count, args=it) for it in (('slow', 1), ('quick', 0.4))]\n"
            "for thread in threads: thread.start()\n"
            "time.sleep(0.5)\n"
            "say('main')\n"
            "for thread in threads: thread.join()\n"
            "say('through')\n",
            "0.4 quick 0",
            "0.5 main",
            "0.8 quick 1",
            "1.0 slow 0",
            "2.0 slow 1",
            "2.0 through",
        )

    def test_the_interpreter_waits_for_threads_that_are_left(self):
        self.check(
            "threading.Thread(target=lambda: (time.sleep(3), say('last'))).start()\n"
            "threading.Thread(target=lambda: (time.sleep(5), say('never')), daemon=True).start()\n"
            "cf.ThreadPoolExecutor(1).submit(lambda: (time.sleep(2), say('pool')))\n"
            "say('end')\n",
            "0.0 end",
            "2.0 pool",
            "3.0 last",
        )

    def test_a_thread_waits_for_a_queue_that_the_loop_fills(self):
        self.check(
            "def take(things, loop, done):\n"
            "    while (thing := things.get()) is not None: say('took', thing)\n"
            "    loop.call_soon_threadsafe(done.set_result, 'done')\n"
            "async def main():\n"
            "    things, loop = queue.Queue(), asyncio.get_running_loop()\n"
            "    done = loop.create_future()\n"
            "    threading.Thread(target=take, args=(things, loop, done)).start()\n"
            "    for thing in (1, 2, None):\n"
            "        await asyncio.sleep(1)\n"
            "        things.put(thing)\n"
            "        say('put', thing)\n"
            "    say(await done)\n"
            "asyncio.run(main())\n",
            *("1.0 put 1", "1.0 took 1", "2.0 put 2", "2.0 took 2", "3.0 put None", "3.0 done"),
        )

    def test_a_thread_gives_up_waiting_when_its_time_is_over(self):
        self.check(
            "def wait(event):\n"
            "    say(event.wait(2))\n"
            "    try: queue.SimpleQueue().get(timeout=1)\n"
            "    except queue.Empty: say('empty')\n"
            "    try: queue.Queue().get(timeout=1)\n"
            "    except queue.Empty: say('empty')\n"
            "    say(event.wait(10))\n"
            "async def main():\n"
            "    event = threading.Event()\n"
            "    call = asyncio.create_task(asyncio.to_thread(wait, event))\n"
            "    await asyncio.sleep(7.5)\n"
            "    event.set()\n"
            "    await call\n"
            "asyncio.run(main())\n",
            *("2.0 False", "3.0 empty", "4.0 empty", "7.5 True"),
        )

    def test_however_little_time_is_left_to_wait_it_passes(self):
        self.check(
            "semaphore = threading.Semaphore(0)\n"
            "for _ in range(1000): semaphore.acquire(timeout=0.1)\n"
            "say(semaphore.acquire(timeout=1e-12))\n",
            "100.0 False",
        )

    def test_threads_get_a_lock_in_the_order_in_which_they_came(self):
        self.check(
            "lock = threading.RLock()\n"
            "def hold(name):\n"
            "    with lock:\n"
            "        time.sleep(1)\n"
            "        say(name)\n"
            "async def main():\n"
            "    await asyncio.gather(*(asyncio.to_thread(hold, name) for name in 'abc'))\n"
            "asyncio.run(main())\n",
            *("1.0 a", "2.0 b", "3.0 c"),
        )

    def test_a_timer_thread_waits_in_virtual_time(self):
        self.check(
            "threading.Timer(100, say, ('rings',)).start()\n"
            "time.sleep(1)\n"
            "say('main')\n",
            "1.0 main",
            "100.0 rings",
        )

    def test_what_a_thread_raises_is_printed_without_our_frames(self):
        self.check(
            "async def main():\n"
            "    thread = threading.Thread(target=lambda: 1 / 0)\n"
            "    thread.start()\n"
            "    await asyncio.sleep(1)\n"
            "    say(thread.is_alive())\n"
            "asyncio.run(main())\n",
            "1.0 False",
            stderr="in run\n    self._target(*self._args, **self._kwargs)\n  File ",
        )

    # -- Loops in threads

    def test_a_loop_in_a_thread_runs_the_coroutines_of_the_main_thread(self):
        self.check(
            "async def double(number):\n"
            "    await asyncio.sleep(number)\n"
            "    return 2 * number\n"
            "loop = asyncio.new_event_loop()\n"
            "thread = threading.Thread(target=loop.run_forever)\n"
            "thread.start()\n"
            "calls = [asyncio.run_coroutine_threadsafe(double(number), loop) for number in (3, 1, 2)]\n"
            "for call in cf.as_completed(calls): say(call.result())\n"
            "call = asyncio.run_coroutine_threadsafe(double(5), loop)\n"
            "try: call.result(timeout=1)\n"
            "except TimeoutError: say('too late')\n"
            "call.cancel()\n"
            "time.sleep(1)\n"
            "loop.call_soon_threadsafe(loop.stop)\n"
            "thread.join()\n"
            "say(thread.is_alive())\n"
            "loop.close()\n",
            *("1.0 2", "2.0 4", "3.0 6", "4.0 too late", "5.0 False"),
        )

    def test_a_thread_waits_for_a_coroutine_that_the_loop_runs(self):
        self.check(
            "async def answer():\n"
            "    await asyncio.sleep(1.5)\n"
            "    return 42\n"
            "def ask(loop):\n"
            "    time.sleep(1)\n"
            "    say(asyncio.run_coroutine_threadsafe(answer(), loop).result())\n"
            "async def main():\n"
            "    heart = asyncio.create_task(beats())\n"
            "    await asyncio.to_thread(ask, asyncio.get_running_loop())\n"
            "    heart.cancel()\n"
            "asyncio.run(main())\n",
            *("0.0 beat 0", "1.0 beat 1", "2.0 beat 2", "2.5 42"),
        )

    def test_loops_in_threads_go_on_side_by_side(self):
        self.check(
            "async def job(name, seconds):\n"
            "    for round in range(2):\n"
            "        await asyncio.sleep(seconds)\n"
            "        say(name, round)\n"
            "    return await asyncio.to_thread(lambda: (time.sleep(seconds), name)[1])\n"
            "async def main():\n"
            "    calls = (asyncio.to_thread(asyncio.run, job(*it)) for it in (('a', 0.5), ('b', 0.4)))\n"
            "    say(await asyncio.gather(*calls))\n"
            "asyncio.run(main())\n",
            *("0.4 b 0", "0.5 a 0", "0.8 b 1", "1.0 a 1", "1.5 ['a', 'b']"),
        )

    # -- What cannot take turns

    def test_a_loop_and_a_thread_that_wait_for_each_other_are_a_deadlock(self):
        self.check(
            "async def main():\n"
            "    await asyncio.to_thread(lambda: threading.current_thread() and event.wait())\n"
            "event = threading.Event()\n"
            "runner = asyncio.Runner()\n"
            "try: runner.run(main())\n"
            "except RuntimeError as error: say(type(error).__name__)\n"
            "event.set()\n"
            "runner.close()\n"
            "say('closed')\n",
            "0.0 DeadlockError",
            "0.0 closed",
        )

    def test_a_thread_that_waits_for_what_is_outside_takes_real_time(self):
        self.check(
            "import subprocess, sys\n"
            "async def main():\n"
            "    call = asyncio.to_thread(subprocess.run, [sys.executable, '-c', 'print(1)'], capture_output=True)\n"
            "    done = await asyncio.wait_for(call, 20)\n"
            "    print(done.stdout)\n"
            "asyncio.run(main())\n",
            "b'1\\n'",
        )

    def test_a_main_thread_that_waits_for_a_thread_in_a_way_of_its_own_does_not_hold_it_up(self):
        self.check(
            "import os, socket\n"
            "def write(pipe):\n"
            "    for letter in b'abc':\n"
            "        time.sleep(1)\n"
            "        os.write(pipe, bytes([letter]))\n"
            "def serve(server):\n"
            "    with server.accept()[0] as connection: connection.sendall(connection.recv(9).upper())\n"
            "reader, writer = os.pipe()\n"
            "threading.Thread(target=write, args=(writer,)).start()\n"
            "say(*(os.read(reader, 1) for _ in 'abc'))\n"
            "with socket.create_server(('127.0.0.1', 0)) as server:\n"
            "    threading.Thread(target=serve, args=(server,)).start()\n"
            "    with socket.create_connection(server.getsockname()) as client:\n"
            "        client.sendall(b'hello')\n"
            "        say(client.recv(9))\n",
            "3.0 b'a' b'b' b'c'",
            "3.0 b'HELLO'",
        )

    def test_a_process_that_forks_has_no_crew_but_its_own(self):
        self.check(
            "import os\n"
            "def in_thread():\n"
            "    if os.fork() == 0:\n"
            "        time.sleep(1)\n"
            "        thread = threading.Thread(target=time.sleep, args=(1,))\n"
            "        thread.start(); thread.join()\n"
            "        say('child'); import sys; sys.stdout.flush()\n"
            "        os._exit(0)\n"
            "    os.wait()\n"
            "    say('parent')\n"
            "async def main(): await asyncio.to_thread(in_thread)\n"
            "asyncio.run(main())\n",
            "2.0 child",
            "0.0 parent",
        )

    def test_locks_are_of_the_kinds_that_libraries_ask_for(self):
        # trio, for one, checks that its reentrant lock is the one in C, which signal handlers may take.
        self.check(
            "print(type(threading.Lock()).__module__, type(threading.RLock()).__module__)\n"
            "lock = threading.RLock()\n"
            "print(lock.acquire(), lock.acquire(False), lock._is_owned())\n"
            "def other(): say(lock.acquire(timeout=2), lock._is_owned())\n"
            "def fails():\n"
            "    try: lock.release()\n"
            "    except RuntimeError as error: say(error)\n"
            "for target in other, fails:\n"
            "    thread = threading.Thread(target=target); thread.start(); thread.join()\n"
            "lock.release(); lock.release()\n"
            "condition = threading.Condition()\n"
            "def notifies():\n"
            "    time.sleep(3)\n"
            "    with condition: condition.notify()\n"
            "threading.Thread(target=notifies).start()\n"
            "with condition, condition: say(condition.wait(10))\n",
            "_thread _thread",
            "True True True",
            "2.0 False False",
            "2.0 cannot release un-acquired lock",
            "5.0 True",
        )

    def test_threads_that_wait_for_the_interpreter_do_not_let_time_pass(self):
        self.check(
            "import _thread\n"
            "ended = False\n"
            "def compute():\n"
            "    while not ended: pass\n"
            "for _ in range(3): _thread.start_new_thread(compute, ())\n"
            "for _ in range(500_000): pass\n"
            "ended = True\n"
            "say('through')\n",
            "0.0 through",
        )

    def test_other_loops_wait_for_descriptors_in_virtual_time(self):
        self.check(
            "import selectors, socket\n"
            "one, other = socket.socketpair()\n"
            "selector = selectors.DefaultSelector()\n"
            "selector.register(one, selectors.EVENT_READ)\n"
            "say(selector.select(1800))\n"
            "threading.Thread(target=lambda: (time.sleep(5), other.send(b'x'))).start()\n"
            "say(len(selector.select(3600)), one.recv(1))\n"
            "loop = asyncio.unix_events._UnixSelectorEventLoop()\n"
            "loop.run_until_complete(asyncio.wait_for(loop.run_in_executor(None, time.sleep, 2), 60))\n"
            "say('asyncio')\n"
            "loop.close()\n",
            "1800.0 []",
            "1805.0 1 b'x'",
            "1807.0 asyncio",
        )

    def test_control_c_ends_a_loop_that_waits_for_a_thread_that_computes(self):
        text = (
            "def compute():\n"
            "    while not through: pass\n"
            "through = False\n"
            "async def main():\n"
            "    print('computes', flush=True)\n"
            "    try: await asyncio.to_thread(compute)\n"
            "    except asyncio.CancelledError: print('cancelled')\n"
            "    global through\n"
            "    through = True\n"
            "asyncio.run(main())\n"
        )
        for name, command, environment in self.ways_of(text):
            with self.subTest(name):
                with subprocess.Popen(
                    command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
                ) as process:
                    self.assertEqual(process.stdout.readline(), "computes\n")
                    time.sleep(0.5)
                    process.send_signal(signal.SIGINT)
                    said, errors = process.communicate(timeout=LIMIT_S)
                self.assertEqual(said, "cancelled\n", errors)


if __name__ == "__main__":
    unittest.main()
