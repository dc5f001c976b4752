"""Calls in threads, and a loop in a thread. needs: threads"""

import asyncio
import concurrent.futures
import threading
import time


def blocking(number):
    time.sleep(0.02)
    return number * 2


async def main():
    loop = asyncio.get_running_loop()
    print(await asyncio.gather(*(loop.run_in_executor(None, blocking, number) for number in range(3))))
    with concurrent.futures.ThreadPoolExecutor(max_workers=1, thread_name_prefix="mine") as pool:
        print(await loop.run_in_executor(pool, lambda: threading.current_thread().name))
    print(await asyncio.to_thread(blocking, 21))
    try:
        await asyncio.to_thread(int, "no number")
    except ValueError as error:
        print(error)
    done = asyncio.Event()
    threading.Timer(0.01, lambda: loop.call_soon_threadsafe(done.set)).start()
    await done.wait()
    print("woken by a thread")


asyncio.run(main())

other = asyncio.new_event_loop()
thread = threading.Thread(target=other.run_forever, daemon=True)
thread.start()
future = asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01, "from the other loop"), other)
print(future.result(timeout=5))
other.call_soon_threadsafe(other.stop)
thread.join()
other.close()
