"""An exception in a task that main() awaits."""

import asyncio


async def inner():
    await asyncio.sleep(0.001)
    raise LookupError("no such thing: ✗")


async def main():
    print("before")
    await asyncio.gather(inner(), asyncio.sleep(1))


asyncio.run(main())
