"""How each test of a module of CPython's own ends: for cpython_suite.py, and inside Pyodide for cpython_in_pyodide.py."""

import unittest


class Outcomes(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.outcomes = {}

    def _note(self, test, outcome):
        name = test.id()
        if outcome != "passed" or name not in self.outcomes:
            self.outcomes[name] = outcome

    def addSuccess(self, test):
        super().addSuccess(test)
        self._note(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._note(test, "failed")

    def addError(self, test, err):
        super().addError(test, err)
        self._note(test, "failed")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._note(test, "skipped")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._note(test, "passed")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._note(test, "failed")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._note(test, "failed")


def tests_of(module, only=None):
    """The tests of `test.test_asyncio.test_MODULE` whose names contain `only`."""
    suite = unittest.defaultTestLoader.loadTestsFromName(f"test.test_asyncio.test_{module}")
    return [test for test in _flat(suite) if not only or only in test.id()]


def run(tests, verbose=False, result_class=Outcomes):
    """{test: "passed", "failed" or "skipped"}"""
    runner = unittest.TextTestRunner(resultclass=result_class, verbosity=2 if verbose else 0)
    return runner.run(unittest.TestSuite(tests)).outcomes


def _flat(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _flat(test)
        else:
            yield test
