"""python3 run_program.py FILE: runs a Python program under the virtual clock, with the newest stock CPython of this machine."""

import os
import runpy
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../fuzz"))

import versions
import virtual_loop

versions.run_in_the_newest()
virtual_loop.install()
path = sys.argv[1]
sys.argv = sys.argv[1:]
runpy.run_path(path, run_name="__main__")
