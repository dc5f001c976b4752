import asyncio

arrived = []


async def run_race(start, changed, name, takes):
    await start.wait()
    print(name, "runs")
    await asyncio.sleep(takes)
    async with changed:
        arrived.append(name)
        changed.notify_all()  # whoever waits looks again


async def give_medals(changed):
    async with changed:
        await changed.wait_for(lambda: len(arrived) >= 2)
        print(f"gold for {arrived[0]}, silver for {arrived[1]}")


async def main():
    start = asyncio.Event()
    changed = asyncio.Condition()
    medals = asyncio.create_task(give_medals(changed))
    race = asyncio.gather(
        run_race(start, changed, "Ada", 3),
        run_race(start, changed, "Bob", 1),
        run_race(start, changed, "Cy", 2),
    )
    await asyncio.sleep(1)
    print("go")
    start.set()
    await medals
    await race
    print(len(arrived), "have arrived")


asyncio.run(main())
