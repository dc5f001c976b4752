"""python -m loopscope FILE | FOLDER | -m MODULE [ARGUMENTS]: as without `-m loopscope`, on this loop."""

import os
import runpy
import sys

from . import program

_USAGE = "usage: python -m loopscope FILE | FOLDER | -m MODULE [ARGUMENTS]"


def main(words):
    if words[:1] == ["-m"] and len(words) > 1:
        program.prepare()
        sys.argv = words[1:]
        sys.path[0] = os.getcwd()
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    elif not words or words[0].startswith("-"):
        sys.exit(_USAGE)
    elif os.path.isdir(words[0]):
        program.prepare()
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")
    else:
        sys.exit(program.main(words))


main(sys.argv[1:])
