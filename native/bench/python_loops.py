"""python3 python_loops.py [CASE ...]: our loop under Python against asyncio's and uvloop's, in one process, in turns.

CPU time of the process, the best of five; a busy machine inflates it less than the time on the wall. Needs the native module on
PYTHONPATH (build/native/python), and uvloop (Debian: python3-uvloop) for its column.
"""

import asyncio
import sys
import threading
import time

import loopscope

try:
    import uvloop
except ImportError:
    uvloop = None

ROUNDS = 5
MANY = 200_000


async def call_soon_chain():
    """One callback a turn."""
    loop, left = asyncio.get_running_loop(), MANY
    done = loop.create_future()

    def again():
        nonlocal left
        left -= 1
        if left:
            loop.call_soon(again)
        else:
            done.set_result(None)

    loop.call_soon(again)
    await done
    return MANY


async def call_soon_batches():
    """Ten thousand callbacks a turn."""
    loop = asyncio.get_running_loop()
    for _ in range(MANY // 10_000):
        for _ in range(10_000):
            loop.call_soon(int)
        await asyncio.sleep(0)
    return MANY


async def sleep_0():
    for _ in range(MANY):
        await asyncio.sleep(0)
    return MANY


async def timers():
    """One that is cancelled and one that runs."""
    loop, count = asyncio.get_running_loop(), MANY // 4
    left, done = count, loop.create_future()

    def run():
        nonlocal left
        left -= 1
        if not left:
            done.set_result(None)

    for timer in [loop.call_later(1000 + number % 97, run) for number in range(count)]:
        timer.cancel()
    for _ in range(count):
        loop.call_later(0, run)
    await done
    return count


async def ping_pong():
    """Two tasks, two queues: there and back."""
    there, back, count = asyncio.Queue(), asyncio.Queue(), MANY // 8

    async def answer():
        for _ in range(count):
            back.put_nowait(await there.get())

    task = asyncio.create_task(answer())
    for number in range(count):
        there.put_nowait(number)
        await back.get()
    await task
    return count


async def gather_100():
    """One task of a hundred that are gathered."""
    for _ in range(100):
        await asyncio.gather(*(asyncio.sleep(0) for _ in range(100)))
    return 10_000


async def call_soon_threadsafe():
    """Another thread schedules; the loop counts."""
    loop, left, done = asyncio.get_running_loop(), MANY // 4, asyncio.get_running_loop().create_future()

    def count():
        nonlocal left
        left -= 1
        if not left:
            done.set_result(None)

    def call_all():
        for _ in range(MANY // 4):
            loop.call_soon_threadsafe(count)

    other = threading.Thread(target=call_all)
    other.start()
    await done
    other.join()
    return MANY // 4


async def tcp_echo():
    """A line there and back, both ends in this loop."""

    async def serve(reader, writer):
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for _ in range(10_000):
        writer.write(b"hello world\n")
        await reader.readline()
    writer.close()
    server.close()
    return 10_000


CASES = [call_soon_chain, call_soon_batches, sleep_0, timers, ping_pong, gather_100, call_soon_threadsafe, tcp_echo]


def measure(factory, case):
    """Microseconds for one."""

    async def timed():
        begin = time.process_time()
        count = await case()
        return (time.process_time() - begin) / count * 1e6

    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(timed())


def compare(cases):
    loops = {"loopscope": loopscope.EventLoop, "asyncio": asyncio.SelectorEventLoop}
    if uvloop:
        loops["uvloop"] = uvloop.new_event_loop
    print(f"{'microseconds':20}" + "".join(f"{name:>11}" for name in loops) + "   times faster than " + ", ".join(list(loops)[1:]))
    for case in cases:
        best = dict.fromkeys(loops, float("inf"))
        for _ in range(ROUNDS):
            for name, factory in loops.items():
                best[name] = min(best[name], measure(factory, case))
        ours = best["loopscope"]
        ratios = ", ".join(f"{value / ours:.2f}" for name, value in best.items() if name != "loopscope")
        print(f"{case.__name__:20}" + "".join(f"{value:11.3f}" for value in best.values()) + f"   {ratios}", flush=True)


if __name__ == "__main__":
    compare([one for one in CASES if not sys.argv[1:] or one.__name__ in sys.argv[1:]])
