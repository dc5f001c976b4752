import asyncio


async def twice(n):
    print(f"twice({n}) runs")
    return 2 * n


async def fetch(n):
    await asyncio.sleep(1)
    return await twice(n)


async def compute():
    later = twice(2)  # a call that has not begun: nothing is printed yet
    print("twice(2) is made")
    four = await later
    print("it gives", four)

    # One after the other: two seconds, and still only one task.
    six = await fetch(3)
    eight = await fetch(4)
    print("and then", six, "and", eight)


asyncio.run(compute())
