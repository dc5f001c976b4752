import asyncio
import signal

jobs_done = 0


async def work(name, job):
    global jobs_done
    try:
        while True:
            await asyncio.sleep(job)
            jobs_done += 1
    except asyncio.CancelledError:
        print(f"{name}: finishes what it holds")
        await asyncio.sleep(job / 2)
        print(f"{name}: has cleaned up")
        raise


async def main():
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, lambda: print(f"SIGUSR1: {jobs_done} jobs"))

    def ask_to_stop():
        print("asked to stop")
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask_to_stop)
    workers = [
        asyncio.create_task(work("fast", 0.3), name="fast"),
        asyncio.create_task(work("slow", 0.8), name="slow"),
    ]

    # Somebody asks how it goes, and later presses Ctrl-C.
    loop.call_later(1, signal.raise_signal, signal.SIGUSR1)
    loop.call_later(2, signal.raise_signal, signal.SIGINT)

    await stop.wait()
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    print(f"{jobs_done} jobs, all put away")


asyncio.run(main())
