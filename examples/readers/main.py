import asyncio
import os


# Done when `out` takes something without making the program wait.
def writable(out):
    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def on_writable():
        loop.remove_writer(out)  # or it would be called in every turn
        ready.set_result(None)

    loop.add_writer(out, on_writable)
    return ready


async def send(out, words):
    for word in words:
        await asyncio.sleep(1)
        await writable(out)
        print("sends", word)
        os.write(out, word.encode())
    os.close(out)


async def main():
    loop = asyncio.get_running_loop()
    inlet, outlet = os.pipe()
    received = asyncio.Queue()

    # In each turn in which there is something to read.
    def on_readable():
        data = os.read(inlet, 100)
        if not data:
            loop.remove_reader(inlet)  # nothing: the other end is closed
        received.put_nowait(data.decode())

    loop.add_reader(inlet, on_readable)
    sending = asyncio.create_task(send(outlet, ["ready", "steady", "go"]), name="sender")

    while word := await received.get():
        print("received", word)
    os.close(inlet)
    await sending


asyncio.run(main())
