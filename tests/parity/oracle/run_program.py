"""python3 run_program.py FILE: runs a Python program under the virtual clock, with stock CPython's asyncio."""

import runpy
import sys

import virtual_loop

virtual_loop.install()
path = sys.argv[1]
sys.argv = sys.argv[1:]
runpy.run_path(path, run_name="__main__")
