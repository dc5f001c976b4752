import asyncio


async def stubborn():
    refused = 0
    for round in range(1, 4):
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            refused += 1  # swallowed: the task goes on as if nothing had been said
            print(f"stubborn: not now (round {round})")
    return refused


async def main():
    task = asyncio.create_task(stubborn(), name="stubborn")
    await asyncio.sleep(0.5)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()

    refused = await task
    print(f"main: it refused {refused}, cancelled() is {int(task.cancelled())}")
    print("main: cancelling() still counts:", task.cancelling())


asyncio.run(main())
