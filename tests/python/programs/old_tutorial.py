"""As programs were written for Python 3.4 to 3.9."""

import asyncio
import time


async def say(delay, what):
    await asyncio.sleep(delay)
    print(what)
    return what


loop = asyncio.get_event_loop()
future = asyncio.ensure_future(say(0.2, "second"), loop=loop)
loop.run_until_complete(say(0.1, "first"))
print(loop.run_until_complete(future))
loop.call_later(0.1, loop.stop)
loop.run_forever()
started = time.time()
loop.run_until_complete(asyncio.wait([loop.create_task(say(0.1, "x"))]))
print(round(time.time() - started, 1))
loop.close()
print(loop.is_closed())
