"""Calls in processes. needs: system"""

import asyncio
import concurrent.futures


def count_primes(to):
    return sum(all(number % divisor for divisor in range(2, int(number**0.5) + 1)) for number in range(2, to))


async def main():
    loop = asyncio.get_running_loop()
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        print(await asyncio.gather(*(loop.run_in_executor(pool, count_primes, to) for to in (10, 100, 1000))))


if __name__ == "__main__":
    asyncio.run(main())
