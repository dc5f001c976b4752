"""What people paste: standard library, type hints, dataclasses, async generators, logging, names and texts in any script."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import sys
from collections.abc import AsyncIterator

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s %(message)s")


@dataclasses.dataclass
class Größe:
    имя: str
    値: int = 0


async def zähle(n: int) -> AsyncIterator[Größe]:
    try:
        for i in range(n):
            await asyncio.sleep(0.01)
            yield Größe(f"número {i} ✓", i)
    finally:
        print("the generator is closed")


@contextlib.asynccontextmanager
async def lent(lock: asyncio.Lock):
    async with lock:
        yield "lent"


async def main() -> None:
    async for größe in zähle(5):
        logging.info("%s %d", größe.имя, größe.値)
        if größe.値 == 2:
            break
    lock = asyncio.Lock()
    async with lent(lock) as what, asyncio.timeout(1):
        print(what, lock.locked())
    results = await asyncio.gather(asyncio.sleep(0.01, "a"), asyncio.sleep(0.01, "b"))
    print(results)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(10))
            group.create_task(fail())
    except* ValueError as errors:
        print([str(error) for error in errors.exceptions])


async def fail():
    await asyncio.sleep(0)
    raise ValueError("no")


if __name__ == "__main__":
    asyncio.run(main())
