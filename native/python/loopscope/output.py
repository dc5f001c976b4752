"""What the program prints, on its way to the terminal: the trace gets it too."""

import io
import sys

from . import places


class _Captured(io.TextIOWrapper):
    """sys.stdout or sys.stderr as the program sees it."""

    def tell_to(self, host, name):
        self._host, self._told_name = host, name
        return self

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)


class _Told(_Captured):
    """Tells `host` each text as it is written, and by which line.

    What goes to its `buffer`, or past it to the descriptor, is printed and not recorded.
    """

    def write(self, text, /):
        written = super().write(text)
        self._host.output(self._told_name, text, *places.writer())
        return written


class _Placed(_Captured):
    """Tells `host`, which sees what is written, by which line that is."""

    def write(self, text, /):
        if text:
            self._host.writing(*places.writer())
        return super().write(text)


def capture(host):
    kind = _Told if hasattr(host, "output") else _Placed
    for name in "stdout", "stderr":
        stream = getattr(sys, name)
        if stream is None:
            continue
        told = kind(
            stream.buffer,
            encoding=stream.encoding,
            errors=stream.errors,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )
        stream.flush()
        setattr(sys, name, told.tell_to(host, name))
        # The old wrapper would close the buffer when it dies; its owner keeps it.
        setattr(sys, f"__{name}__", getattr(sys, name))
        _replaced.append(stream)


_replaced = []
