import asyncio


async def producer(queue, name, first):
    for value in range(first, first + 3):
        await asyncio.sleep(1)
        await queue.put(value)
        print(f"{name}: sent {value}")


async def consumer(queue):
    while (value := await queue.get()) is not None:
        print(f"consumer: got {value}")
    print("consumer: all senders are gone")


async def main():
    # asyncio has no channels: the end of a queue must be put into it.
    queue = asyncio.Queue(2)
    async with asyncio.TaskGroup() as group:
        group.create_task(consumer(queue), name="consumer")
        async with asyncio.TaskGroup() as producers:
            producers.create_task(producer(queue, "ada", 10), name="ada")
            producers.create_task(producer(queue, "bob", 20), name="bob")
        await queue.put(None)
    print("main: everybody is done")


asyncio.run(main())
