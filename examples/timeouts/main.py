import asyncio


async def download(name, takes):
    try:
        await asyncio.sleep(takes)
    except asyncio.CancelledError:
        print(f"{name}: cancelled, cleans up")
        raise
    return name


async def main():
    async with asyncio.timeout(2):
        quick = await download("quick", 1)
    print(f"main: {quick} was in time")

    try:
        async with asyncio.timeout(2):
            await download("slow", 5)
    except TimeoutError:
        print("main: slow was not")

    # The deadline can move while the block runs: here each piece buys two more seconds.
    async with asyncio.timeout(2) as limit:
        for piece in range(1, 4):
            await asyncio.sleep(1.5)
            limit.reschedule(asyncio.get_running_loop().time() + 2)
            print(f"main: piece {piece}")

    # Of two deadlines the earlier one throws, and the outer block goes on.
    async with asyncio.timeout(3):
        try:
            async with asyncio.timeout(1):
                await download("inner", 9)
        except TimeoutError:
            print("main: the inner deadline came first")
        await asyncio.sleep(1)
        print("main: the outer one never came")


asyncio.run(main())
