"""Who answers from outside of the process under the virtual clock: real time passes while the loop waits for them, no other does.

The environment says which executable: LOOPSCOPE_EXECUTABLE.
"""

import os
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
EXECUTABLE = os.environ.get("LOOPSCOPE_EXECUTABLE") or os.path.join(HERE, "../../build/native/bin/loopscope")
LIMIT_S = 60

BEGIN = """
import asyncio, os, socket, sys
ANSWERS = "import sys, time\\nfor line in sys.stdin: time.sleep(0.05); print(line.strip()[::-1], flush=True)"
"""

# What is printed is the same whether the clock is real or virtual.
PROGRAMS = {
    "a child process answers within its time, while others tick": (
        """
async def ticks():
    while True:
        await asyncio.sleep(0.02)
        ticked.append(1)
async def main():
    ticking = asyncio.create_task(ticks())
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", ANSWERS, stdin=pipe, stdout=pipe)
    for word in b"stressed", b"drawer":
        child.stdin.write(word + b"\\n")
        print(await asyncio.wait_for(child.stdout.readline(), 30))
    child.stdin.close()
    async with asyncio.timeout(30):
        print(await child.wait())
    ticking.cancel()
    print(len(ticked) > 2)
ticked = []
asyncio.run(main())
""",
        ["b'desserts\\n'", "b'reward\\n'", "0", "True"],
    ),
    "a child process without pipes ends within its time": (
        """
async def main():
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    print(await asyncio.wait_for(child.wait(), 30))
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(60)")
    try:
        await asyncio.wait_for(child.wait(), 0.1)
    except TimeoutError:
        print("late")
    child.kill()
    print(await asyncio.wait_for(child.wait(), 30))
asyncio.run(main())
""",
        ["0", "late", "-9"],
    ),
    "a process of a pool answers within its time": (
        """
from concurrent.futures import ProcessPoolExecutor
async def main():
    with ProcessPoolExecutor(1) as pool:
        print(await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(pool, abs, -5), 30))
asyncio.run(main())
""",
        ["5"],
    ),
    "a pipe that somebody else holds, and a peer that is another process": (
        """
import subprocess
SERVES = "import socket, sys, time; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)\\n"
SERVES += "c, _ = s.accept(); time.sleep(0.05); c.sendall(b'served'); c.close()"
async def main():
    loop = asyncio.get_running_loop()
    child = subprocess.Popen([sys.executable, "-c", SERVES], stdout=subprocess.PIPE)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), child.stdout)
    port = int(await asyncio.wait_for(reader.readline(), 30))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    print(await asyncio.wait_for(reader.read(), 30))
    writer.close()
    child.wait()
asyncio.run(main())
""",
        ["b'served'"],
    ),
}

# No time passes here but the virtual clock's, though descriptors are watched and processes have been there.
AMONG_ITSELF = """
async def main():
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await child.wait()
    loop = asyncio.get_running_loop()
    read, write = os.pipe()
    ends = socket.socketpair()
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for fd in read, ends[0].fileno():
        loop.add_reader(fd, int)
    for wait in reader.read(1), asyncio.sleep(3600):
        try:
            await asyncio.wait_for(wait, 1800)
        except TimeoutError:
            print("late")
    writer.close()
asyncio.run(main())
"""


class OutsideTest(unittest.TestCase):
    def run_text(self, text, traced):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "program.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(BEGIN + text)
            trace = ["--trace", os.path.join(folder, "trace.jsonl")] if traced else []
            done = subprocess.run(
                [EXECUTABLE, "run", path, "--clock", "virtual", *trace],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=LIMIT_S,
            )
        self.assertEqual(done.stderr, "")
        return done.stdout.splitlines()

    def test_an_answer_from_outside_comes_within_its_time(self):
        for name, (text, expected) in PROGRAMS.items():
            for traced in False, True:
                with self.subTest(name, traced=traced):
                    self.assertEqual(self.run_text(text, traced), expected)

    def test_what_a_program_does_by_itself_takes_no_real_time(self):
        begin = time.monotonic()
        self.assertEqual(self.run_text(AMONG_ITSELF, False), ["late", "late"])
        self.assertLess(time.monotonic() - begin, LIMIT_S / 2)


if __name__ == "__main__":
    unittest.main()
