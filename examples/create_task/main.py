import asyncio


async def say_after(delay, what):
    await asyncio.sleep(delay)
    print(what)


async def main():
    one = asyncio.create_task(say_after(1, "one"), name="one")
    two = asyncio.create_task(say_after(2, "two"), name="two")
    print("both are scheduled, neither has begun")

    await one
    await two  # it has been sleeping all the while: one second is left
    print("done after two seconds, not three")


asyncio.run(main())
