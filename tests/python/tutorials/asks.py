"""input(), also in a thread while the loop goes on. needs: threads, stdin: Ada/36/last line"""

import asyncio

name = input("Name? ")


async def main():
    age = int(await asyncio.get_running_loop().run_in_executor(None, input, "Age? "))
    print(f"{name} will be {age + 1}")
    print(input())
    try:
        input("more? ")
    except EOFError as error:
        print(repr(error))


asyncio.run(main())
