import asyncio


async def download():
    try:
        print("download: begins")
        await asyncio.sleep(3600)
        print("download: is never this far")
    except asyncio.CancelledError as error:
        print(f"download: cancelled ({error}), removes its file")
        raise  # cleaning up is fine, keeping it quiet is not


async def main():
    task = asyncio.create_task(download(), name="download")
    await asyncio.sleep(2)

    task.cancel("the user closed the window")  # a request: nothing has happened to it yet
    print("main: requested, cancelled() is", int(task.cancelled()))
    try:
        await task
    except asyncio.CancelledError:
        print("main: delivered, cancelled() is", int(task.cancelled()))


asyncio.run(main())
