import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


# Somebody else's code, which knows nothing of the loop: it keeps its thread until it is through.
def read_file(name):
    time.sleep(2.4)
    return f"what {name} says"


async def heartbeat():
    beat = 0
    while True:
        print("beat", beat)
        await asyncio.sleep(1)
        beat += 1


async def main():
    heart = asyncio.create_task(heartbeat(), name="heart")

    print("two calls, each in a thread of its own")
    a, b = await asyncio.gather(
        asyncio.to_thread(read_file, "a.txt"), asyncio.to_thread(read_file, "b.txt")
    )
    print(f"{a}, {b}")

    print("two calls, and one thread for both")
    with ThreadPoolExecutor(max_workers=1) as one_thread:
        loop = asyncio.get_running_loop()
        c = loop.run_in_executor(one_thread, read_file, "c.txt")
        d = loop.run_in_executor(one_thread, read_file, "d.txt")
        print(await c)
        print(await d)

    heart.cancel()


asyncio.run(main())
