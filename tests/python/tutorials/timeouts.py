"""timeout(), timeout_at(), moving a deadline, cancellation that is not a timeout."""

import asyncio


async def main():
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(0.02):
            await asyncio.sleep(10)
    except TimeoutError:
        print("too slow")
    async with asyncio.timeout(None) as limit:
        limit.reschedule(loop.time() + 5)
        await asyncio.sleep(0.01)
    print(limit.expired())
    try:
        async with asyncio.timeout_at(loop.time() + 0.01):
            async with asyncio.timeout(10):
                await asyncio.Event().wait()
    except TimeoutError as error:
        print(repr(error))

    async def sleeper():
        try:
            async with asyncio.timeout(10):
                await asyncio.sleep(10)
        except asyncio.CancelledError:
            print("cancelled by hand")
            raise

    task = asyncio.create_task(sleeper())
    await asyncio.sleep(0.01)
    print(task.cancel("because"))
    try:
        await task
    except asyncio.CancelledError as error:
        print(error.args, task.cancelled())
    print(await asyncio.shield(asyncio.sleep(0.01, "shielded")))


asyncio.run(main())
