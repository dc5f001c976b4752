"""wait()"""

import asyncio

from .registry import waits

WHEN = {
    "all": asyncio.ALL_COMPLETED,
    "first": asyncio.FIRST_COMPLETED,
    "error": asyncio.FIRST_EXCEPTION,
}


@waits("wait", "wait", "when timeout 3*thing", weight=8)
async def wait(machine, words):
    things = [thing for word in words[2:] if (thing := machine.number(word))]
    # Waiting for oneself never ends, and makes no sense of a timeout.
    futures = [one.future for one in things if one.future is not asyncio.current_task()]
    done, pending = await asyncio.wait(
        futures, timeout=machine.delay(words[1]), return_when=WHEN[words[0]]
    )
    machine.log(f"done {indices(machine, done)} pending {indices(machine, pending)}")


def indices(machine, futures):
    """asyncio's sets have no order."""
    return [index for index, thing in enumerate(machine.things) if thing.future in futures]
