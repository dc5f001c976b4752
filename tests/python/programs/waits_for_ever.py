import asyncio


async def main():
    print("it waits", flush=True)
    await asyncio.get_running_loop().create_future()


asyncio.run(main())
