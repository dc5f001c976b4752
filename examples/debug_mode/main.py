import asyncio
import time


async def rest():
    await asyncio.sleep(1)


async def careless():
    # A step should be short: the loop can do nothing else meanwhile.
    time.sleep(0.25)
    await asyncio.sleep(0)

    # A coroutine that is only made does not run. Here `await` was forgotten.
    forgotten = rest()
    print("has rested, or so it thinks")
    del forgotten


asyncio.run(careless(), debug=True)
