"""Modules that the page has in another way than a process."""

import importlib.abc
import importlib.util
import sys

_UVLOOP_NOTE = "loopscope: uvloop is not here; Loopscope's own loop answers in its place\n"


class _Uvloop(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """`import uvloop`, the one-line swap that tutorials show, gives our loop."""

    def find_spec(self, name, path=None, target=None):
        if name != "uvloop":
            return None
        return importlib.util.spec_from_loader(name, self)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        import loopscope

        for name in "EventLoopPolicy", "install", "new_event_loop", "run", "Loop":
            setattr(module, name, getattr(loopscope, name))
        module.__version__ = "0 (loopscope)"
        sys.stderr.write(_UVLOOP_NOTE)


def install():
    sys.meta_path.append(_Uvloop())
