import asyncio
import sys


async def open_with(key):
    await key


async def clerk(thing, key):
    await open_with(key)
    print(f"{thing} is open")


async def office(key):
    ann = asyncio.create_task(clerk("drawer", key), name="Ann")
    bob = asyncio.create_task(clerk("safe", key), name="Bob")
    await asyncio.gather(ann, bob)


async def main():
    key = asyncio.get_running_loop().create_future()
    working = asyncio.create_task(office(key), name="office")
    await asyncio.sleep(1)

    print("who waits for the key?")
    if sys.version_info >= (3, 14):
        asyncio.print_call_graph(key, file=sys.stderr)

    key.set_result(None)
    await working


asyncio.run(main())
