import asyncio


async def wait_for_answer(name, answer):
    print(name, "waits")
    value = await answer
    print(name, "got", value)


async def main():
    loop = asyncio.get_running_loop()
    answer = loop.create_future()

    # Nobody computes this future: a plain callback fills it in.
    def fill_in():
        answer.set_result(42)
        print("the answer is set, nobody has run yet")

    loop.call_later(1, fill_in)

    await asyncio.gather(wait_for_answer("Ann", answer), wait_for_answer("Bob", answer))
    again = await answer  # done: costs no turn
    print("again:", again)


asyncio.run(main())
