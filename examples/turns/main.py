import asyncio


async def count():
    for step in range(1, 4):
        print("  step", step)
        await asyncio.sleep(0)
    await asyncio.sleep(1)
    print("  after the sleep")


loop = asyncio.new_event_loop()
task = loop.create_task(count(), name="count")

turn = 0
while not task.done():
    turn += 1
    print("turn", turn)
    if turn == 4:
        loop.call_soon(lambda: print("  a callback"))
    if turn == 5:
        loop.call_later(1, loop.stop)
    if turn != 5:
        loop.stop()  # said beforehand: run what is ready, do not wait, return
    loop.run_forever()
loop.close()
