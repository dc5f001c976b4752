"""A future of one loop awaited in another, and a loop that is closed already."""

import asyncio

loop = asyncio.new_event_loop()
future = loop.create_future()


async def main():
    await future


try:
    asyncio.run(main())
except RuntimeError as error:
    print(str(error).split(" got ")[1].split(" ")[:2])
loop.close()
loop.call_soon(print)
