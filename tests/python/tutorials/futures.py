"""Futures and their callbacks, and a task for a coroutine."""

import asyncio


async def set_after(fut, delay, value):
    await asyncio.sleep(delay)
    fut.set_result(value)


async def main():
    loop = asyncio.get_running_loop()
    fut = loop.create_future()
    loop.create_task(set_after(fut, 0.01, "... world"))
    print("hello ...")
    print(await fut, fut.done(), fut.cancelled())
    callbacks = []
    other = loop.create_future()
    other.add_done_callback(lambda future: callbacks.append(future.result()))
    loop.call_soon(other.set_result, 42)
    await other
    await asyncio.sleep(0)
    print(callbacks)
    try:
        other.set_result(1)
    except asyncio.InvalidStateError as error:
        print(repr(error))
    failed = loop.create_future()
    failed.set_exception(LookupError("nowhere"))
    try:
        await failed
    except LookupError as error:
        print(error)
    print(asyncio.isfuture(fut), asyncio.iscoroutinefunction(main), asyncio.wrap_future is not None)


asyncio.run(main())
