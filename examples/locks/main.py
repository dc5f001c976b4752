import asyncio

balance = 0


# Reads, waits, writes: in between another may have written.
async def deposit(amount):
    global balance
    before = balance
    await asyncio.sleep(1)
    balance = before + amount


async def deposit_alone(lock, name, amount):
    async with lock:
        print(name, "has the lock")
        await deposit(amount)


async def main():
    global balance
    await asyncio.gather(deposit(10), deposit(20), deposit(30))
    print("without a lock:", balance)

    balance = 0
    lock = asyncio.Lock()
    await asyncio.gather(
        deposit_alone(lock, "A", 10),
        deposit_alone(lock, "B", 20),
        deposit_alone(lock, "C", 30),
    )
    print("with a lock:", balance)


asyncio.run(main())
