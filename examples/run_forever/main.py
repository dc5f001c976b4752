import asyncio
import itertools


async def heartbeat():
    for beat in itertools.count(1):
        print("beat", beat)
        await asyncio.sleep(1)


loop = asyncio.new_event_loop()
task = loop.create_task(heartbeat())


def stop():
    loop.stop()  # ends the run after this turn, not at once
    print("stop() returns, the turn goes on")


loop.call_later(2.5, stop)
loop.run_forever()
print("between two runs nothing beats")

task.cancel()
try:
    loop.run_until_complete(task)  # the loop goes on where it was
except asyncio.CancelledError:
    print("the heart has stopped")
loop.close()
