import asyncio


async def work():
    await asyncio.sleep(1)
    print("work: returns 7")
    return 7


def first(done):
    print("first callback:", done.result())
    asyncio.get_running_loop().call_soon(lambda: print("added by it: a turn later"))


def never(done):
    print("never")


async def main():
    task = asyncio.create_task(work(), name="work")
    task.add_done_callback(first)
    task.add_done_callback(never)
    task.remove_done_callback(never)

    value = await task  # the wake-up of this task is a callback, too: the second one
    print("main:", value)

    task.add_done_callback(lambda done: print("on a done task: through the queue, too"))
    print("main: not called yet")
    await asyncio.sleep(0)


asyncio.run(main())
