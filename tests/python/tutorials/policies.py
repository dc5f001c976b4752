"""Policies, and loops that are made and set by hand."""

import asyncio
import selectors
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


class Policy(asyncio.DefaultEventLoopPolicy):
    made = 0

    def new_event_loop(self):
        Policy.made += 1
        return super().new_event_loop()


async def main():
    await asyncio.sleep(0.001)
    return asyncio.get_running_loop() is asyncio.get_event_loop()


asyncio.set_event_loop_policy(Policy())
print(asyncio.run(main()), Policy.made)
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
print(asyncio.get_event_loop() is loop, Policy.made)
print(loop.run_until_complete(main()))
loop.close()
try:
    loop.call_soon(print)
except RuntimeError as error:
    print(error)
selecting = asyncio.SelectorEventLoop(selectors.SelectSelector())
print(selecting.run_until_complete(asyncio.sleep(0.001, "a selector of one's own")))
selecting.close()
asyncio.set_event_loop_policy(None)
asyncio.set_event_loop(None)
try:
    asyncio.get_running_loop()
except RuntimeError as error:
    print(error)
