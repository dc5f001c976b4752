"""python3 cpython_suite.py [MODULE ...]: CPython's own tests of asyncio, on our loop and on asyncio's.

Wherever the tests make a loop (asyncio.new_event_loop(), SelectorEventLoop(), a policy) they get ours. Each module runs in a process
of its own, first on asyncio's loop: what fails there says nothing about ours. What fails on ours alone must stand in
cpython_failures.txt with its cause, and what stands there must fail.

Needs the tests (Debian: libpython3.11-testsuite) and the native module: PYTHONPATH=build/native/python, or --package FOLDER.

  --package FOLDER   where `loopscope` and `_loopscope` are
  --report FILE      writes {"passed": N, "failed": N, "skipped": N}
  --limit SECONDS    for one module (300)
  --traced           with every loop traced, which are other paths: those of a page too

base_events and selector_events make loops of their own, with parts of asyncio's put in: they say that nothing else is disturbed.
"""

import argparse
import json
import os
import subprocess
import sys

import cpython_outcomes

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.join(HERE, "..", "..", "build", "native", "python")
LISTED = os.path.join(HERE, "cpython_failures.txt")

MODULES = """buffered_proto context events futures futures2 locks pep492 protocols queues runners sendfile server sock_lowlevel ssl
    sslproto streams subprocess taskgroups tasks threads timeouts transports unix_events waitfor base_events selector_events""".split()


NOTHING = {"passed": 0, "failed": 0, "skipped": 0, "listed": 0, "loops": 0}


def use_our_loop():
    """For this process. Returns the loop's class, which counts how many were made."""
    import asyncio
    import asyncio.events
    import asyncio.unix_events

    import loopscope

    class Loop(loopscope.EventLoop):
        # Tests choose among the selectors; ours is the core's.
        made = 0

        def __init__(self, selector=None):
            super().__init__()
            Loop.made += 1
            if selector is not None:
                selector.close()

    Loop.__name__ = Loop.__qualname__ = "EventLoop"

    class Policy(loopscope.EventLoopPolicy):
        _loop_factory = Loop

    asyncio.SelectorEventLoop = asyncio.unix_events.SelectorEventLoop = Loop
    asyncio.DefaultEventLoopPolicy = asyncio.unix_events.DefaultEventLoopPolicy = Policy
    asyncio.set_event_loop_policy(Policy())
    return Loop


def run_here(module, ours, result_file, only):
    """In a process of its own: the outcomes of one module, as JSON."""
    loop = use_our_loop() if ours else None
    outcomes = cpython_outcomes.run(cpython_outcomes.tests_of(module, only), verbose=only)
    with open(result_file, "w") as file:
        json.dump({"outcomes": outcomes, "loops": loop.made if loop else 0}, file)


def run_apart(module, ours, arguments, log):
    """{"outcomes": {test: outcome}, "loops": how many of ours}, or None where the process did not come to an end."""
    result_file = os.path.join(arguments.scratch, f"{module}-{'ours' if ours else 'asyncio'}.json")
    if os.path.exists(result_file):
        os.remove(result_file)
    command = [sys.executable, os.path.abspath(__file__), "--child", module, "--result", result_file]
    command += ["--ours"] if ours else []
    command += ["--only", arguments.only] if arguments.only else []
    environment = {**os.environ, "PYTHONPATH": arguments.package}
    for name in "LOOPSCOPE_CLOCK", "LOOPSCOPE_TRACE":
        environment.pop(name, None)
    if arguments.traced:
        environment["LOOPSCOPE_TRACE"] = "/dev/null"
    try:
        subprocess.run(command, env=environment, stdout=log, stderr=log, timeout=arguments.limit)
    except subprocess.TimeoutExpired:
        return None
    if not os.path.exists(result_file):
        return None
    with open(result_file) as file:
        return json.load(file)


def listed_failures():
    """{test: cause}; a line is `test: cause`, and a line that begins with # is a comment."""
    listed = {}
    if os.path.exists(LISTED):
        with open(LISTED) as file:
            for line in file:
                if line.strip() and not line.startswith("#"):
                    name, _, cause = line.partition(": ")
                    listed[name.strip()] = cause.strip()
    return listed


def compare(module, arguments, log, listed):
    """Counts of one module, and the lines that say what is wrong."""
    stock = run_apart(module, False, arguments, log)
    ours = run_apart(module, True, arguments, log)
    if stock is None or ours is None:
        return {**NOTHING, "failed": 1}, [f"{module}: did not come to an end"]
    counts = {**NOTHING, "loops": ours["loops"]}
    stock, ours = stock["outcomes"], ours["outcomes"]
    prefix = "test.test_asyncio."
    names = {name: name.removeprefix(prefix) for name in stock}
    problems = []
    for name, short in names.items():
        outcome = ours.get(name, "failed")
        if stock[name] != "passed":
            counts["skipped"] += 1
        elif outcome == "passed":
            counts["passed"] += 1
            if short in listed:
                problems.append(f"{short}: passes, but is listed as failing")
        elif short in listed:
            counts["listed"] += 1
        elif outcome == "skipped":
            problems.append(f"{short}: is skipped on our loop")
            counts["failed"] += 1
        else:
            problems.append(f"{short}: fails on our loop")
            counts["failed"] += 1
    return counts, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--package", default=PACKAGE)
    parser.add_argument("--report")
    parser.add_argument("--limit", type=float, default=300)
    parser.add_argument("--scratch", default=os.environ.get("TMPDIR", "/tmp"))
    parser.add_argument("--traced", action="store_true", help="with every loop traced, which are other paths")
    parser.add_argument("--only", help="tests whose names contain this")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--result", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        run_here(arguments.child, arguments.ours, arguments.result, arguments.only)
        return 0
    arguments.package = os.path.abspath(arguments.package)
    listed = listed_failures()
    totals = dict(NOTHING)
    with open(os.path.join(arguments.scratch, "cpython_suite.log"), "w") as log:
        for module in arguments.modules or MODULES:
            counts, problems = compare(module, arguments, log, listed)
            for key, count in counts.items():
                totals[key] += count
            print(
                f"{module:16} {counts['passed']:5} passed  {counts['failed']:3} failed  {counts['listed']:3} listed"
                f"  {counts['skipped']:3} not on asyncio's loop either  {counts['loops']:5} loops of ours",
                flush=True,
            )
            for problem in problems:
                print(f"    {problem}", flush=True)
    print(
        f"\nCPython's tests of asyncio on our loop: {totals['passed']} passed, {totals['failed']} failed,"
        f" {totals['listed']} fail for a listed cause; {totals['loops']} loops"
    )
    if arguments.report:
        with open(arguments.report, "w") as file:
            json.dump({"passed": totals["passed"], "failed": totals["failed"], "skipped": totals["skipped"] + totals["listed"]}, file)
    return 1 if totals["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
