"""What the page's Python needs beside the loop class: running a program, waiting in a browser, errors a reader can use.

The page (web/src/runtimes/python/) brings the interpreter up from a snapshot in which this package is imported, and calls
program.run(). Everything that belongs to JavaScript reaches Python through the one object that it passes there.
"""
