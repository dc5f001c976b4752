"""Workers that share a queue, which is joined and then left."""

import asyncio


async def worker(name, queue, report):
    while True:
        item = await queue.get()
        await asyncio.sleep(item / 100)
        report.append((name, item))
        queue.task_done()


async def main():
    queue = asyncio.Queue(maxsize=4)
    report = []
    workers = [asyncio.create_task(worker(f"worker-{i}", queue, report)) for i in range(3)]
    for item in (3, 1, 4, 1, 5, 9, 2, 6):
        await queue.put(item)
    await queue.join()
    for task in workers:
        task.cancel()
    print(await asyncio.gather(*workers, return_exceptions=True))
    print(sorted(item for _, item in report), queue.qsize(), queue.empty())
    priorities = asyncio.PriorityQueue()
    for entry in (2, "code"), (1, "eat"), (3, "sleep"):
        priorities.put_nowait(entry)
    while not priorities.empty():
        print(await priorities.get())
    try:
        priorities.get_nowait()
    except asyncio.QueueEmpty as error:
        print(repr(error))


asyncio.run(main())
