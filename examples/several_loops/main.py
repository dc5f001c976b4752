import asyncio


async def job(number):
    await asyncio.sleep(1)
    print("job", number)
    return number


async def leave_one_behind():
    asyncio.create_task(job(2))
    await asyncio.sleep(0.5)
    print("run() ends, and with it job 2")


# Each run() makes a loop of its own, and closes it.
one = asyncio.run(job(1))
asyncio.run(leave_one_behind())

# By hand: one loop for two things, one after the other.
loop = asyncio.new_event_loop()
three = loop.run_until_complete(job(3))
four = loop.run_until_complete(job(4))
loop.close()
print(one, three, four)

try:
    loop.call_soon(lambda: None)
except RuntimeError as error:
    print(error)
