import asyncio


async def wait_for_key(key):
    print("worker: waits for the key")
    try:
        await key
    except asyncio.CancelledError:
        print("worker: cancelled at last")
        raise


async def open_door():
    key = asyncio.get_running_loop().create_future()
    worker = asyncio.create_task(wait_for_key(key), name="worker")
    await asyncio.sleep(1)
    await worker  # nobody will ever set the key


try:
    asyncio.run(open_door())
except RuntimeError as error:  # on the real clock it waits for ever
    print(error)
