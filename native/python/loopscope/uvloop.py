"""What `import uvloop` finds in a program that `loopscope run` runs: the one-line swap that tutorials show, with our loop.

It says so, once, on standard error.
"""

import importlib.abc
import importlib.machinery
import sys


def _contents():
    from . import policy
    from .host import EventLoop

    return {
        "EventLoopPolicy": policy.EventLoopPolicy,
        "Loop": EventLoop,
        "__all__": ("EventLoopPolicy", "Loop", "install", "new_event_loop", "run"),
        "__doc__": __doc__,
        "__version__": "0.0.0+loopscope",
        "install": policy.install,
        "new_event_loop": policy.new_event_loop,
        "run": policy.run,
    }


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self, origin="loopscope") if name == "uvloop" else None

    def exec_module(self, module):
        module.__dict__.update(_contents())
        sys.stderr.write("note: uvloop is Loopscope's own loop here\n")


def stand_in():
    sys.meta_path.insert(0, _Finder())
