"""Lock, Event, Condition, Semaphore and Barrier between tasks."""

import asyncio


async def philosopher(name, left, right, log):
    async with left:
        await asyncio.sleep(0.001)
        async with right:
            log.append(name)


async def main():
    forks = [asyncio.Lock() for _ in range(3)]
    log = []
    names = ("Plato", "Kant", "Hume")
    pairs = [(forks[0], forks[1]), (forks[1], forks[2]), (forks[0], forks[2])]
    await asyncio.gather(*(philosopher(name, *pair, log) for name, pair in zip(names, pairs)))
    print(sorted(log), [fork.locked() for fork in forks])

    running = most = 0
    limit = asyncio.Semaphore(2)

    async def download():
        nonlocal running, most
        async with limit:
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.005)
            running -= 1

    await asyncio.gather(*(download() for _ in range(6)))
    print("at most", most)

    event, condition, items = asyncio.Event(), asyncio.Condition(), []

    async def waiter():
        await event.wait()
        async with condition:
            await condition.wait_for(lambda: len(items) == 2)
            return items

    task = asyncio.create_task(waiter())
    event.set()
    for item in "ab":
        async with condition:
            items.append(item)
            condition.notify_all()
    print(await task)
    barrier = asyncio.Barrier(3)
    print(sorted(await asyncio.gather(*(barrier.wait() for _ in range(3)))))
    bounded = asyncio.BoundedSemaphore(1)
    try:
        bounded.release()
    except ValueError as error:
        print(error)


asyncio.run(main())
