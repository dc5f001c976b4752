import asyncio


async def readings(count):
    print("sensor: switched on")
    try:
        for number in range(1, count + 1):
            await asyncio.sleep(1)  # what an async generator may do, and a plain one may not
            yield number * 10
        print("sensor: no more")
    except GeneratorExit:
        print("sensor: closing")
        raise


async def watch():
    values = readings(100)
    async for value in values:
        print("watch:", value)
        if value == 20:
            break
    await values.aclose()  # it stands at its yield, which throws


async def main():
    values = readings(2)
    print("main: made one, which does nothing yet")
    async for value in values:
        print("main:", value)

    await watch()


asyncio.run(main())
