"""wait(), as_completed() and wait_for()."""

import asyncio


async def job(name, delay):
    await asyncio.sleep(delay)
    return name


async def main():
    tasks = [asyncio.create_task(job(name, delay), name=name) for name, delay in (("slow", 10), ("fast", 0.01), ("middle", 0.4))]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print(sorted(task.get_name() for task in done), sorted(task.get_name() for task in pending))
    done, pending = await asyncio.wait(pending, timeout=0.8)
    print(sorted(task.result() for task in done), len(pending))
    for task in pending:
        task.cancel()
    print(await asyncio.gather(*pending, return_exceptions=True))
    for future in asyncio.as_completed([job("c", 0.09), job("a", 0.01), job("b", 0.05)]):
        print(await future)
    try:
        await asyncio.wait_for(job("never", 10), timeout=0.01)
    except asyncio.TimeoutError as error:
        print("timeout", isinstance(error, TimeoutError))


asyncio.run(main())
