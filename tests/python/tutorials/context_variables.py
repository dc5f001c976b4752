"""contextvars: each request has its own, tasks and callbacks copy them."""

import asyncio
import contextvars

request = contextvars.ContextVar("request", default="none")


async def log(text):
    await asyncio.sleep(0)
    print(f"[{request.get()}] {text}")


async def handle(number):
    token = request.set(f"request {number}")
    await log("begin")
    await asyncio.sleep(0.02 - number * 0.01)
    await asyncio.create_task(log("in a task of its own"))
    request.reset(token)
    await log("end")


async def main():
    await asyncio.gather(handle(0), handle(1))
    request.set("main")
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: print("callback", request.get()))
    context = contextvars.copy_context()
    context.run(request.set, "copied")
    loop.call_soon(lambda: print("callback", request.get()), context=context)
    await asyncio.create_task(log("with a context"), context=context)
    print(request.get())


asyncio.run(main())
