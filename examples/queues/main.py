import asyncio


async def produce(jobs, first):
    for job in range(first, first + 4):
        await jobs.put(job)  # waits while the queue is full
        print("put", job)


async def work(jobs, name):
    while True:
        job = await jobs.get()  # waits while it is empty
        await asyncio.sleep(1)
        print("  " + name, "has done", job)
        jobs.task_done()


async def main():
    jobs = asyncio.Queue(3)
    workers = [asyncio.create_task(work(jobs, name), name=name) for name in ("Ada", "Bob")]
    await asyncio.gather(produce(jobs, 1), produce(jobs, 11))
    print("all are put")
    await jobs.join()
    print("all are done")
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)


asyncio.run(main())
