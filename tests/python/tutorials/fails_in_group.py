"""A TaskGroup's exception leaves the program."""

import asyncio


async def fail(error):
    raise error


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(fail(ValueError("bad")))
        group.create_task(fail(OSError(2, "gone")))


asyncio.run(main())
