"""Handles that know the number under which the core has them."""

import asyncio
from asyncio import format_helpers


class TimerHandle(asyncio.TimerHandle):
    __slots__ = ("number",)


def report(handle, error):
    """A callback raised `error`: tells the loop's exception handler, in asyncio's words. asyncio: Handle._run"""
    source = format_helpers._format_callback_source(handle._callback, handle._args)
    context = {"message": f"Exception in callback {source}", "exception": error, "handle": handle}
    if handle._source_traceback:
        context["source_traceback"] = handle._source_traceback
    handle._loop.call_exception_handler(context)
