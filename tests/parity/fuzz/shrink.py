"""Makes a failing program smaller for as long as it still fails."""

import copy


def candidates(program):
    """Programs that are a little smaller, the boldest first."""
    for number in reversed(range(1, len(program.bodies))):
        yield changed(program, lambda bodies: bodies.pop(number))
    for number, body in enumerate(program.bodies):
        for part in ("operations", "cleanup"):
            size = len(getattr(body, part))
            for length in sorted({size, size // 2, 1} - {0}, reverse=True):
                for first in range(0, size - length + 1, length):
                    yield changed(program, remover(number, part, first, length))
    for number, body in enumerate(program.bodies):
        for part in ("operations", "cleanup"):
            for index, operation in enumerate(getattr(body, part)):
                yield from simpler(program, number, part, index, operation)


def simpler(program, number, part, index, operation):
    """The program with one operation made simpler: without a flag, or with a number nearer to zero."""

    def with_operation(change):
        return changed(program, lambda bodies: change(getattr(bodies[number], part)[index]))

    if operation.survives_cancellation:
        yield with_operation(lambda one: setattr(one, "survives_cancellation", False))
    if operation.survives_errors:
        yield with_operation(lambda one: setattr(one, "survives_errors", False))
    if operation.words[0] in ("gather", "gather_list") and len(operation.words) > 3:
        for position in range(2, len(operation.words)):
            yield with_operation(lambda one, at=position: one.words.pop(at))
    for position, word in enumerate(operation.words):
        if word.lstrip("-").isdigit() and word not in ("0", "-1"):
            yield with_operation(lambda one, at=position: one.words.__setitem__(at, "0"))


def changed(program, change):
    smaller = copy.deepcopy(program)
    change(smaller.bodies)
    return smaller


def remover(number, part, first, length):
    def remove(bodies):
        del getattr(bodies[number], part)[first : first + length]

    return remove


def shrink(program, fails):
    progress = True
    while progress:
        progress = False
        for candidate in candidates(program):
            if fails(candidate):
                program = candidate
                progress = True
                break
    return program
