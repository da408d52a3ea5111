"""What of a page can be checked: its commands with what they print, its files, and its sums.

A fence with the language `console` holds commands behind `$ ` and, below each, what it prints; a
line that ends with a backslash goes on in the next. In what is printed `…` stands for any text
within a line, and alone in a line for any lines. A fence with `sum` holds equations. A comment in
a line of its own above a fence or between fences says what a reader does with hands and eyes:

    <!-- file: NAME -->      the fence is the text of that file
    <!-- beside -->          the commands run beside the others, as in another terminal
    <!-- until: COMMAND -->  what comes next waits until the command succeeds
    <!-- stop -->            what runs beside is stopped, the latest first

Fences of other languages are for reading."""

import re
from dataclasses import dataclass, field

FENCE = re.compile(r"^```(\w*)\s*$")
REMARK = re.compile(r"^<!-- (file|beside|until|stop)(?:: (.*))? -->$")


@dataclass
class Command:
    line: int
    text: str
    prints: list = field(default_factory=list)


@dataclass
class Step:
    """One thing to check: kind is `console`, `beside`, `file`, `sum`, `until` or `stop`."""

    kind: str
    line: int
    name: str = ""
    lines: list = field(default_factory=list)

    def commands(self):
        """The commands of a console, each with what it shall print."""
        found = []
        goes_on = False
        for offset, line in enumerate(self.lines):
            if goes_on:
                found[-1].text += "\n" + line
            elif line.startswith("$ "):
                found.append(Command(self.line + 1 + offset, line[2:]))
            elif not found:
                raise ValueError(f"line {self.line + 1 + offset}: output without a command")
            else:
                found[-1].prints.append(line)
                continue
            goes_on = line.endswith("\\")
        return found


def steps(text):
    """What of a page is checked, in its order."""
    found = []
    remark = None
    fence = None
    for number, line in enumerate(text.split("\n"), 1):
        if fence is not None:
            if line.rstrip() == "```":
                if fence.kind:
                    found.append(fence)
                fence = None
            else:
                fence.lines.append(line)
            continue
        match = REMARK.match(line)
        if match:
            if remark:
                raise ValueError(f"line {number}: two comments before one fence")
            kind, name = match.groups()
            if kind in ("until", "stop"):
                found.append(Step(kind, number, name or ""))
            else:
                remark = (kind, name)
            continue
        match = FENCE.match(line)
        if match:
            kind = match[1] if match[1] in ("console", "sum") else ""
            name = ""
            if remark:
                if remark[0] == "beside" and kind != "console":
                    raise ValueError(f"line {number}: only a console runs beside others")
                kind, name = remark
            fence = Step(kind, number, name)
            remark = None
        elif line.startswith("```"):
            raise ValueError(f"line {number}: a fence that is not understood: {line}")
    if fence is not None or remark:
        raise ValueError("the page ends inside a fence, or behind a comment without one")
    return found


def expression(line):
    """A printed line as a pattern."""
    return ".*".join(re.escape(part) for part in line.rstrip().split("…"))


def difference(prints, output):
    """None where the output is what the page shows, else what is wrong first."""
    place = 0
    skips = False
    for wanted in prints:
        if wanted.strip() == "…":
            skips = True
            continue
        pattern = re.compile(expression(wanted))
        start = place
        while place < len(output) and not pattern.fullmatch(output[place].rstrip()):
            if not skips:
                return f"the page shows\n    {wanted}\nand it prints\n    {output[place]}"
            place += 1
        if place == len(output):
            return f"the page shows\n    {wanted}\nand nothing behind line {start} is like it"
        place += 1
        skips = False
    if place < len(output) and not skips:
        return f"it prints what the page does not show\n    {output[place]}"
    return None
