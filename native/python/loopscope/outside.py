"""Who answers from outside of the process under the virtual clock: while the loop waits for them, real time passes.

What comes by descriptors the core sees itself. Here are those whose end a thread of the standard library waits for.
"""

import asyncio
from asyncio import futures

from . import core as cores


class ExpectsAnswers(asyncio.SelectorEventLoop):
    """For loops with the virtual clock."""

    def __init__(self, *args, **options):
        self._expected = set()  # transports of child processes, and calls in process pools
        super().__init__(*args, **options)

    def _expect(self, who):
        with self._scheduling:
            if not getattr(who, "_loopscope_has_ended", False):
                self._expected.add(who)
                cores.host().expect(+1)

    def _has_ended(self, who):
        with self._scheduling:
            who._loopscope_has_ended = True
            if who in self._expected:
                self._expected.remove(who)
                cores.host().expect(-1)

    async def _make_subprocess_transport(self, *args, **options):
        transport = await super()._make_subprocess_transport(*args, **options)
        self._expect(transport)
        return transport

    def _child_watcher_callback(self, pid, returncode, transport):
        super()._child_watcher_callback(pid, returncode, transport)
        self._has_ended(transport)

    def run_in_executor(self, executor, func, *args):
        if not _has_processes(executor):
            return super().run_in_executor(executor, func, *args)
        self._check_closed()
        call = executor.submit(func, *args)
        future = futures.wrap_future(call, loop=self)
        self._expect(call)
        call.add_done_callback(self._has_ended)
        return future

    def close(self):
        super().close()
        for who in list(self._expected):
            self._has_ended(who)


def _has_processes(executor):
    return any(base.__module__ == "concurrent.futures.process" for base in type(executor).__mro__)
