"""The loop where there are neither descriptors nor signals: WebAssembly."""

from .bent import Waiter
from .loop import CoreLoop


class LoopWithoutSystem(CoreLoop):
    def __init__(self, selector=None):
        self._selector = Waiter(self)
        super().__init__(selector)

    def add_reader(self, fd, callback, *args):
        raise NotImplementedError("WebAssembly has no file descriptors to wait for")

    add_writer = add_reader

    def add_signal_handler(self, sig, callback, *args):
        raise NotImplementedError("a program in WebAssembly receives no signals")
