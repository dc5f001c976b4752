"""The differential test: random programs give the same log in C++ and in CPython.

  fuzz.py INTERPRETER [--count N] [--seed S]   compares; shrinks what differs and writes it to --found
                      [--family F]             only programs with that family of operations
                      [--jobs N]               in that many processes
  fuzz.py INTERPRETER --cut-off                runs such programs, and those in cases/, cut off after each turn
  fuzz.py INTERPRETER --program FILE           compares one program and shows both logs
  fuzz.py --bless FILE...                      writes into each file the log that CPython gives

The log of a program says what happened, in which task, in which turn and at what time. CPython is right by definition.
"""

import argparse
import collections
import concurrent.futures
import gc
import itertools
import logging
import os
import pathlib
import random
import subprocess
import sys
import warnings

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "oracle"))

import versions  # noqa: E402

if __name__ == "__main__":
    versions.run_in_the_newest()

import machine  # noqa: E402
import operations  # noqa: E402
import program as programs  # noqa: E402
import virtual_loop  # noqa: E402
from generate import Generator  # noqa: E402
from shrink import shrink  # noqa: E402

CHUNK = 200  # programs per process of C++
PART = 1000  # ... and of CPython
not_compared = collections.Counter()


def run_cpp(command, batch):
    """The logs of a batch. One that crashed the interpreter ends with the word CRASHED; what came after it is missing."""
    text = "".join(f"{one}end\n" for one in batch)
    environment = {"LOOPSCOPE_CLOCK": "virtual"}
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, env=environment, timeout=120
        )
        output, code, errors = done.stdout, done.returncode, done.stderr
    except subprocess.TimeoutExpired as late:
        output, code, errors = (late.stdout or b"").decode(), "a time-out", ""
    logs, lines = [], []
    for line in output.splitlines():
        if line == "end":
            logs.append(lines)
            lines = []
        else:
            lines.append(line)
    if code != 0:
        logs.append([*lines, f"CRASHED with {code}", *errors.splitlines()[:40]])
    return logs


def crashed(log):
    return any(line.startswith("CRASHED") for line in log)


def run_python(program):
    """The log, or None where CPython cannot be the oracle."""
    try:
        return machine.run(program)
    except machine.Incomparable as why:
        not_compared[str(why)] += 1
        return None


def differences(command, batch):
    """The programs of a batch whose logs differ."""
    rest = list(batch)
    while rest:
        logs = run_cpp(command, rest)
        if not logs:
            raise SystemExit(f"fuzz: {command} wrote nothing")
        for program, log in zip(rest, logs):
            expected = run_python(program)
            if log != expected and (expected is not None or crashed(log)):
                yield program
        rest = rest[len(logs) :]


def fails(command):
    return lambda program: next(differences(command, [program]), None) is not None


def side_by_side(left, right):
    right = ["(not comparable)"] if right is None else right
    for here, there in itertools.zip_longest(left, right, fillvalue=""):
        yield f"{'  ' if here == there else '!!'} {here:<44} | {there}"


def show(command, program):
    print(program)
    print(f"   {'C++':<44} | CPython")
    print("\n".join(side_by_side(run_cpp(command, [program])[0], run_python(program))), flush=True)


def known_operations(command):
    """Those that both sides have. A file that is on one side only must not go unnoticed."""
    done = subprocess.run([command, "--operations"], capture_output=True, text=True, check=True)
    known = set(done.stdout.split())
    if unknown := sorted(known - {"runs"} - set(operations.ALL)):
        raise SystemExit(f"fuzz: {', '.join(unknown)}: C++ has these, Python does not")
    if missing := sorted(set(operations.ALL) - known):
        print(f"fuzz: not compared, for C++ does not have them: {', '.join(missing)}")
    return known


def programs_of(options, seeds):
    for seed in seeds:
        generator = Generator(random.Random(seed), options.known)
        if options.family:
            generator.families = {"core", *options.family.split(",")}
        yield generator.program()


def compare(options, seeds):
    """Compares the programs of these seeds; returns how many differ."""
    found = 0
    not_compared.clear()
    for first in range(0, len(seeds), CHUNK):
        batch = list(programs_of(options, seeds[first : first + CHUNK]))
        for program in differences(options.interpreter, batch):
            found += 1
            if found > options.show:
                continue
            program = shrink(program, fails(options.interpreter))
            show(options.interpreter, program)
            if options.found:
                path = pathlib.Path(options.found) / f"found_{seeds[0]}_{found}.txt"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(str(program))
        gc.collect()
    return found, dict(not_compared)


def compare_all(options):
    """The same in several processes, for half of the time is CPython's."""
    seeds = range(options.seed, options.seed + options.count)
    with concurrent.futures.ProcessPoolExecutor(options.jobs, initializer=prepare) as pool:
        parts = [seeds[first : first + PART] for first in range(0, len(seeds), PART)]
        results = list(pool.map(compare, [options] * len(parts), parts))
    found = sum(differing for differing, _ in results)
    print(f"Seeds {seeds[0]} to {seeds[-1]}: {len(seeds) - found} passed, {found} failed")
    skipped = sum((collections.Counter(reasons) for _, reasons in results), collections.Counter())
    for why, times in sorted(skipped.items()):
        print(f"  of these {times} only run, not compared ({why})")
    return 1 if found else 0


def cut_off(options):
    """For a sanitizer to see: nothing may be used after its loop is gone, and nothing may be left behind."""
    cases = [programs.parse(path.read_text()) for path in sorted((HERE / "cases").glob("*.txt"))]
    seeds = range(options.seed, options.seed + options.count)
    rest = [*cases, *programs_of(options, seeds)]
    count, failed = len(rest), 0
    while rest:
        logs = run_cpp([options.interpreter, "--cut-off"], rest)
        if logs and crashed(logs[-1]):
            failed += 1
            # Past the last one: it ended well, and then a leak of any of them was found.
            last = rest[len(logs) - 1] if len(logs) <= len(rest) else ""
            print(last, *logs[-1], sep="\n")
        rest = rest[len(logs) :]
    print(f"Cut off after each turn: {count - failed} passed, {failed} failed")
    return 1 if failed else 0


def bless(paths):
    for path in paths:
        program = programs.parse(path.read_text())
        expected = run_python(program)
        if expected is None:
            raise SystemExit(f"{path}: {next(iter(not_compared))}")
        log = "".join(f"  {line}\n" for line in expected)
        path.write_text(f"{program}expected\n{log}")


def prepare():
    """For a process that interprets: its time becomes virtual, so it must not be the one that waits for others."""
    gc.disable()  # what nobody holds must not vanish in the middle of a program; compare() collects
    logging.disable()
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda _: None  # what coroutines say that are collected after their loop
    sys.setrecursionlimit(10_000)  # programs that call themselves
    virtual_loop.install()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("interpreter", nargs="?", help="the program fuzz_interpreter")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="how many differences to shrink and show")
    parser.add_argument("--found", help="a folder for the programs that differ")
    parser.add_argument("--family", help="only programs with these, separated by commas")
    parser.add_argument("--cut-off", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--program", type=pathlib.Path)
    parser.add_argument("--bless", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    if options.bless:
        prepare()
        bless(options.bless)
        return 0
    if options.interpreter is None:
        parser.error("which fuzz_interpreter?")
    if options.program:
        prepare()
        program = programs.parse(options.program.read_text())
        show(options.interpreter, program)
        return 1 if fails(options.interpreter)(program) else 0
    options.known = known_operations(options.interpreter)
    return cut_off(options) if options.cut_off else compare_all(options)


if __name__ == "__main__":
    sys.exit(main())
