"""The loop's core in the page: the slim WebAssembly module, called through JavaScript. loopscope/core.py says what it is."""

from loopscope.core import DEADLOCK

from . import waits

_CALLS = (
    "call_soon call_at cancel wake begin_turn collect next loop_start loop_stop close mute note raised new_task new_future "
    "new_resource task_created step_begin suspended cancel_requested uncancelled task_done future_created future_done resource log"
).split()
_FACTS = "number backend virtual debug traced".split()


class PageCore:
    def __init__(self, page, traced=True):
        loop = page.newLoop(traced)
        # Looked up once: a bound function is a third of the price of an attribute of a JavaScript object.
        for name in _CALLS + _FACTS:
            setattr(self, name, getattr(loop, name))
        now = loop.now
        # JavaScript has one type of numbers, and a whole one would arrive as an int.
        self.now = lambda: now() + 0.0
        self._waiting = loop.wait

    def wait(self, seconds):
        if not self.virtual:
            waits.for_promise(self._waiting, seconds)
            return 0
        # Other threads run meanwhile: they bring something, or all wait and time passes.
        while seconds:
            if waits.for_promise(self._waiting, seconds) == "stuck":
                return DEADLOCK
            seconds = self.begin_turn(False)
        return 0


class PageHost:
    """What belongs to the run and not to one loop; see provide() in loopscope/core.py."""

    def __init__(self, page):
        now = page.now
        self.traced = page.traced
        self.virtual = page.virtual
        self.seed = page.seed
        self.now = lambda: now() + 0.0
        self.pass_time = page.passTime
        self.end_lines = page.endLines
        self.writing = page.writing
