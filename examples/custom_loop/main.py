import asyncio
import heapq
import time
from collections import deque


# All that tasks, futures and sleep() need: a queue, timers, and something to wait with.
class TinyLoop(asyncio.AbstractEventLoop):
    def __init__(self):
        self._ready, self._timers, self._made = deque(), [], 0

    def call_soon(self, callback, *args, context=None):
        self._ready.append(asyncio.Handle(callback, args, self, context))
        return self._ready[-1]

    def call_later(self, delay, callback, *args, context=None):
        when = round(self.time() + delay, 9)
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._made += 1
        heapq.heappush(self._timers, (when, self._made, timer))
        return timer

    def time(self):
        return time.monotonic()

    def stop(self):
        self._stopping = True

    def run_until_complete(self, coro):
        task = self.create_task(coro)
        task.add_done_callback(lambda task: self.stop())
        self.run_forever()
        return task.result()

    def run_forever(self):
        asyncio._set_running_loop(self)
        self._stopping = False
        while not self._stopping:
            if not self._ready:
                time.sleep(self._timers[0][0] - self.time())
            while self._timers and self._timers[0][0] <= self.time():
                self._ready.append(heapq.heappop(self._timers)[-1])
            for _ in range(len(self._ready)):
                handle = self._ready.popleft()
                if not handle.cancelled():
                    handle._run()
        asyncio._set_running_loop(None)

    def create_task(self, coro):
        return asyncio.Task(coro, loop=self)

    def create_future(self):
        return asyncio.Future(loop=self)

    def get_debug(self):
        return False

    def _timer_handle_cancelled(self, timer):
        pass


async def count(name, pause):
    for i in range(1, 4):
        await asyncio.sleep(pause)
        print(name, i)


async def both():
    await asyncio.gather(count("slow", 1), count("quick", 0.4))


loop = TinyLoop()
loop.run_until_complete(both())
try:
    loop.add_reader(0, print)
except NotImplementedError:
    print("add_reader() is not there")
