"""The loop where there are neither descriptors nor signals: WebAssembly."""

from .loop import CoreLoop


class LoopWithoutSystem(CoreLoop):
    def add_reader(self, fd, callback, *args):
        raise NotImplementedError("WebAssembly has no file descriptors to wait for")

    add_writer = add_reader

    def add_signal_handler(self, sig, callback, *args):
        raise NotImplementedError("a program in WebAssembly receives no signals")
