"""Callbacks only: call_soon(), call_later(), call_at(), stop()."""

import asyncio
import functools


def tick(left, loop):
    print("tick", left, loop.time() >= begin)
    if left > 1:
        loop.call_later(0.05, tick, left - 1, loop)
    else:
        loop.stop()


def hello(name, *, punctuation):
    print("hello", name + punctuation)


loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
begin = loop.time()
loop.call_soon(functools.partial(hello, "world", punctuation="!"))
loop.call_at(begin + 0.02, print, "at")
cancelled = loop.call_later(0.02, print, "never")
cancelled.cancel()
print(cancelled.cancelled())
loop.call_soon(tick, 4, loop)
try:
    loop.run_forever()
finally:
    loop.close()
