import asyncio


class NoConnection(Exception):
    pass


async def fetch(name, takes):
    try:
        await asyncio.sleep(takes)
    except asyncio.CancelledError:
        print(f"{name}: gives up")
        raise
    print(f"{name}: there")


async def breaks(name, after):
    await asyncio.sleep(after)
    print(f"{name}: breaks")
    raise NoConnection


async def main():
    # The group is left when the last of its tasks has ended.
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch("news", 2), name="news")
        group.create_task(fetch("mail", 1), name="mail")
    print("main: both are there")

    # One failure ends all of it: the other task, and what the block waits for.
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fetch("film", 10), name="film")
            group.create_task(breaks("line", 1), name="line")
            await fetch("block", 20)
    except ExceptionGroup as errors:
        print(f"main: {errors}")
        known, rest = errors.split(NoConnection)
        print(f"main: {len(known.exceptions)} without connection")
        if rest:
            raise rest


asyncio.run(main())
