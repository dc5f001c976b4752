"""sys.exit() within a task."""

import asyncio
import atexit
import sys


async def leave():
    await asyncio.sleep(0.001)
    sys.exit("left by hand")


async def main():
    try:
        await asyncio.gather(leave(), asyncio.sleep(1))
    finally:
        print("cleaning up")


atexit.register(print, "at exit")
asyncio.run(main())
