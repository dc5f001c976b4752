"""Cancelling: cleaning up, refusing, shielding, uncancel."""

import asyncio


async def careful():
    try:
        await asyncio.sleep(10)
    finally:
        await asyncio.sleep(0.001)
        print("cleaned up")


async def stubborn():
    while True:
        try:
            await asyncio.sleep(0.02)
            return "finished all the same"
        except asyncio.CancelledError:
            print("not yet", asyncio.current_task().cancelling())
            asyncio.current_task().uncancel()


async def main():
    task = asyncio.create_task(careful())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    task.cancel()
    print(await task)
    inner = asyncio.create_task(asyncio.sleep(0.02, "inner goes on"))
    outer = asyncio.ensure_future(asyncio.shield(inner))
    await asyncio.sleep(0)
    outer.cancel()
    print(await asyncio.gather(outer, return_exceptions=True), await inner)
    never_begun = asyncio.create_task(careful())
    never_begun.cancel()
    print((await asyncio.gather(never_begun, return_exceptions=True))[0].__class__.__name__)
    asyncio.create_task(careful(), name="left behind")
    await asyncio.sleep(0)


asyncio.run(main())
