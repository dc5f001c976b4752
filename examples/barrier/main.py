import asyncio


async def hike(hut, name, pace):
    for day in (1, 2):
        await asyncio.sleep(pace)
        print(name, "is at hut", day)
        place = await hut.wait()  # until all are there
        if place == 0:
            print(name, "was first, and cooks")


async def main():
    hut = asyncio.Barrier(3)
    await asyncio.gather(hike(hut, "Ada", 2), hike(hut, "Bob", 1), hike(hut, "Cy", 3))


asyncio.run(main())
