"""await of what cannot be awaited. needs: version (3.14 says it in other words)"""

import asyncio


def not_a_coroutine():
    return 5


async def main():
    await not_a_coroutine()


asyncio.run(main())
