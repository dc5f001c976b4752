import asyncio


async def save(what):
    print(f"save: begins with {what}")
    await asyncio.sleep(3)
    print(f"save: {what} is on the disk")


async def editor(saving):
    try:
        await asyncio.shield(saving)
    except asyncio.CancelledError:
        print("editor: cancelled, but not the saving")
        raise


async def main():
    # Keep the task: nobody else does once the shield is gone.
    saving = asyncio.create_task(save("the letter"), name="saving")
    editing = asyncio.create_task(editor(saving), name="editor")
    await asyncio.sleep(1)

    editing.cancel()
    try:
        await editing
    except asyncio.CancelledError:
        print(f"main: the editor is gone, saving.done() is {int(saving.done())}")
    await saving

    # With a deadline: stop waiting, but let it end.
    another = asyncio.create_task(save("a copy"), name="copying")
    try:
        await asyncio.wait_for(asyncio.shield(another), 1)
    except TimeoutError:
        print("main: waits no longer")
    await another


asyncio.run(main())
