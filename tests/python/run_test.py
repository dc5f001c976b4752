"""`loopscope run FILE.py`, used as a person does. The environment says which executable: LOOPSCOPE_EXECUTABLE."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
EXECUTABLE = os.environ.get("LOOPSCOPE_EXECUTABLE") or os.path.join(HERE, "../../build/native/bin/loopscope")


def program(name):
    return os.path.join(HERE, "programs", name)


# A program, and how it ends: outcome, exit code, error, the last that it prints.
ENDS = (
    ("raise ValueError('boom\\nmore')", "crashed", 1, "ValueError: boom", None),
    ("import atexit; atexit.register(print, 'bye'); 1 / 0", "crashed", 1, "ZeroDivisionError: division by zero", "bye\n"),
    ("def again(): again()\nagain()", "crashed", 1, "RecursionError: maximum recursion depth exceeded", None),
    ("bytearray(2 ** 62)", "crashed", 1, "MemoryError", None),
    ("import sys; sys.exit('why')", "exited", 1, None, "why\n"),
    ("import os; print('out', flush=True); os._exit(5)", "exited", 5, None, "out\n"),
    ("import os\nif os.fork() == 0: os._exit(5)\nos.wait(); print('parent')", "exited", 0, None, "parent\n"),
)


# What runs in each of its lines.
LINES = """\
import asyncio, logging
async def child(future):
    print("sleeps", end=" ")
    print("soon")
    await asyncio.sleep(1)
    future.set_result(7)
    await asyncio.sleep(9)
async def main():
    future = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(child(future))
    await future
    logging.warning("it is %s", await future)
    task.cancel()
    await asyncio.sleep(0)
    raise ValueError
try:
    asyncio.run(main())
except ValueError:
    pass
