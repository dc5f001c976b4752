"""The cases on CPython's asyncio, or on uvloop: `python.py [uvloop]` prints {case: nanoseconds for each} as JSON.

As many of each as in C++ (cases.hpp): what becomes of 200,000 tasks in the caches is part of what they cost.
"""

import asyncio
import gc
import json
import sys
import threading
import time
import tracemalloc

CALLBACKS = AWAITS = GROUP = 100_000
TASKS = TIMERS = 200_000
ROUNDS = 50_000
SUSPENDED = 20_000


def call_soon_burst(loop):
    for _ in range(CALLBACKS):
        loop.call_soon(int)
    loop.call_soon(loop.stop)
    loop.run_forever()
    return CALLBACKS


def call_soon_chain(loop):
    left = CALLBACKS

    def again():
        nonlocal left
        left -= 1
        if left:
            loop.call_soon(again)
        else:
            loop.stop()

    loop.call_soon(again)
    loop.run_forever()
    return CALLBACKS


async def sleep_zero():
    for _ in range(AWAITS):
        await asyncio.sleep(0)
    return AWAITS


async def at_once(value):
    return value


async def await_finished():
    for _ in range(AWAITS):
        await at_once(1)
    return AWAITS


async def spawn_and_gather():
    await asyncio.gather(*[at_once(1) for _ in range(TASKS)])
    return TASKS


def timers_cancelled(loop):
    timers = [loop.call_later(3600 + index * 7919 % TIMERS / 1000, int) for index in range(TIMERS)]
    for timer in timers:
        timer.cancel()
    loop.call_soon(loop.stop)
    loop.run_forever()
    return TIMERS


async def queue_ping_pong():
    there, back = asyncio.Queue(1), asyncio.Queue(1)

    async def put_all():
        for _ in range(ROUNDS):
            await there.put(1)
            await back.get()

    putter = asyncio.create_task(put_all())
    for _ in range(ROUNDS):
        await there.get()
        await back.put(1)
    await putter
    return ROUNDS


async def lock_hand_over():
    lock = asyncio.Lock()

    async def take_turns():
        for _ in range(ROUNDS // 2):
            async with lock:
                await asyncio.sleep(0)

    other = asyncio.create_task(take_turns())
    await take_turns()
    await other
    return ROUNDS


async def task_group():
    async with asyncio.TaskGroup() as group:
        for _ in range(GROUP):
            group.create_task(at_once(1))
    return GROUP


async def timeout():
    for _ in range(ROUNDS):
        async with asyncio.timeout(3600):
            await at_once(1)
    return ROUNDS


def call_soon_threadsafe(loop):
    ran = 0

    def count():
        nonlocal ran
        ran += 1
        if ran == CALLBACKS:
            loop.stop()

    def call_all():
        for _ in range(CALLBACKS):
            loop.call_soon_threadsafe(count)

    other = threading.Thread(target=call_all)
    other.start()
    loop.run_forever()
    other.join()
    return CALLBACKS


async def memory_of_a_task():
    async def wait_for(future):
        await future

    future = asyncio.get_running_loop().create_future()
    gc.collect()
    tracemalloc.start()
    tasks = [asyncio.create_task(wait_for(future)) for _ in range(SUSPENDED)]
    await asyncio.sleep(0)
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    future.set_result(None)
    await asyncio.gather(*tasks)
    return used / SUSPENDED


CASES = [
    call_soon_burst,
    call_soon_chain,
    sleep_zero,
    await_finished,
    spawn_and_gather,
    timers_cancelled,
    queue_ping_pong,
    lock_hand_over,
    task_group,
    timeout,
    call_soon_threadsafe,
]


def nanoseconds(loop, case):
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter_ns()
        if asyncio.iscoroutinefunction(case):
            done = loop.run_until_complete(case())
        else:
            done = case(loop)
        best = min(best, (time.perf_counter_ns() - start) / done)
    return best


def main():
    if sys.argv[1:] == ["uvloop"]:
        import uvloop

        loop = uvloop.new_event_loop()
    else:
        loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    results = {case.__name__: nanoseconds(loop, case) for case in CASES}
    results["memory_of_a_task"] = loop.run_until_complete(memory_of_a_task())
    loop.close()
    print(json.dumps(results))


main()
