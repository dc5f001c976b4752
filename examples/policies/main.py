import asyncio
import warnings


async def work():
    debug = asyncio.get_running_loop().get_debug()
    print("works on a loop with debug mode", "on" if debug else "off")
    await asyncio.sleep(1)


def careful_loop():
    loop = asyncio.get_event_loop_policy().new_event_loop()
    loop.set_debug(True)
    return loop


def run(loop_factory):
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(work())


warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.16 will have no policies any more


# Whoever asks for a new loop gets one from the policy; this one says so.
class Telling(type(asyncio.get_event_loop_policy())):
    def new_event_loop(self):
        print("policy: a new loop")
        return super().new_event_loop()


asyncio.run(work())

# One line, for one runner: a function that makes its loop.
run(loop_factory=careful_loop)

# One line, for the whole program.
asyncio.set_event_loop_policy(Telling())
asyncio.run(work())
run(loop_factory=careful_loop)
