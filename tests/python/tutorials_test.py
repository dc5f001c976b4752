"""Programs as tutorials have them say the same by `loopscope run` as by python3: output, exit code, and how their tracebacks end.

A program's first line says what it needs: "system" (sockets, processes, signals) runs on the real clock only, all others on the
virtual clock too. Those that need nothing, not even this Python's version, run in tests/wasm/tutorials.test.ts on Pyodide, too.
"""

import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "tutorials")
EXECUTABLE = os.environ.get("LOOPSCOPE_EXECUTABLE") or os.path.join(HERE, "../../build/native/bin/loopscope")


class Program:
    def __init__(self, name):
        self.path = os.path.join(FOLDER, f"{name}.py")
        with open(self.path, encoding="utf-8") as file:
            first = file.readline()
        needs = re.search(r"needs: (\w+)", first)
        self.needs = needs[1] if needs else None
        stdin = re.search(r'stdin: (.*?)"""', first)
        self.stdin = stdin[1].replace("/", "\n") + "\n" if stdin else ""

    def run(self, *command):
        done = subprocess.run([*command], input=self.stdin, capture_output=True, text=True, timeout=120)
        return done.stdout, done.returncode, self.end_of_traceback(done.stderr) if done.returncode else ""

    @staticmethod
    def end_of_traceback(text):
        """The last line of the program's errors, which names the exception."""
        lines = [line for line in text.splitlines() if line.strip()]
        return re.sub("0x[0-9a-f]+", "0x", lines[-1]) if lines else ""


class TutorialsTest(unittest.TestCase):
    maxDiff = None


def sentence(name):
    def test(self):
        program = Program(name)
        commands = [(EXECUTABLE, "run", program.path)]
        commands += [(*commands[0], "--clock", "virtual")] if program.needs != "system" else []
        stock = program.run(sys.executable, program.path)
        self.assertTrue(stock[0] or stock[1], "it says nothing")
        for command in commands:
            with self.subTest(command=command):
                self.assertEqual(program.run(*command), stock)

    return test


for file in sorted(os.listdir(FOLDER)):
    name, kind = os.path.splitext(file)
    if kind == ".py":
        setattr(TutorialsTest, f"test_{name}", sentence(name))

if __name__ == "__main__":
    unittest.main()
