"""gather(): factorials side by side, and what happens with exceptions."""

import asyncio


async def factorial(name, number):
    f = 1
    for i in range(2, number + 1):
        print(f"Task {name}: Compute factorial({number}), currently i={i}...")
        await asyncio.sleep(0.02)
        f *= i
    print(f"Task {name}: factorial({number}) = {f}")
    return f


async def fails():
    await asyncio.sleep(0.01)
    raise ValueError("failed")


async def main():
    print(await asyncio.gather(factorial("A", 2), factorial("B", 3), factorial("C", 4)))
    print(await asyncio.gather(fails(), asyncio.sleep(0.01, "fine"), return_exceptions=True))
    try:
        await asyncio.gather(fails(), asyncio.sleep(0.03))
    except ValueError as error:
        print("caught", error)


asyncio.run(main())
