"""A timeout that nobody catches, with the cancellation as its cause."""

import asyncio


async def main():
    async with asyncio.timeout(0.01):
        await asyncio.sleep(1)


asyncio.run(main())
