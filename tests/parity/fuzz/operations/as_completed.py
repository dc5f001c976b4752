"""as_completed()"""

import asyncio

from .registry import waits


@waits("as_completed", "as_completed", "timeout 3*thing", weight=8)
async def as_completed(machine, words):
    futures = list(dict.fromkeys(machine.awaitables(words[1:])))
    # In which order those come that are done already is up to a set of addresses.
    if asyncio.current_task() in futures or sum(future.done() for future in futures) > 1:
        return
    for one in asyncio.as_completed(futures, timeout=machine.delay(words[0])):
        machine.log(f"next {await one}")
    machine.log("no more")
