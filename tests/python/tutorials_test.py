"""Programs as tutorials have them say the same by `loopscope run` as by python3: output, exit code, and how their tracebacks end.

A program's first line says what it needs: "system" (sockets, processes, signals) runs on the real clock only, all others on the
virtual clock too. LOOPSCOPE_RUN is the command instead of `LOOPSCOPE_EXECUTABLE run`, for the twin in which only those run that need
nothing, not even this Python's version: "node wasm/twin.mjs run".
"""

import os
import re
import shlex
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "tutorials")
EXECUTABLE = os.environ.get("LOOPSCOPE_EXECUTABLE") or os.path.join(HERE, "../../build/native/bin/loopscope")
OTHER_TWIN = shlex.split(os.environ.get("LOOPSCOPE_RUN", ""))


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
        if OTHER_TWIN:
            commands = [(*OTHER_TWIN, program.path, "--clock", "virtual")]
        else:
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
    if kind == ".py" and not (OTHER_TWIN and Program(name).needs):
        setattr(TutorialsTest, f"test_{name}", sentence(name))

if __name__ == "__main__":
    unittest.main()
