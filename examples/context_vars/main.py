import asyncio
import contextvars

request = contextvars.ContextVar("request", default="no request")


def log(what):
    print(f"[{request.get()}] {what}")


async def audit():
    await asyncio.sleep(2)
    log("written to the audit log")  # of the request that started it, which has ended


async def handle(name):
    request.set(name)  # for this task, and for what it starts from now on
    log("begins")
    await asyncio.sleep(1)
    log("ends")
    task = asyncio.create_task(audit())
    request.set("after " + name)
    await task


async def main():
    await asyncio.gather(handle("GET /a"), handle("GET /b"))
    log("nothing of it is seen here")

    token = request.set("main")
    asyncio.get_running_loop().call_soon(lambda: log("a callback keeps what was set"))
    request.reset(token)
    await asyncio.sleep(0)


asyncio.run(main())
