"""The crawler of so many tutorials: a queue, workers, a set of pages that were seen. The site is in a dictionary."""

import asyncio
import collections

SITE = {
    "/": ["/a", "/b"],
    "/a": ["/", "/c"],
    "/b": ["/c", "/d", "/missing"],
    "/c": [],
    "/d": ["/a", "/e"],
    "/e": ["/"],
}
DELAYS = {page: 0.01 * (index + 1) for index, page in enumerate(SITE)}


class NotFound(Exception):
    pass


class Crawler:
    def __init__(self, root, max_tasks=3):
        self.queue = asyncio.Queue()
        self.seen = {root}
        self.max_tasks = max_tasks
        self.statistics = collections.Counter()
        self.queue.put_nowait((root, 0))

    async def fetch(self, url):
        await asyncio.sleep(DELAYS.get(url, 0.005))
        if url not in SITE:
            raise NotFound(url)
        return SITE[url]

    async def work(self):
        while True:
            url, depth = await self.queue.get()
            try:
                for link in sorted(set(await self.fetch(url)) - self.seen):
                    self.seen.add(link)
                    self.queue.put_nowait((link, depth + 1))
                self.statistics["fetched"] += 1
            except NotFound as error:
                self.statistics["missing"] += 1
                print("not found:", error)
            finally:
                self.queue.task_done()

    async def crawl(self):
        workers = [asyncio.create_task(self.work()) for _ in range(self.max_tasks)]
        await self.queue.join()
        for worker in workers:
            worker.cancel()


async def main():
    crawler = Crawler("/")
    await crawler.crawl()
    print(sorted(crawler.seen))
    print(dict(sorted(crawler.statistics.items())))


if __name__ == "__main__":
    asyncio.run(main())
