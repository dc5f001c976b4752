import asyncio


async def main():
    print("Hello ...")
    await asyncio.sleep(1)  # the loop is free for a second
    print("... World!")


asyncio.run(main())
