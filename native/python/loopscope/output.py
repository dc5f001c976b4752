"""What the program prints, on its way to the terminal: the trace gets it too."""

import io
import sys


class _Told(io.TextIOWrapper):
    """sys.stdout or sys.stderr that tells `host` each text as it is written.

    What goes to its `buffer`, or past it to the descriptor, is printed and not recorded.
    """

    def tell_to(self, host, name):
        self._host, self._told_name = host, name
        return self

    def write(self, text, /):
        written = super().write(text)
        self._host.output(self._told_name, text)
        return written

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)


def capture(host):
    for name in "stdout", "stderr":
        stream = getattr(sys, name)
        if stream is None:
            continue
        told = _Told(
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
