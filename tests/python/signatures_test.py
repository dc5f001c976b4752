"""What can be called on a loop can be called on ours in the same ways, and is refused for the same reasons.

Walks all public methods. What ours inherits as it is needs no test; the others are called by position, by name, with too few and too
many arguments and with wrong ones, on asyncio's loop and on ours.
"""

import asyncio
import inspect
import itertools
import re
import unittest
import warnings

import loopscope

NOT_CALLED = {"run_forever", "close"}  # without arguments they do what they do
WRONG = (None, -1, "word", 1.5, object)


def methods():
    """The names of those that are not simply inherited."""
    for name in sorted(vars(asyncio.AbstractEventLoop).keys() | set(dir(asyncio.SelectorEventLoop))):
        original = getattr(asyncio.SelectorEventLoop, name, None)
        if not name.startswith("_") and callable(original) and getattr(loopscope.EventLoop, name) is not original:
            yield name


async def nothing():
    pass


def calls_of(name):
    """(positional, named) arguments to call the method with."""
    parameters = inspect.signature(getattr(asyncio.SelectorEventLoop, name)).parameters.values()
    named = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD and one.name != "self"]
    needed = [one.name for one in parameters if one.name in named and one.default is one.empty]
    good = {"delay": 1000.0, "when": 1e9, "callback": print, "sig": 10, "fd": 0, "executor": None, "func": int, "context": {}}
    values = [good.get(one, 0) for one in needed]
    if "coro" in needed or "future" in needed:
        values = [nothing] * len(values)  # called for each try
    yield tuple(values), {}
    yield (), dict(zip(needed, values))
    yield tuple(values[:1]), dict(zip(needed[1:], values[1:]))
    yield tuple(values), dict(zip(needed[:1], values))  # twice
    for count in range(len(needed)):
        yield tuple(values[:count]), {}
    yield tuple(values), {"colour": "red"}
    yield (*values, 1, 2, 3), {}
    yield tuple(values), {"context": None}
    for place, wrong in itertools.product(range(len(values)), WRONG):
        yield (*values[:place], wrong, *values[place + 1 :]), {}


def outcome(make, name, args, named):
    """What comes of the call: the type of what it returns, or the error."""
    loop = make()
    fresh = lambda value: value() if value is nothing else value  # noqa: E731
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = getattr(loop, name)(*map(fresh, args), **{key: fresh(value) for key, value in named.items()})
            if inspect.iscoroutine(result):
                result.close()
            elif isinstance(result, asyncio.Task):
                result.cancel()
                loop.call_soon(loop.stop)
                loop.run_forever()
            return type(result).__name__
    except Exception as error:
        # A method's name may have its class before it. Methods in C count their arguments in other words.
        text = re.sub(r"\b\w+\.(?=\w+\(\))", "", str(error))
        text = re.sub(r"takes (\d+ positional arguments?|no arguments).*", "takes others", text)
        text = re.sub(r"takes no keyword arguments|got an unexpected keyword argument.*", "takes no such word", text)
        return type(error).__name__, re.sub(r"0x\w+", "0x", text)
    finally:
        loop.close()


class SignaturesTest(unittest.TestCase):
    def test_some_methods_are_ours(self):
        self.assertLessEqual({"call_soon", "call_at", "call_soon_threadsafe", "create_task", "time"}, set(methods()))

    def test_signatures_are_asyncios(self):
        for name in methods():
            with self.subTest(name):
                ours = inspect.signature(getattr(loopscope.EventLoop, name))
                stock = inspect.signature(getattr(asyncio.SelectorEventLoop, name))
                words = [(one.name, one.kind, one.default) for one in stock.parameters.values()][1:]
                self.assertEqual([(one.name, one.kind, one.default) for one in ours.parameters.values()][1:], words)

    def test_calls_are_taken_or_refused_as_asyncio_does(self):
        for name in set(methods()) - NOT_CALLED:
            for args, named in calls_of(name):
                if name == "call_at" and isinstance(args[:1] and args[0], (str, type)):
                    continue  # asyncio takes it, and fails when it compares two of them
                with self.subTest(name, args=args, named=named):
                    stock = outcome(asyncio.SelectorEventLoop, name, args, named)
                    self.assertEqual(outcome(loopscope.EventLoop, name, args, named), stock)

    def test_a_time_that_is_no_number_is_refused_at_once(self):
        loop = loopscope.EventLoop()
        self.addCleanup(loop.close)
        for wrong in "soon", print:
            with self.subTest(wrong), self.assertRaises(TypeError):
                loop.call_at(wrong, print)


if __name__ == "__main__":
    unittest.main()
