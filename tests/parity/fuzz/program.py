"""Programs for the differential test, as program.hpp describes them: reading and writing."""

from dataclasses import dataclass, field


@dataclass
class Operation:
    words: list[str]
    survives_cancellation: bool = False
    survives_errors: bool = False

    def __str__(self):
        flags = "~" * self.survives_cancellation + "?" * self.survives_errors
        return " ".join([flags] * bool(flags) + self.words)


@dataclass
class Body:
    operations: list[Operation] = field(default_factory=list)
    cleanup: list[Operation] = field(default_factory=list)


@dataclass
class Program:
    bodies: list[Body]
    comment: list[str] = field(default_factory=list)
    runs: int = 1  # main coroutines in one Runner: bodies 0, 1 ...

    def __str__(self):
        lines = [f"# {line}" for line in self.comment]
        if self.runs != 1:
            lines.append(f"runs {self.runs}")
        for number, body in enumerate(self.bodies):
            lines.append(f"body {number}")
            lines += [f"  {operation}" for operation in body.operations]
            if body.cleanup:
                lines.append("cleanup")
                lines += [f"  {operation}" for operation in body.cleanup]
        return "\n".join(lines) + "\n"


def parse(text):
    program = Program([])
    into = None
    for line in text.splitlines():
        if line.startswith("# "):
            program.comment.append(line[2:])
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "expected":
            break
        if words[0] == "runs":
            program.runs = int(words[1])
        elif words[0] == "body":
            program.bodies.append(Body())
            into = program.bodies[-1].operations
        elif words[0] == "cleanup":
            into = program.bodies[-1].cleanup
        else:
            flags = words.pop(0) if not words[0].strip("~?") else ""
            into.append(Operation(words, "~" in flags, "?" in flags))
    return program
