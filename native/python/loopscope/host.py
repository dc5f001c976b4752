"""Which loop class this twin has: natively with descriptors, elsewhere without."""

from . import core

try:
    import _loopscope
except ImportError:  # no native core: whoever started Python has provided one, or will
    from .loop import CoreLoop as EventLoop
else:
    from .selector_loop import EventLoop

    core.provide(_loopscope.Core, _loopscope.host)
