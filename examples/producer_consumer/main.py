import asyncio
from collections import deque


# A queue in a dozen lines: who finds it empty leaves a future and waits for that.
class Channel:
    def __init__(self):
        self.items = deque()
        self.waiter = None

    def put(self, item):
        self.items.append(item)
        if self.waiter and not self.waiter.done():
            self.waiter.set_result(None)

    async def get(self):
        while not self.items:
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
        return self.items.popleft()


async def produce(channel):
    for item in range(1, 5):
        await asyncio.sleep(1 if item <= 2 else 0)  # slowly at first, then in a burst
        print("put", item)
        channel.put(item)
    channel.put(0)  # no more


async def consume(channel):
    while item := await channel.get():
        print("       got", item)
    print("       no more")


async def main():
    channel = Channel()
    await asyncio.gather(produce(channel), consume(channel))


asyncio.run(main())
