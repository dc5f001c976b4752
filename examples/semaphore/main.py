import asyncio

at_once = 0


async def download(slots, file):
    global at_once
    async with slots:
        at_once += 1
        print(f"file {file} begins, {at_once} at once")
        await asyncio.sleep(file)
        at_once -= 1
        print(f"file {file} is there")


async def main():
    slots = asyncio.Semaphore(2)
    await asyncio.gather(*(download(slots, file) for file in range(1, 6)))


asyncio.run(main())
