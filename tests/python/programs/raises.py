import asyncio


async def inner():
    await asyncio.sleep(0)
    {}["key"]


async def main():
    try:
        await asyncio.create_task(inner())
    except KeyError as error:
        raise RuntimeError("it went wrong") from error


asyncio.run(main())
