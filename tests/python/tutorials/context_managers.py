"""async with: a class, a generator, a stack of them."""

import asyncio
import contextlib


class Connection:
    def __init__(self, name):
        self.name = name

    async def __aenter__(self):
        await asyncio.sleep(0.001)
        print("open", self.name)
        return self

    async def __aexit__(self, kind, error, traceback):
        await asyncio.sleep(0.001)
        print("close", self.name, kind and kind.__name__)
        return kind is ZeroDivisionError


@contextlib.asynccontextmanager
async def transaction(connection):
    print("begin")
    try:
        yield connection.name
    except Exception:
        print("rollback")
        raise
    else:
        print("commit")


async def main():
    async with Connection("db") as db, transaction(db) as name:
        print("in", name)
    async with Connection("suppressing"):
        1 / 0
    try:
        async with Connection("outer") as outer, transaction(outer):
            raise KeyError("inside")
    except KeyError as error:
        print("passed", error)
    async with contextlib.AsyncExitStack() as stack:
        for number in range(2):
            await stack.enter_async_context(Connection(number))
        stack.push_async_callback(asyncio.sleep, 0)


asyncio.run(main())
