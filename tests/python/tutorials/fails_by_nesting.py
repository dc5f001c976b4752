"""asyncio.run() within a running loop."""

import asyncio


async def inner():
    pass


async def main():
    print("in main")
    coroutine = inner()
    try:
        asyncio.run(coroutine)
    finally:
        coroutine.close()


asyncio.run(main())
