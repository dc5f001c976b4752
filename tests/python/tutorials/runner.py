"""asyncio.Runner: several runs on one loop, a factory, debug mode."""

import asyncio
import contextvars

variable = contextvars.ContextVar("variable")


async def first():
    variable.set("kept")
    return id(asyncio.get_running_loop())


async def second():
    return variable.get(), id(asyncio.get_running_loop()), asyncio.get_running_loop().get_debug()


with asyncio.Runner() as runner:
    loop = runner.run(first())
    value, same, debug = runner.run(second())
    print(value, loop == same, debug)
    print(runner.get_loop().is_running())
print(asyncio.run(asyncio.sleep(0, "slept"), debug=True))
with asyncio.Runner(debug=True, loop_factory=asyncio.new_event_loop) as runner:
    print(runner.run(asyncio.sleep(0, "made")), runner.get_loop().get_debug())
try:
    runner.run(asyncio.sleep(0))
except RuntimeError as error:
    print(error)