"""
LINES_RUNNING = [
    ("task_created", 17),
    ("task_step_begin", 8),
    ("future_created", 9),
    ("task_created", 10),
    ("task_step_begin", 2),
    ("output", 4),
    ("scheduled", 5),
    ("future_done", 6),
    ("scheduled", 7),
    ("output", 12),
    ("task_cancel_requested", 13),
    ("future_done", 13),
    ("task_done", 15),
]


class RunTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, text, name="program.py"):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run_file(self, path, *options):
        return subprocess.run([EXECUTABLE, "run", path, *options], capture_output=True, text=True, timeout=60)

    def run_text(self, text, *options):
        return self.run_file(self.write(text), *options)

    def traced(self, path, *options):
        file = os.path.join(self.folder, "trace.jsonl")
        done = self.run_file(path, "--trace", file, *options)
        with open(file, encoding="utf-8") as trace:
            return done, [json.loads(line) for line in trace]

    def test_a_program_prints_what_it_prints_in_python3(self):
        for name in "everything.py", "old_tutorial.py":
            with self.subTest(name):
                stock = subprocess.run([sys.executable, program(name)], capture_output=True, text=True)
                ours = self.run_file(program(name))
                self.assertEqual((ours.stdout, ours.returncode), (stock.stdout, stock.returncode))
                self.assertEqual(ours.stdout, self.run_file(program(name), "--clock", "virtual").stdout)

    def test_an_event_has_the_line_that_was_running(self):
        _, lines = self.traced(self.write(LINES), "--clock", "virtual")
        found = [(line["kind"], line["loc"]["line"]) for line in lines if "loc" in line]
        self.assertEqual(found, LINES_RUNNING)

    def test_the_program_sees_its_name_and_its_arguments(self):
        path = self.write("import sys; print(__name__, sys.argv, __file__ == sys.argv[0])")
        done = self.run_file(path, "--", "one", "--two")
        self.assertEqual(done.stdout, f"__main__ [{path!r}, 'one', '--two'] True\n")

    def test_a_module_beside_the_program_is_found(self):
        self.write("text = 'found'", "beside.py")
        self.assertEqual(self.run_text("import beside; print(beside.text)").stdout, "found\n")

    def test_a_traceback_has_the_programs_frames_and_no_others(self):
        done = self.run_file(program("raises.py"))
        self.assertEqual(done.returncode, 1)
        stock = subprocess.run([sys.executable, program("raises.py")], capture_output=True, text=True)
        self.assertEqual(done.stderr.splitlines()[-1], stock.stderr.splitlines()[-1])
        frames = [line for line in done.stderr.splitlines() if line.startswith("  File ")]
        self.assertTrue(frames)
        for frame in frames:
            self.assertIn("raises.py", frame)
        self.assertIn("KeyError: 'key'", done.stderr)

    def test_a_syntax_error_reads_as_in_python3(self):
        path = self.write("import asyncio\nasync def main(:\n    pass\n")
        stock = subprocess.run([sys.executable, path], capture_output=True, text=True)
        ours = self.run_file(path)
        self.assertEqual((ours.stderr, ours.returncode), (stock.stderr, stock.returncode))

    def test_exit_codes_are_those_of_python3(self):
        for text, code, said in (
            ("import sys; sys.exit(3)", 3, ""),
            ("raise SystemExit", 0, ""),
            ("import sys; sys.exit('why')", 1, "why\n"),
            ("import asyncio, sys\nasync def main(): sys.exit(4)\nasyncio.run(main())", 4, ""),
        ):
            with self.subTest(text):
                done = self.run_text(text)
                self.assertEqual((done.returncode, done.stderr), (code, said))

    def test_a_module_that_is_not_there_is_named(self):
        done = self.run_text("import asyncio\nimport no_such_module\n")
        self.assertIn("ModuleNotFoundError: No module named 'no_such_module'", done.stderr)
        self.assertEqual(done.returncode, 1)

    def test_running_a_loop_within_a_loop_is_asyncios_error(self):
        done = self.run_text("import asyncio\nasync def main(): asyncio.run(main())\nasyncio.run(main())")
        self.assertIn("RuntimeError: asyncio.run() cannot be called from a running event loop", done.stderr)

    def test_virtual_time_is_the_same_for_the_loop_and_every_clock_of_python(self):
        done = self.run_file(program("clocks.py"), "--clock", "virtual")
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout, "[15.0, 15.0, 15.0, 15.0, 15.0]\n2020-01-01T00:00:15+00:00\n")

    def test_virtual_time_passes_for_a_program_that_looks_at_a_clock_until_its_time_has_come(self):
        text = (
            "import asyncio, time\n"
            "async def busy():\n"
            "    end = time.perf_counter() + 2\n"
            "    while time.perf_counter() < end: pass\n"
            "async def looks():\n"
            "    end = time.monotonic() + 1\n"
            "    while time.monotonic() < end: await asyncio.sleep(0)\n"
            "async def main():\n"
            "    await asyncio.gather(busy(), asyncio.sleep(1))\n"
            "    print(round(time.monotonic(), 2))\n"
            "    await looks()\n"
            "    print(round(time.monotonic(), 2))\n"
            "asyncio.run(main())\n"
        )
        done = self.run_text(text, "--clock", "virtual")
        self.assertEqual((done.stdout, done.returncode), ("3.0\n4.0\n", 0))

    def test_a_pool_of_processes_works_under_the_virtual_clock(self):
        text = (
            "import asyncio, concurrent.futures\n"
            "async def main():\n"
            "    with concurrent.futures.ProcessPoolExecutor(2) as pool:\n"
            "        calls = [asyncio.get_running_loop().run_in_executor(pool, abs, -number) for number in range(3)]\n"
            "        print(await asyncio.gather(*calls))\n"
            "if __name__ == '__main__': asyncio.run(main())\n"
        )
        done = self.run_text(text, "--clock", "virtual")
        self.assertEqual((done.stdout, done.returncode), ("[0, 1, 2]\n", 0))

    def test_a_deadlock_names_the_task_and_what_it_waits_for(self):
        done = self.run_file(program("waits_for_ever.py"), "--clock", "virtual")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing is ready and no timer is set; Task-1 waits for future 1", done.stderr)

    def test_uvloop_is_our_loop_and_it_says_so_once(self):
        done = self.run_file(program("uses_uvloop.py"))
        self.assertEqual(done.stdout, "loopscope\n" * 5)
        self.assertEqual(done.stderr, "note: uvloop is Loopscope's own loop here\n")

    def test_asyncios_own_names_for_a_loop_are_our_loop_and_a_policy_that_derives_from_its_default_makes_it(self):
        done = self.run_text(
            "import asyncio\n"
            "class Policy(asyncio.DefaultEventLoopPolicy): pass\n"
            "asyncio.set_event_loop_policy(Policy())\n"
            "loops = [asyncio.new_event_loop(), asyncio.SelectorEventLoop()]\n"
            "asyncio.set_event_loop_policy(None)\n"
            "loops.append(asyncio.new_event_loop())\n"
            "for loop in loops: print(type(loop).__module__); loop.close()\n"
        )
        self.assertEqual((done.stdout, done.stderr), ("loopscope\n" * 3, ""))

    def test_a_trace_of_the_virtual_clock_is_the_same_each_time(self):
        path = os.path.join(HERE, "../../examples/queues/main.py")
        first, second = (self.traced(path, "--clock", "virtual")[1] for _ in range(2))
        self.assertEqual(first, second)

    def test_a_trace_tells_of_tasks_what_they_wait_for_and_where(self):
        path = self.write(
            "import asyncio\n"
            "async def deep():\n"
            "    await asyncio.sleep(1)\n"
            "async def main():\n"
            "    async with asyncio.timeout(5):\n"
            "        await asyncio.create_task(deep(), name='diver')\n"
            "asyncio.run(main())\n"
        )
        done, events = self.traced(path, "--clock", "virtual")
        self.assertEqual((done.stderr, events[0]["guest"]), ("", "python"))
        created = [(e["name"], e["coro"], e["loc"]["line"]) for e in events if e.get("kind") == "task_created"]
        self.assertEqual(created, [("Task-1", "main", 7), ("diver", "deep", 6)])
        waits = [(e["awaiting"]["kind"], [p["line"] for p in e["stack"]]) for e in events if e.get("kind") == "task_suspended"]
        self.assertEqual(waits, [("task", [6]), ("sleep", [3])])

    def resources_of(self, *lines):
        """What a program's trace tells of locks, queues and the like, but for their making: (type, number, op, state, who waits)."""
        body = "".join(f"    {line}\n" for line in lines)
        done, events = self.traced(self.write(f"import asyncio\nasync def main():\n{body}asyncio.run(main())\n"), "--clock", "virtual")
        self.assertEqual(done.stderr, "")
        told = [e for e in events if e.get("kind") == "resource" and e["op"] != "created"]
        return [(e["type"], e["id"], e["op"], e["state"], e["waiters"]) for e in told]

    def test_a_trace_tells_who_takes_a_lock_and_gives_it_back_and_who_waits(self):
        told = self.resources_of(
            "lock = asyncio.Lock()",
            "async def hold():",
            "    async with lock:",
            "        await asyncio.sleep(1)",
            "await asyncio.gather(hold(), hold())",
        )
        self.assertEqual(
            told,
            [
                ("lock", 1, "acquired", "locked", 0),
                ("lock", 1, "released", "unlocked", 1),
                ("lock", 1, "acquired", "locked", 0),
                ("lock", 1, "released", "unlocked", 0),
            ],
        )

    def test_a_trace_tells_of_a_condition_and_its_own_lock_and_of_none_that_asyncio_makes_for_itself(self):
        told = self.resources_of(
            "barrier, queue, condition = asyncio.Barrier(1), asyncio.Queue(2), asyncio.Condition()",
            "async with condition:",
            "    condition.notify_all()",
            "await barrier.wait()",
            "await queue.put(7)",
            "queue.task_done()",
        )
        self.assertEqual(
            told,
            [
                ("lock", 3, "acquired", "locked", 0),
                ("condition", 4, "notified", "lock 3 locked", 0),
                ("lock", 3, "released", "unlocked", 0),
                ("barrier", 1, "arrived", "filling, 1 of 1", 0),
                ("barrier", 1, "opened", "draining, 1 of 1", 0),
                ("barrier", 1, "left", "filling, 0 of 1", 0),
                ("queue", 2, "put", "1 of 2", 0),
                ("queue", 2, "done", "1 of 2", 0),
            ],
        )

    def test_a_trace_tells_how_a_timeout_ends_a_group(self):
        told = self.resources_of(
            "try:",
            "    async with asyncio.timeout(1), asyncio.TaskGroup() as group:",
            "        group.create_task(asyncio.sleep(5))",
            "except TimeoutError:",
            "    pass",
        )
        self.assertEqual(
            [one[:4] for one in told],
            [
                ("timeout", 1, "entered", "active"),
                ("task_group", 2, "entered", "0 tasks"),
                ("task_group", 2, "task_added", "1 task"),
                ("timeout", 1, "expired", "expiring"),
                ("task_group", 2, "cancelled", "1 task, cancelling"),
                ("task_group", 2, "task_done", "0 tasks, cancelling"),
                ("task_group", 2, "exited", "0 tasks, cancelling"),
                ("timeout", 1, "exited", "expired"),
            ],
        )

    def test_what_is_made_before_there_is_a_loop_has_its_number_first(self):
        path = self.write(
            "import asyncio\n"
            "before = asyncio.Event()\n"
            "async def main():\n"
            "    asyncio.Lock()\n"
            "    before.set()\n"
            "asyncio.run(main())\n"
        )
        _, events = self.traced(path, "--clock", "virtual")
        told = [(e["type"], e["id"], e["op"]) for e in events if e.get("kind") == "resource"]
        self.assertEqual(told, [("lock", 2, "created"), ("event", 1, "created"), ("event", 1, "set")])

    def test_locks_and_queues_of_a_traced_program_are_asyncios_own(self):
        text = (
            "import asyncio\n"
            "class Mine(asyncio.Lock):\n"
            "    __slots__, __hash__ = (), None\n"
            "class Last(asyncio.Queue):\n"
            "    def _get(self): return self._queue.pop()\n"
            "async def main():\n"
            "    mine, last, value = Mine(), Last(), asyncio.Semaphore(3)\n"
            "    print(isinstance(mine, asyncio.Lock), mine.locked(), repr(value)[-20:], sorted(vars(asyncio.locks)) == names)\n"
            "    async with mine, value:\n"
            "        for number in 1, 2: last.put_nowait(number)\n"
            "    print(last.get_nowait(), await last.get(), mine.locked(), value._value, asyncio.Semaphore.acquire.__qualname__)\n"
            "    try: value.__class__(-1)\n"
            "    except ValueError as error: print(error)\n"
            "names = sorted(vars(asyncio.locks))\n"
            "asyncio.run(main())\n"
        )
        path = self.write(text)
        stock = subprocess.run([sys.executable, path], capture_output=True, text=True)
        done, _ = self.traced(path)
        self.assertEqual((done.stdout, done.stderr, done.returncode), (stock.stdout, "", 0))

    def test_a_trace_has_what_is_printed_and_how_it_ended(self):
        _, events = self.traced(self.write("import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('half', end='')\nsys.exit(7)"))
        printed = [(e["stream"], e["text"]) for e in events if e.get("kind") == "output"]
        self.assertEqual(printed, [("stdout", "out\n"), ("stderr", "err\n"), ("stdout", "half")])
        self.assertEqual((events[-1]["outcome"], events[-1]["code"]), ("exited", 7))

    def test_a_trace_tells_of_calls_in_threads_as_of_a_resource(self):
        text = "\n".join(
            (
                "import asyncio",
                "async def main():",
                "    first, second = await asyncio.gather(asyncio.to_thread(int), asyncio.to_thread(int))",
                "    asyncio.get_running_loop().run_in_executor(None, int).cancel()",
                "    await asyncio.sleep(0.1)",
                "asyncio.run(main())",
            )
        )
        _, events = self.traced(self.write(text))
        calls = [e for e in events if e.get("kind") == "resource"]
        self.assertEqual({(e["type"], e["id"]) for e in calls}, {("executor", 1)})
        self.assertEqual(
            [(e["op"], e["state"], e["value"]) for e in calls],
            [
                ("created", "1 call", 1),
                ("submitted", "1 call", 1),
                ("submitted", "2 calls", 2),
                ("returned", "1 call", 1),
                ("returned", "0 calls", 0),
                ("submitted", "1 call", 1),
                ("returned", "0 calls", 0),
            ],
        )
        waits = [e["awaiting"] for e in events if e.get("kind") == "task_suspended" and e["awaiting"]["kind"] == "executor"]
        self.assertEqual([(a["resource"], a["op"]) for a in waits], [(1, "call"), (1, "call")])
        self.assertEqual(sum(e.get("label") == "executor" for e in events), 3)

    def test_a_trace_says_of_each_end_what_it_was_with_what_was_printed_until_then(self):
        for text, *expected in ENDS:
            with self.subTest(text):
                self.expect_end(*self.traced(self.write(text)), *expected)

    def test_python3_that_has_imported_us_says_the_same_of_each_end(self):
        for text, *expected in ENDS:
            with self.subTest(text):
                self.expect_end(*self.traced_import(text), *expected)

    def test_what_is_caught_or_ends_a_thread_is_no_crash(self):
        for text in "try: 1 / 0\nexcept ZeroDivisionError: pass", "import threading; threading.Thread(target=lambda: 1 / 0).start()":
            with self.subTest(text):
                self.expect_end(*self.traced_import(text), "exited", 0, None, None)

    def test_a_program_with_an_excepthook_of_its_own_has_crashed_too(self):
        text = "import sys\nsys.excepthook = lambda *error: print('mine')\n1 / 0"
        self.expect_end(*self.traced_import(text), "crashed", 1, "ZeroDivisionError: division by zero", "mine\n")

    def expect_end(self, done, events, outcome, code, error, last):
        self.assertEqual(done.returncode, code)
        end = events[-1]
        self.assertEqual((end["kind"], end["outcome"], end["code"], end.get("error")), ("program_end", outcome, code, error))
        if last is not None:
            self.assertEqual([e["text"] for e in events if e.get("kind") == "output"][-1], last)

    # -- What is random

    CHANCE = (
        "import os, random, secrets, uuid\n"
        "print(random.random(), random.Random().random(), os.urandom(4), secrets.token_hex(4), uuid.uuid4(), hash('a'))"
    )

    def test_what_is_random_is_the_same_at_every_run_under_the_virtual_clock_and_with_a_seed(self):
        def chance(*options):
            return self.run_text(self.CHANCE, *options).stdout

        self.assertEqual(chance("--clock", "virtual"), chance("--clock", "virtual"))
        self.assertEqual(chance("--clock", "virtual"), chance("--seed", "0"))
        self.assertNotEqual(chance("--seed", "1"), chance("--seed", "0"))
        self.assertNotEqual(chance(), chance())

    # -- What can be run

    def test_await_outside_of_a_function_is_run_as_in_a_notebook(self):
        done = self.run_text("import asyncio\nprint(await asyncio.sleep(0.01, 'slept'))", "--clock", "virtual")
        self.assertEqual((done.returncode, done.stdout), (0, "slept\n"), done.stderr)

    WHICH = "import asyncio, sys\nasync def main(): print(type(asyncio.get_running_loop()).__module__, *sys.argv[1:])\nasyncio.run(main())\n"

    def test_modules_folders_and_scripts_run_on_the_loop(self):
        os.mkdir(os.path.join(self.folder, "app"))
        self.write(self.WHICH, "app/__main__.py")
        self.write(self.WHICH, "which.py")
        script = self.write("#!/usr/bin/env python3\n" + self.WHICH, "which")
        for words in (["-m", "which"], ["app"], [script]):
            command = [EXECUTABLE, "run", *words, "--trace", "trace.jsonl", "--", "argument"]
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (0, "loopscope argument\n"), (words, done.stderr))

    def test_what_a_program_starts_as_its_interpreter_has_the_loop_and_not_the_trace(self):
        text = (
            "import asyncio, multiprocessing\n"
            "async def which(): return type(asyncio.get_running_loop()).__module__\n"
            "def child(queue): queue.put(asyncio.run(which()))\n"
            "if __name__ == '__main__':\n"
            "    context = multiprocessing.get_context('spawn')\n"
            "    queue = context.Queue()\n"
            "    process = context.Process(target=child, args=(queue,))\n"
            "    process.start()\n"
            "    print(asyncio.run(which()), queue.get(timeout=50))\n"
            "    process.join()\n"
        )
        done, events = self.traced(self.write(text))
        self.assertEqual((done.returncode, done.stdout), (0, "loopscope loopscope\n"), done.stderr)
        self.assertEqual([event["kind"] for event in events[1:]].count("program_end"), 1)

    def test_an_environment_of_another_python_is_not_used_and_it_says_so(self):
        self.write("home = /usr/bin\nversion = 3.1.0\n", "pyvenv.cfg")
        path = self.write("print('runs')")
        environment = {**os.environ, "VIRTUAL_ENV": self.folder}
        done = subprocess.run([EXECUTABLE, "run", path], env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, "runs\n"))
        self.assertIn("is not used: it is of Python 3.1;", done.stderr)

    # -- Who did it

    def test_what_a_thread_and_a_descriptor_schedule_is_nobody_elses_doing(self):
        text = (
            "import asyncio, os, threading, time\n"
            "def called(): pass\n"
            "def readable(): os.read(ends[0], 1)\n"
            "ends = os.pipe()\n"
            "async def main():\n"
            "    loop = asyncio.get_running_loop()\n"
            "    loop.add_reader(ends[0], readable)\n"
            "    os.write(ends[1], b'x')\n"
            "    thread = threading.Thread(target=lambda: loop.call_soon_threadsafe(called))\n"
            "    thread.start(); thread.join()\n"
            "    await asyncio.sleep(0.01)\n"
            "asyncio.run(main())\n"
        )
        done, events = self.traced(self.write(text))
        made = {event["label"]: event for event in events[1:] if event["kind"] == "scheduled"}
        self.assertEqual(made["threadsafe"]["parent"], 0)
        self.assertLess(made["threadsafe"]["handle"], 1 << 32)
        self.assertEqual((made["io_ready"]["parent"], made["io_ready"]["loc"]["func"]), (0, "readable"))

    def traced_import(self, text):
        """As traced(), by the Python that runs this test."""
        file = os.path.join(self.folder, "trace.jsonl")
        command = [sys.executable, self.write("import loopscope\n" + text)]
        done = subprocess.run(command, env={**os.environ, "LOOPSCOPE_TRACE": file}, capture_output=True, text=True, timeout=60)
        with open(file, encoding="utf-8") as trace:
            return done, [json.loads(line) for line in trace]

    def test_ctrl_c_ends_it_as_it_ends_python3_and_the_trace_says_so(self):
        file = os.path.join(self.folder, "trace.jsonl")
        traced = {**os.environ, "LOOPSCOPE_TRACE": file}
        importing = "import sys, runpy, loopscope; loopscope.install(); runpy.run_path(sys.argv[1], run_name='__main__')"
        for command, environment in (
            ([EXECUTABLE, "run", program("waits_for_ever.py"), "--trace", file], None),
            ([sys.executable, "-c", importing, program("waits_for_ever.py")], traced),
        ):
            with self.subTest(command):
                self.expect_ctrl_c(command, environment, file)

    def expect_ctrl_c(self, command, environment, file):
        process, terminal = pty.fork()
        if process == 0:
            os.execvpe(command[0], command, environment or os.environ)
        with open(terminal, "rb+", buffering=0) as terminal:
            self.assertEqual(terminal.readline(), b"it waits\r\n")
            terminal.write(b"\x03")
            told = b""
            # A terminal has no end: whoever reads on after the last process gets an error.
            with contextlib.suppress(OSError):
                while block := terminal.read(4096):
                    told += block
        _, status = os.waitpid(process, 0)
        self.assertIn(os.waitstatus_to_exitcode(status), (-signal.SIGINT, 128 + signal.SIGINT))
        self.assertIn(b"KeyboardInterrupt", told)
        with open(file, encoding="utf-8") as trace:
            last = json.loads(trace.readlines()[-1])
        self.assertEqual((last["outcome"], last["code"], last["error"]), ("crashed", 130, "interrupted"))


if __name__ == "__main__":
    unittest.main()
