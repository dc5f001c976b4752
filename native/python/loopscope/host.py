"""Which loop class this twin has: natively with descriptors, elsewhere without."""

from . import core

try:
    import _loopscope
except ImportError:  # no native core: whoever started Python has provided one, or will
    from .loop import named
    from .without_system import LoopWithoutSystem

    EventLoop = named(LoopWithoutSystem)
else:
    core.provide(_loopscope.Core, _loopscope)
    from . import native

    native.settle(_loopscope)
    from .selector_loop import EventLoop
