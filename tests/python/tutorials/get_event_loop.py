"""As until Python 3.6: the loop is there, and is closed by hand."""

import asyncio


async def compute(x, y):
    print("Compute %s + %s ..." % (x, y))
    await asyncio.sleep(0.01)
    return x + y


async def print_sum(x, y):
    result = await compute(x, y)
    print("%s + %s = %s" % (x, y, result))


loop = asyncio.get_event_loop()
try:
    loop.run_until_complete(print_sum(1, 2))
    tasks = [loop.create_task(print_sum(i, i)) for i in range(3)]
    loop.run_until_complete(asyncio.gather(*tasks))
    done, pending = loop.run_until_complete(asyncio.wait([loop.create_task(compute(5, 6))]))
    print([task.result() for task in done], pending)
finally:
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
print(loop.is_closed(), loop.is_running())
