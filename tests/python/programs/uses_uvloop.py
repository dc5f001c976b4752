import asyncio

import uvloop


async def main():
    print(type(asyncio.get_running_loop()).__module__)


uvloop.install()
asyncio.run(main())
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
asyncio.run(main())
uvloop.run(main())
with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
with asyncio.Runner(loop_factory=uvloop.Loop) as runner:
    runner.run(main())
