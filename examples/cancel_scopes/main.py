import asyncio


async def look_up(word, takes):
    await asyncio.sleep(takes)
    return word + " found"


async def save():
    await asyncio.sleep(3)
    print("save: done, in spite of the deadline")


async def main():
    # asyncio has no scopes: what comes nearest is an error that is caught,
    for takes in (1, 3):
        try:
            async with asyncio.timeout(2):
                print("main:", await look_up("moon", takes))
        except TimeoutError:
            print("main: moved on")

    # a task of its own behind a shield,
    saving = asyncio.create_task(save())
    caught = False
    try:
        async with asyncio.timeout(1):
            await asyncio.shield(saving)
    except TimeoutError:
        caught = True
    await saving
    print(f"main: the scope caught it: {int(caught)}")

    # and a deadline that is moved to now.
    try:
        async with asyncio.timeout(None) as game:
            loop = asyncio.get_running_loop()
            loop.call_later(1, lambda: game.reschedule(loop.time()))
            await asyncio.sleep(3600)
    except TimeoutError:
        print("main: game over, and the task goes on")


asyncio.run(main())
