import asyncio


async def job(name, rounds, pause):
    for round in range(1, rounds + 1):
        await asyncio.sleep(pause)
        print(f"{name}: round {round}")
    return rounds


# A thread with a loop of its own, from its beginning to its end. run() makes it and closes it.
def in_thread(name, pause):
    return asyncio.run(job(name, 3, pause))


async def main():
    here = asyncio.create_task(job("main", 4, 0.7), name="main's own")
    a, b = await asyncio.gather(
        asyncio.to_thread(in_thread, "first", 0.5), asyncio.to_thread(in_thread, "second", 0.8)
    )
    print(f"{a + b} rounds in two threads, {await here} here")


asyncio.run(main())
