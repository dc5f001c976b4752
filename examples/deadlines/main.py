import asyncio


async def lookup(takes):
    await asyncio.sleep(takes)
    return "found"


# A timer and a task race; whoever is first stops the other.
async def within(limit, work):
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work, name="lookup")
    deadline = loop.call_at(loop.time() + limit, lambda: task.cancel("too late"))
    try:
        answer = await task
        deadline.cancel()  # or it would cancel what is done, and keep the loop waiting
    except asyncio.CancelledError as error:
        answer = str(error)
    return answer


async def main():
    for takes in 1, 3, 2:  # the last one is a tie: who was first?
        answer = await within(2, lookup(takes))
        print(f"{takes} s of 2 s: {answer}")


asyncio.run(main())
