"""Random programs for the differential test."""

from program import Body, Operation, Program

import versions
from operations import ALL

# Ties are the interesting case: few different delays.
DELAYS = [0, 0, 0, 1, 1, 1, 2, 2, 3, -1]
TIMEOUTS = ["none", 0, 1, 1, 1, 2, 2, 3, -1]
THINGS = [-1, -1, -1, -2, -2, -3, 0, 1, 2, 3]


class Generator:
    """Makes programs of the operations whose names are in `known`: those that C++ has, too."""

    def __init__(self, random, known):
        self.random = random
        self.known = [
            operation
            for operation in ALL.values()
            if operation.name in known and versions.answers(operation.name)
        ]
        self.runs = "runs" in known
        self.count = random.randint(1, 6)
        families = sorted({operation.family for operation in self.known} - {"core"})
        self.families = {"core", *random.sample(families, min(len(families), random.randint(1, 5)))}

    def program(self):
        program = Program([self.body(number) for number in range(self.count)])
        if self.runs and self.random.random() < 0.05:
            program.runs = self.random.randint(2, 3)
        return program

    def body(self, number):
        self.number = number
        operations = [self.operation() for _ in range(self.random.randint(1, 7))]
        if number == 0:  # something to interleave with, and time to do so
            operations = [*self.spawns(), *operations, *self.pauses()]
        cleanup = []
        if self.random.random() < 0.25:
            cleanup = [self.operation() for _ in range(self.random.randint(1, 2))]
            cleanup = [one for one in cleanup if one.words[0] not in ("return", "yield")]
        return Body(operations, cleanup)

    def spawns(self):
        return [Operation(["spawn", *self._body()]) for _ in range(self.random.randint(0, 4))]

    def pauses(self):
        delays = self.random.choices(["0", "1", "4"], k=self.random.randint(0, 3))
        return [Operation(["sleep", delay]) for delay in delays]

    def operation(self):
        words = self.words(lambda one: one.weight)
        return Operation(words, self.random.random() < 0.25, self.random.random() < 0.7)

    def words(self, weight):
        """An operation of one of the program's families and its arguments."""
        usable = [one for one in self.known if one.family in self.families and weight(one) > 0]
        if self.is_last() and self.random.random() < 0.95:  # nothing left but to begin again
            usable = [one for one in usable if "body" not in one.arguments]
        one = self.random.choices(usable, [weight(one) for one in usable])[0]
        words = [one.name]
        for kind in one.arguments:
            words += self.arguments(kind)
        return words

    def arguments(self, kind):
        if kind[0].isdigit():  # "3*thing": one to three
            most, what = kind.split("*")
            times = self.random.randint(1, int(most))
            return [word for _ in range(times) for word in self.arguments(what)]
        return getattr(self, f"_{kind}")()

    def _number(self):
        return [str(self.random.randint(0, 9))]

    def _message(self):
        return self._number() * self.random.randint(0, 1)

    def _thing(self):
        return [str(self.random.choice(THINGS))]

    def is_last(self):
        return self.number == self.count - 1

    def _body(self):
        # Most often a later one, or most programs would only call themselves.
        later = not self.is_last() and self.random.random() < 0.95
        return [str(self.random.randrange(self.number + 1 if later else 0, self.count))]

    def _awaitable(self):
        new = not self.is_last() and self.random.random() < 0.5
        return ["b" + self._body()[0]] if new else self._thing()

    def _delay(self):
        return [str(self.random.choice(DELAYS))]

    def _pause(self):
        return [str(max(0, self.random.choice(DELAYS)))]

    def _timeout(self):
        return [str(self.random.choice(TIMEOUTS))]

    def _when(self):
        return [self.random.choice(["all", "first", "error"])]

    def _keep(self):
        return [self.random.choice(["raise", "keep"])]

    def _which(self):
        return [str(self.random.choice([0, 0, 1]))]

    def _which4(self):
        return [str(self.random.choice([0, 0, 1, 1, 2, 3]))]

    def _action(self):
        return self.words(lambda one: one.callback_weight)


