"""Type hints, dataclasses, enums, protocols: a pipeline as one writes it today."""

from __future__ import annotations

import asyncio
import dataclasses
import enum
import typing
from collections.abc import AsyncIterator, Awaitable, Callable


class State(enum.Enum):
    NEW = enum.auto()
    DONE = enum.auto()


@dataclasses.dataclass(order=True)
class Order:
    number: int
    price: float = dataclasses.field(compare=False)
    state: State = dataclasses.field(default=State.NEW, compare=False)


T = typing.TypeVar("T")
Step = Callable[[Order], Awaitable[Order]]


async def source(count: int) -> AsyncIterator[Order]:
    for number in range(count, 0, -1):
        await asyncio.sleep(0)
        yield Order(number, number * 1.5)


async def tax(order: Order) -> Order:
    await asyncio.sleep(0.001 * order.number)
    return dataclasses.replace(order, price=round(order.price * 1.2, 2))


async def finish(order: Order) -> Order:
    order.state = State.DONE
    return order


async def through(steps: list[Step], order: Order) -> Order:
    for step in steps:
        order = await step(order)
    return order


async def main() -> None:
    orders = [order async for order in source(4)]
    results = await asyncio.gather(*(through([tax, finish], order) for order in orders))
    for order in sorted(results):
        match order:
            case Order(number=1):
                print("the first:", order)
            case Order(state=State.DONE, price=price) if price > 5:
                print("expensive:", order.number, price)
            case _:
                print(order.number)
    print(f"{sum(order.price for order in results):.2f} €")


if __name__ == "__main__":
    asyncio.run(main())
