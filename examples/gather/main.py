import asyncio


async def factorial(name, n):
    result = 1
    for i in range(2, n + 1):
        print(f"{name}: {result} * {i}")
        await asyncio.sleep(1)
        result *= i
    print(f"{name}: {n}! = {result}")
    return result


async def main():
    a, b, c = await asyncio.gather(factorial("A", 4), factorial("B", 2), factorial("C", 3))
    # B was done first, but the results come in the order of the arguments.
    print("all:", a, b, c)


asyncio.run(main())
