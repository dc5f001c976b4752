"""What a native process needs once, whether `loopscope run` started it or a program imported us."""

import os
import time

from . import clock, ends, output, registry, telling, tracked


def settle(host):
    seed = os.environ.get("LOOPSCOPE_SEED") or ("0" if host.virtual else "")
    if seed:
        from . import chance

        chance.install(int(seed))
    if host.virtual:
        if not _clocks_follow(host):
            clock.install(host)
        from . import crew, waits  # which need what others do not

        crew.install(host)
        waits.install()
        registry.install()
    if host.traced:
        if "%p" not in os.environ.get("LOOPSCOPE_TRACE", ""):
            os.environ.pop("LOOPSCOPE_TRACE", None)  # a child would empty its parent's file
        tracked.install()
        telling.install()
        output.capture(host)
        ends.install(host)


def _clocks_follow(host):
    """Whether the C library's clocks are ours already, as in loopscope-python."""
    return abs(time.time() - (clock.CALENDAR_BEGIN + host.now())) < 1
