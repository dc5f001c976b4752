import asyncio


async def answer(name, after):
    await asyncio.sleep(after)
    return name


def ask():
    return [
        asyncio.create_task(answer("moon", 3), name="moon"),
        asyncio.create_task(answer("mars", 1), name="mars"),
        asyncio.create_task(answer("venus", 2), name="venus"),
    ]


async def main():
    # The first answer will do: the others are told to stop.
    done, pending = await asyncio.wait(ask(), return_when=asyncio.FIRST_COMPLETED)
    print(f"first: {done.pop().result()}, {len(pending)} not yet")
    for task in pending:
        task.cancel()

    # What is there after a while. wait() throws nothing, and cancels nothing.
    tasks = ask()
    done, pending = await asyncio.wait(tasks, timeout=1.5)
    print(f"after 1.5 s: {len(done)} done")
    await asyncio.wait(pending)
    print(f"in the end: {tasks[2].result()} too")

    # One after the other, as they come: their results here, the tasks themselves from Python 3.13 on.
    tasks = ask()
    for next_done in asyncio.as_completed(tasks):
        result = await next_done
        name = next(task.get_name() for task in tasks if task.done() and task.result() == result)
        print(f"{name} answers {result}")


asyncio.run(main())
