"""TaskGroup: all succeed; one fails and the others are cancelled."""

import asyncio


async def job(name, delay, error=None):
    try:
        await asyncio.sleep(delay)
        if error:
            raise error
        print(name, "done")
        return name
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise


async def main():
    async with asyncio.TaskGroup() as group:
        first = group.create_task(job("first", 0.02))
        second = group.create_task(job("second", 0.01))
    print(first.result(), second.result())
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(job("fails", 0.01, ValueError("one")))
            group.create_task(job("waits", 10))
            async with asyncio.TaskGroup() as inner:
                inner.create_task(job("inner", 10))
    except* ValueError as group:
        print([repr(error) for error in group.exceptions])


asyncio.run(main())
