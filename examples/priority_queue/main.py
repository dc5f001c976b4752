import asyncio


async def reception(room):
    # How urgent, and who. The smallest comes first.
    await room.put((3, "Ann"))
    await room.put((2, "Bob"))
    await room.put((3, "Ada"))
    await asyncio.sleep(1.5)
    print("an ambulance comes")
    await room.put((1, "Dee"))


async def doctor(room):
    while True:
        urgency, name = await room.get()
        print(f"the doctor sees {name} ({urgency})")
        await asyncio.sleep(1)
        room.task_done()


async def main():
    room = asyncio.PriorityQueue()
    working = asyncio.create_task(doctor(room), name="doctor")
    await reception(room)
    await room.join()
    working.cancel()

    # The same with a stack: who came last is first.
    plates = asyncio.LifoQueue()
    for colour in ("red", "green", "blue"):
        plates.put_nowait(colour)
    while not plates.empty():
        print(await plates.get(), "plate")


asyncio.run(main())
