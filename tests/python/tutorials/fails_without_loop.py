"""create_task() where no loop runs."""

import asyncio


async def main():
    pass


coroutine = main()
try:
    asyncio.create_task(coroutine)
finally:
    coroutine.close()
