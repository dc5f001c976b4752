"""asyncio.run() and sleep(): the first program of every tutorial."""

import asyncio


async def say_after(delay, what):
    await asyncio.sleep(delay)
    print(what)


async def main():
    print("started")
    await say_after(0.02, "hello")
    await say_after(0.01, "world")
    task = asyncio.create_task(say_after(0.01, "from a task"))
    print("before the task")
    await task
    print("finished")


asyncio.run(main())
