"""logging, with asyncio's own logger and exception handler."""

import asyncio
import logging
import sys

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")
log = logging.getLogger(__name__)


def handler(loop, context):
    log.error("caught %s: %r", context["message"].split(" ")[0], context.get("exception"))


async def fails():
    log.info("about to fail")
    raise RuntimeError("nobody looks")


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handler)
    loop.call_soon(lambda: 1 / 0)
    task = asyncio.create_task(fails())
    await asyncio.sleep(0.01)
    del task
    logging.getLogger("asyncio").warning("from asyncio's logger")
    loop.call_exception_handler({"message": "by hand"})
    log.info("done")


asyncio.run(main())
