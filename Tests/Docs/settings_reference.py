"""docs/reference/settings.md: everything that a node can be told, out of the table that the
program has it from."""

import re

from swift_source import text_of

INTRODUCTION = """# Settings of a node

Everything that `rampart node` can be told: in the file (`rampart init` writes one with every
setting), in the environment, and by flags; flags go before the environment, and that before the
file. `api.listen` is `RAMPART_API_LISTEN` in the environment and `--api.listen` on the command
line. What is out of range or unknown is refused with its line before anything starts; `rampart
doctor` explains it. Written from `Sources/Node/Configuration/Setting.swift` by
`scripts/docs.sh`, which compares it.
"""
FORMS = {".path": "a file or folder", ".address": "address:port", ".list": "list", ".text": ""}


def answers(text, name):
    """What a switch of the table says for each case."""
    body = text[text.index(f"package var {name}:"):]
    body = body[:body.index("\n    }\n")]
    found = {}
    for names, value in re.findall(r"case ((?:\.\w+,?\s*)+):\s*(.*?)(?=\n        case |\Z)", body,
                                   re.S):
        for one in re.findall(r"\.(\w+)", names):
            found[one] = value.strip().rstrip("}").strip()
    return found


def values(form):
    """What a value must look like, in words."""
    numbers = re.fullmatch(r"\.number\(([\d_]+)\.\.\.([\d_]+)\)", form)
    if numbers:
        low, high = (int(number.replace("_", "")) for number in numbers.groups())
        return f"{low:,} to {high:,}"
    choices = re.findall(r"\"(\w+)\"", form)
    return " · ".join(f"`{choice}`" for choice in choices) if choices else FORMS[form]


def page():
    text = text_of("Sources/Node/Configuration/Setting.swift")
    forms, defaults, meanings = (
        answers(text, name) for name in ["form", "standard", "meaning"])
    page = [INTRODUCTION.rstrip("\n")]
    group = None
    for case, name in re.findall(r"^    case (\w+) = \"([^\"]+)\"$", text, re.M):
        if name.split(".")[0] != group:
            group = name.split(".")[0]
            page += ["", f"## {group}", "", "| setting | default | values | means |",
                     "|---|---|---|---|"]
        default = "".join(re.findall(r"\"([^\"]*)\"", defaults[case]))
        meaning = "".join(re.findall(r"\"([^\"]*)\"", meanings[case]))
        shown = f"`{default}`" if default else ""
        page.append(f"| `{name}` | {shown} | {values(forms[case])} | {meaning} |")
    return "\n".join(page) + "\n"
