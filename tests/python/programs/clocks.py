import asyncio
import datetime
import time


async def main():
    loop = asyncio.get_running_loop()
    begin = loop.time(), time.monotonic(), time.perf_counter(), time.time(), datetime.datetime.now()
    await asyncio.sleep(10)
    time.sleep(5)
    end = loop.time(), time.monotonic(), time.perf_counter(), time.time(), datetime.datetime.now()
    print([b - a if isinstance(a, float) else (b - a).total_seconds() for a, b in zip(begin, end)])


asyncio.run(main())
print(datetime.datetime.now(datetime.timezone.utc).isoformat())
