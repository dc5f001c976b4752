"""async for, async generators, comprehensions, and how they are closed."""

import asyncio


async def ticker(to):
    try:
        for number in range(to):
            yield number
            await asyncio.sleep(0.001)
    finally:
        print("closed at", to)


class Countdown:
    def __init__(self, start):
        self.left = start

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.left == 0:
            raise StopAsyncIteration
        self.left -= 1
        await asyncio.sleep(0)
        return self.left


async def main():
    print([number async for number in ticker(4)])
    print({number: number**2 async for number in Countdown(3) if number % 2 == 0})
    async for number in ticker(10):
        if number == 2:
            break
    generator = ticker(3)
    print(await anext(generator), await generator.asend(None))
    await generator.aclose()
    try:
        await anext(generator)
    except StopAsyncIteration as error:
        print(repr(error))
    left_open = ticker(99)
    print(await anext(left_open))


asyncio.run(main())
