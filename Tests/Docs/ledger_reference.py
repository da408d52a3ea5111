"""The pages of docs/reference that follow from the ledger's source: events, commands, refusals."""

import glob
import os
import re

import swift_source
from swift_source import ROOT

# How the types that fields have are written: bytes, and what they count.
PLAIN = {
    "Amount": ("i64", "10⁻⁶ of the collateral's unit"), "Quantity": ("i64", "lots"),
    "Price": ("i64", "ticks"), "IndexPrice": ("i64", "10⁻⁶ of the quote currency"),
    "Ratio": ("i64", "10⁻⁹"), "Timestamp": ("u64", "nanoseconds since 1970"),
    "Duration": ("u64", "nanoseconds"), "Bytes32": ("32 bytes", ""), "Bytes20": ("20 bytes", ""),
    "PublicKey": ("32 bytes", "Ed25519"), "Digest": ("32 bytes", "SHA-256"),
    "AccountIdentifier": ("u32", "number of an account"),
    "CompartmentIdentifier": ("u16", "number of a compartment"),
    "UnderlyingIdentifier": ("u16", "number of an underlying"),
    "InstrumentIdentifier": ("u16", "number of an instrument"),
    "PublisherIdentifier": ("u16", "number of a publisher"),
    "OrderIdentifier": ("u64", "number of an order"),
    "ClientOrderIdentifier": ("u64", "the client's own number; 0 is none"),
    "Label": ("u32 length and bytes", "at most 64"),
    "Symbol": ("u32 length and bytes", "at most 32"),
    "Bool": ("u8", "0 or 1"), "UInt8": ("u8", ""), "UInt16": ("u16", ""), "UInt32": ("u32", ""),
    "UInt64": ("u64", ""), "Int64": ("i64", ""), "Int128": ("i128", ""),
    "OrderFlags": ("u16", "bits: 1 a sell, 2 only reduces, 4 protected, 8 a quote, 16 by "
                   "liquidation, 32 by conversion; from bit 8 self-trade prevention, from bit 10 "
                   "time in force"),
    "Refusal": ("u16", "[a refusal](refusals.md)"),
    "SignerKey": ("u8 kind, then the key", "0 Ed25519, 32 bytes; 1 Ethereum address, 20 bytes"),
}
GROUPS = {
    "Funds": "Money", "Keys": "Keys and destinations", "Collateral": "Assets and debts",
    "Prices": "Prices", "Attested": "Attested prices", "Economics": "Caps and margins",
    "Orders": "Orders and trades", "Markets": "Markets", "Listings": "Listings and settlement",
    "Breakers": "Breakers, flow and vaults", "Rescue": "Before liquidation",
    "Liquidation": "Liquidation", "Deleveraging": "Liquidation", "Backstop": "Backstop",
}
ENCODING = """Integers stand lowest byte first. A list is a u32 count and its members; what may
be missing (`?`) is a u8, 0 or 1, and the value. A record is its fields in the order below; a choice
is a u8 with its number."""


def cell(text):
    text = re.sub(r"\bnil\b", "none", re.sub(r"\bNil\b", "None", text))
    return text.replace("|", "\\|").strip()


class Types:
    """The types that a page uses, gathered while it is written."""

    def __init__(self):
        self.all = swift_source.rooms()
        self.used = []

    def name(self, swift):
        """A type as the page writes it, with a link where the page explains it."""
        swift = swift.strip()
        if swift.endswith("?"):
            return self.name(swift[:-1]) + "?"
        if swift.startswith("[") and swift.endswith("]"):
            return "list of " + self.name(swift[1:-1])
        if swift in PLAIN:
            return swift
        if swift not in self.all:
            return swift
        if swift not in self.used:
            self.used.append(swift)
        return f"[{swift}](#{swift.lower()})"

    def sections(self):
        """What the page says of each record and choice, and of those that these use."""
        text = []
        place = 0
        while place < len(self.used):
            declaration = self.all[self.used[place]]
            place += 1
            text += ["", f"### {declaration.name}", ""]
            if declaration.meaning:
                text += [cell(declaration.meaning), ""]
            if declaration.kind == "struct":
                text += ["| field | type | |", "|---|---|---|"]
                text += [f"| `{one.name}` | {self.name(one.type)} | {cell(one.meaning)} |"
                         for one in swift_source.fields(declaration)]
            else:
                text += ["| | choice | |", "|---|---|---|"]
                for one in swift_source.cases(declaration):
                    if not one.number:
                        raise ValueError(f"no number found of {declaration.name}.{one.name}")
                    payload = "".join(f" {self.name(part.split(':')[-1])}"
                                      for part in one.payload.split(",") if part)
                    text.append(f"| {one.number} | `{one.name}`{payload} |"
                                f" {cell(one.meaning)} |")
        return text

    def plain(self):
        rows = [f"| {name} | {form} | {unit} |" for name, (form, unit) in PLAIN.items()]
        return ["| type | bytes | counts |", "|---|---|---|", *rows]


def payload(case, bound, types):
    """The fields of a case, each with its name and type."""
    parts = [part.strip() for part in case.payload.split(",") if part.strip()]
    shown = []
    for place, part in enumerate(parts):
        label, _, kind = part.rpartition(":")
        name = bound[place] if place < len(bound) else label.split()[-1] if label else ""
        shown.append((f"`{name}` " if name else "") + types.name(kind))
    return ", ".join(shown)


