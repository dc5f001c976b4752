"""asyncio.run() of a function that was not called. needs: version (3.14 raises TypeError)"""

import asyncio


async def main():
    pass


asyncio.run(main)
