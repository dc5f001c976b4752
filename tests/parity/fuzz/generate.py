"""Random programs for the differential test."""

from program import Body, Operation, Program

# Ties are the interesting case: few different delays.
DELAYS = [0, 0, 0, 1, 1, 1, 2, 2, 3, -1]

# How often each operation comes, in a body.
WEIGHTS = {
    "sleep": 12,
    "spawn": 9,
    "await": 12,
    "cancel": 7,
    "gather": 6,
    "gather_list": 3,
    "call": 4,
    "log": 3,
    "future": 4,
    "set": 4,
    "fail": 2,
    "soon": 3,
    "threadsafe": 1,
    "later": 4,
    "done": 4,
    "undone": 1,
    "drop": 1,
    "raise": 2,
    "return": 1,
    "block": 1,
    "tasks": 1,
    "state": 2,
    "cancelling": 1,
    "stop": 0.15,
}
# ... and as a callback, which cannot wait.
ACTIONS = {
    "log": 4,
    "set": 4,
    "fail": 2,
    "cancel": 5,
    "spawn": 2,
    "raise": 2,
    "soon": 1,
    "later": 1,
    "done": 1,
    "state": 1,
    "tasks": 1,
    "drop": 1,
    "gather_list": 0.5,
    "stop": 0.1,
}


class Generator:
    def __init__(self, random):
        self.random = random
        self.count = random.randint(1, 5)

    def program(self):
        return Program([self.body() for _ in range(self.count)])

    def body(self):
        operations = [self.operation() for _ in range(self.random.randint(1, 7))]
        cleanup = []
        if self.random.random() < 0.25:
            cleanup = [self.operation() for _ in range(self.random.randint(1, 2))]
            cleanup = [operation for operation in cleanup if operation.words[0] != "return"]
        return Body(operations, cleanup)

    def operation(self):
        words = self.words(WEIGHTS)
        return Operation(words, self.random.random() < 0.25, self.random.random() < 0.5)

    def words(self, weights):
        name = self.random.choices(list(weights), list(weights.values()))[0]
        return [name, *self.arguments(name)]

    def arguments(self, name):
        number = str(self.random.randint(0, 9))
        if name in ("sleep", "block"):
            return [str(max(0, delay) if name == "block" else delay) for delay in [self.delay()]]
        if name in ("spawn", "call"):
            return [str(self.random.randrange(self.count))]
        if name in ("await", "cancelling", "state"):
            return [self.thing()]
        if name == "cancel":
            return [self.thing()] + [number] * self.random.randint(0, 1)
        if name in ("set", "fail"):
            return [self.thing(), number]
        if name == "done":
            return [self.thing(), *self.words(ACTIONS)]
        if name in ("soon", "threadsafe"):
            return self.words(ACTIONS)
        if name == "later":
            return [str(self.delay()), *self.words(ACTIONS)]
        if name in ("gather", "gather_list"):
            return self.gathered(name)
        if name in ("future", "tasks", "stop"):
            return []
        return [number]

    def gathered(self, name):
        arguments = [self.random.choice(["raise", "keep"])]
        for _ in range(self.random.randint(1, 3)):
            new = name == "gather" and self.random.random() < 0.5
            arguments.append(f"b{self.random.randrange(self.count)}" if new else self.thing())
        return arguments

    def delay(self):
        return self.random.choice(DELAYS)

    def thing(self):
        return str(self.random.choice([-1, -1, -1, -2, -2, -3, 0, 1, 2, 3]))


def generate(random):
    return Generator(random).program()