def events():
    types = Types()
    event = types.all["Event"]
    sources = {}
    for path in sorted(glob.glob(os.path.join(ROOT, "Sources/Ledger/Event+*.swift"))):
        name = re.search(r"Event\+(\w+)", path)[1]
        with open(path) as file:
            sources[name] = file.read()
    cases = swift_source.cases(event)
    names = {case.name for case in cases}
    rows = {}
    for source, text in sources.items():
        for name, (number, bound) in swift_source.tags(names, [text]).items():
            rows[name] = (number, bound, GROUPS.get(source, source))
    missing = names - set(rows)
    if missing:
        raise ValueError(f"no number found of the events {sorted(missing)}")
    text = [
        "# Events", "",
        "What happened on a chain, in the order in which it happened, numbered without gaps.",
        "Written from `Sources/Ledger/Event.swift` by `scripts/docs.sh`, which compares it.", "",
        ENCODING, "",
        "An event is a u8 with its number, and its fields. A block names the Merkle root of its",
        "events.", ""]
    for group in dict.fromkeys(GROUPS.values()):
        members = sorted((case for case in cases if rows[case.name][2] == group),
                         key=lambda case: rows[case.name][0])
        if not members:
            continue
        text += [f"## {group}", "", "| number | event | fields | when |", "|---|---|---|---|"]
        for case in members:
            number, bound, _ = rows[case.name]
            text.append(f"| {number} | `{case.name}` | {payload(case, bound, types)} |"
                        f" {cell(case.meaning)} |")
        text.append("")
    text += ["## Records and choices", *types.sections(), "", "## Types", "", *types.plain(), ""]
    return "\n".join(text)


def commands():
    types = Types()
    numbers = {}
    canonical = swift_source.text_of("Sources/Ledger/Command+Canonical.swift")
    for name, number in re.findall(r"^        case (\w+) = (\d+)$", canonical, re.M):
        numbers[name] = int(number)
    bindings = {name: [part.split()[-1] for part in bound.split(",")]
                for name, bound in re.findall(r"case \.(\w+)\((let [^)]*)\):", canonical)}
    for path in glob.glob(os.path.join(ROOT, "Sources/Ledger/Command+Backstop.swift")):
        with open(path) as file:
            for name, bound in re.findall(r"case \.(\w+)\((let [^)]*)\):", file.read()):
                bindings.setdefault(name, [part.split()[-1] for part in bound.split(",")])
    text = [
        "# Commands", "",
        "What a [transaction](../transactions.md) can hold. Written from",
        "`Sources/Ledger/Command.swift` by `scripts/docs.sh`, which compares it. How",
        "the terminal says them: `rampart help send`.", "", ENCODING, "",
        "A command is a u8 with its number, and its fields.", ""]
    group = None
    for case in swift_source.cases(types.all["Command"]):
        if case.group != group:
            group = case.group
            text += ["", f"## {group.rstrip('.')}", "", "| number | command | fields | |",
                     "|---|---|---|---|"]
        if case.name == "unoffered":
            shown = "16, 17, 18"
        elif case.name in numbers:
            shown = str(numbers[case.name])
        else:
            raise ValueError(f"no number found of the command {case.name}")
        bound = bindings.get(case.name, [])
        if "unoffered" == case.name:
            fields = "none: combo, block trade, request for quote"
        else:
            fields = payload(case, bound, types)
        text.append(f"| {shown} | `{case.name}` | {fields} | {cell(case.meaning)} |")
    text += ["", "## Records and choices", *types.sections()]
    text += ["", "## Types", "", *types.plain(), ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(text))


def refusals():
    refusal = swift_source.rooms()["Refusal"]
    source = swift_source.text_of("Sources/Gateway/Core/APIError+Refusal.swift")
    codes = swift_source.text_of("Sources/Gateway/Core/APIError.swift")
    numbers = dict(re.findall(r"static let (\w+) = ErrorCode\((-?[\d_]+)", codes))
    switch = source[source.index("switch refusal {", source.index("package static func of")):]
    answers = {}
    for names, code in re.findall(r"case ((?:\.\w+,?\s*)+):\s*\.(\w+)", switch):
        for name in re.findall(r"\.(\w+)", names):
            answers[name] = numbers.get(code, code).replace("_", "")
    text = [
        "# Refusals", "",
        "Every way in which the ledger says no. A refusal leaves no trace in the state. Of several",
        "reasons the answer gives the first that the code meets. The number stands in receipts and",
        "is never used again for anything else; `API` is the error number of Deribit's that the",
        "API answers with, beside `data.reason` and `data.refusal`. Written from",
        "`Sources/Ledger/Refusal.swift` by `scripts/docs.sh`, which compares it.", ""]
    group = None
    for case in swift_source.cases(refusal):
        if case.group != group:
            group = case.group
            text += ["", f"## {group.rstrip('.')}", "", "| number | name | API | means |",
                     "|---|---|---|---|"]
        text.append(f"| {case.number.replace('_', '')} | `{case.name}` | {answers[case.name]} |"
                    f" {cell(case.meaning)} |")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(text) + "\n")
