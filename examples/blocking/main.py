import asyncio
import time


async def clock_hand(start):
    for tick in range(5):
        now = asyncio.get_running_loop().time() - start
        print(f"tick {tick} at {now:.1f} s")
        await asyncio.sleep(1)


async def rude():
    await asyncio.sleep(1.5)
    print("rude: blocks the thread for 2 s")
    time.sleep(2)  # not await: the loop cannot do anything else meanwhile
    print("rude: done")


async def watch():
    start = asyncio.get_running_loop().time()
    await asyncio.gather(clock_hand(start), rude())


asyncio.run(watch())
