"""Reads declarations and their comments out of Swift text: as much of the language as the enums
and records of the ledger use, and a fault where something is written otherwise."""

import glob
import os
import re
from dataclasses import dataclass, field

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ENCODED = ["FixedPoint", "Canonical", "Catalogue", "Accounts", "Markets", "Oracle", "Breakers",
           "Economics", "Estimation", "Risk", "Liquidation", "Ledger"]


@dataclass
class Case:
    name: str
    meaning: str
    payload: str = ""
    number: str = ""
    # The latest plain comment above, which heads a group of cases.
    group: str = ""


@dataclass
class Field:
    name: str
    type: str
    meaning: str


@dataclass
class Declaration:
    kind: str
    name: str
    meaning: str
    # Whether its cases count from 0 where they have no numbers.
    counted: bool = False
    body: list = field(default_factory=list)
    appended: set = field(default_factory=set)
    numbers: dict = field(default_factory=dict)


def text_of(path):
    with open(os.path.join(ROOT, path)) as file:
        return file.read()


def texts():
    """The sources of the rooms whose values the ledger encodes."""
    for room in ENCODED:
        for path in sorted(glob.glob(os.path.join(ROOT, f"Sources/{room}/**/*.swift"),
                                     recursive=True)):
            with open(path) as file:
                yield file.read()


def rooms():
    """The structs and enums of these rooms, by name, and of each what its encoding appends: the
    names of fields, or of cases with their numbers."""
    found = {}
    for text in texts():
        for declaration in declarations(text):
            found.setdefault(declaration.name, declaration)
    for text in texts():
        for name, body in re.findall(
                r"^extension (\w+): CanonicalValue \{\n(.*?)^\}", text, re.M | re.S):
            if name in found:
                written = body.split("init(from")[0]
                found[name].appended = set(re.findall(r"\b(\w+)\b", written))
                found[name].numbers = dict(re.findall(
                    r"case \.(\w+)[^:]*:\s*encoder\.append\(UInt8\((\d+)\)\)", written))
    return found


def declarations(text):
    """The structs and enums that begin a line of a text."""
    found = []
    comment = []
    lines = text.split("\n")
    for place, line in enumerate(lines):
        match = re.match(r"^(?:public |package )?(?:indirect )?(struct|enum) (\w+)\b.*\{$", line)
        if match:
            end = next((number for number in range(place, len(lines)) if lines[number] == "}"),
                       len(lines))
            counted = match[1] == "enum" and re.search(r": UInt(8|16)\b", line) is not None
            found.append(Declaration(match[1], match[2], " ".join(comment), counted,
                                     lines[place + 1:end]))
        if line.startswith("/// "):
            comment.append(line[4:])
        elif not line.startswith("@"):
            comment = []
    return found


def joined(lines):
    """The lines of a body at its own depth, comments apart, declarations in one line each."""
    comment, group, code, depth = [], "", "", 0
    for line in lines:
        line = line.strip()
        if depth > 0 and not line.startswith("//"):
            depth += line.count("{") - line.count("}")
        elif depth > 0:
            continue
        elif not code and line.startswith("///"):
            comment.append(line[3:].strip())
        elif not code and line.startswith("//"):
            group, comment = line[2:].strip(), []
        elif not line:
            comment, code = [], ""
        else:
            code = (code + " " + line).strip()
            if code.count("(") == code.count(")"):
                depth = code.count("{") - code.count("}")
                yield " ".join(comment), group, code
                comment, code = [], ""


def cases(declaration):
    """The cases of an enum."""
    found = []
    for meaning, group, code in joined(declaration.body):
        match = re.match(r"^(?:indirect )?case (.+)$", code)
        if not match or code.endswith(":"):
            continue
        single = re.match(r"^(\w+|`\w+`)(?:\((.*)\))?(?: = (-?[\w\"]+))?$", match[1])
        if single:
            found.append(
                Case(single[1].strip("`"), meaning, single[2] or "", single[3] or "", group))
        else:
            for name in match[1].split(","):
                one = re.match(r"^(\w+)(?: = (\w+))?$", name.strip())
                if not one:
                    raise ValueError(f"a case that is not understood: {code}")
                found.append(Case(one[1], meaning, "", one[2] or "", group))
    for number, one in enumerate(found):
        if not one.number:
            otherwise = str(number) if declaration.counted else ""
            one.number = declaration.numbers.get(one.name, otherwise)
    return found


def fields(declaration):
    """The stored properties of a struct, in their order."""
    found = []
    for meaning, _, code in joined(declaration.body):
        match = re.match(r"^(?:public |package )?(?:private\(set\) )?(?:let|var) (\w+)"
                         r"(?:: ([^={]+?))?(?: = (.*))?$", code)
        if not match or code.endswith("{"):
            continue
        kind = match[2] or ("Bool" if match[3] in ("true", "false") else "")
        if kind and (not declaration.appended or match[1] in declaration.appended):
            found.append(Field(match[1], kind.strip(), meaning))
    return found


def tags(names, texts):
    """The number that each case is encoded with, and what its fields are called there."""
    found = {}
    for text in texts:
        for match in re.finditer(
                r"case \.(\w+)(?:\(([^)]*)\))?:\s*encoder\.append\(UInt8\((\d+)\)\)", text):
            bound = [part.split()[-1].strip("`") for part in (match[2] or "").split(",")
                     if part.split()]
            if match[1] in names:
                found[match[1]] = (int(match[3]), bound)
    return found
