import asyncio


async def save(file):
    await asyncio.sleep(1)
    if file == "b.txt":
        raise RuntimeError("disk full at " + file)
    print("saved", file)


async def main():
    asyncio.get_running_loop().set_exception_handler(
        lambda loop, context: print("the loop says:", context["message"])
    )

    print("1. Nobody looks at the task")
    asyncio.create_task(save("b.txt"))
    await asyncio.sleep(2)  # it failed; without the handler above only a log would say so

    print("2. Awaiting it")
    try:
        await asyncio.create_task(save("b.txt"))
    except Exception as error:
        print("caught:", error)

    print("3. Exceptions as results")
    a, b = await asyncio.gather(save("a.txt"), save("b.txt"), return_exceptions=True)
    print(f"a: {'saved' if a is None else 'lost'}, b: {'saved' if b is None else 'lost'}")


asyncio.run(main())
