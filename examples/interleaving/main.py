import asyncio


async def count(name, steps):
    for step in range(1, steps + 1):
        print(f"{name}{step}")
        await asyncio.sleep(0)  # "let the others go first"


async def hog(name, steps):
    for step in range(1, steps + 1):
        print(f"{name}{step}")
    # never awaited anything, so nobody could run in between


async def main():
    await asyncio.gather(count("a", 3), count("b", 3), hog("h", 3))


asyncio.run(main())
