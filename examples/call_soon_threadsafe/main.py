import asyncio
import time


async def ask(question):
    print(question)
    await asyncio.sleep(1.2)  # somebody thinks
    return 3


# In another thread. Nothing that belongs to the loop may be touched here: no task, no future, no
# timer. There are two ways in.
def bake(loop):
    # One leaves a callback with the loop, and goes on.
    for percent in (50, 100):
        time.sleep(1)
        loop.call_soon_threadsafe(lambda percent=percent: print(f"baked: {percent} %"))
    # The other has the loop run a coroutine. This thread waits for the answer, the loop does not.
    answer = asyncio.run_coroutine_threadsafe(ask("How many do you want?"), loop)
    return answer.result()


async def clock_hand():
    tick = 0
    while True:
        print("tick", tick)
        await asyncio.sleep(0.7)
        tick += 1


async def main():
    ticking = asyncio.create_task(clock_hand(), name="clock")
    cakes = await asyncio.to_thread(bake, asyncio.get_running_loop())
    print(f"{cakes} cakes")
    ticking.cancel()


asyncio.run(main())
