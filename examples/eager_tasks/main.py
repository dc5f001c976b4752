import asyncio


async def look_up(name, cached):
    print(f"look_up {name}: begins")
    if not cached:
        await asyncio.sleep(1)
    return "page of " + name


async def look_up_two():
    cached = asyncio.create_task(look_up("a", True))
    print("a was made: done() is", int(cached.done()))
    slow = asyncio.create_task(look_up("b", False))
    print("b was made: done() is", int(slow.done()))
    a = await cached
    b = await slow
    print(f"{a}, {b}")


async def main():
    await look_up_two()

    print("and now eagerly")
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    await look_up_two()


asyncio.run(main())
