"""Signal handlers. needs: system"""

import asyncio
import os
import signal
import threading


async def main():
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def ask_exit(name):
        print("got signal", name)
        stop.set()

    for name in "SIGINT", "SIGTERM":
        loop.add_signal_handler(getattr(signal, name), ask_exit, name)
    for number in signal.SIGTERM, signal.SIGINT:
        os.kill(os.getpid(), number)
        await stop.wait()
        stop.clear()
    print(loop.remove_signal_handler(signal.SIGTERM), loop.remove_signal_handler(signal.SIGTERM))
    try:
        loop.add_signal_handler(signal.SIGKILL, print)
    except RuntimeError as error:
        print(error)

    def elsewhere():
        other = asyncio.new_event_loop()
        try:
            other.add_signal_handler(signal.SIGUSR1, print)
        except (RuntimeError, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        finally:
            other.close()

    print(await asyncio.to_thread(elsewhere))
    print(threading.current_thread() is threading.main_thread())


asyncio.run(main())
