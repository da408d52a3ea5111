"""docs/reference/api.md: every method of the API with its parameters and its answer, and every
channel. Methods are those of docs/openapi.json, which a test of the gateway compares with the
code."""

import json
import os

import swift_source
from reference import ROOT

# Answers are told so many levels deep; what lies below is in openapi.json.
DEPTH = 2
INTRODUCTION = """# Methods of the API

Every method with its parameters and its answer. What they have in common, names, errors and
channels: [the API](../api.md). The same for machines: [openapi.json](../openapi.json), also
served at `/api/v2/openapi.json`, from which `scripts/docs.sh` writes this page and compares it.
**Bold** parameters are required; `?` marks what an answer may lack.
"""

# By the cases of the code that tell channels apart; `{i}` is an instrument.
PACE = "`raw` · `100ms` · `agg2`"
CHANNELS = {
    "ChannelTopic": {
        "book": ("book.{i}.{pace}", "the book: a snapshot, then changes"),
        "groupedBook": ("book.{i}.{group}.{depth}.{pace}",
                        "its best levels, so many ticks as one; depth `1` · `10` · `20`"),
        "ticker": ("ticker.{i}.{pace}", "what `public/ticker` answers"),
        "incrementalTicker": ("incremental_ticker.{i}", "the same, then what of it has changed"),
        "quote": ("quote.{i}", "the best prices and amounts"),
        "trades": ("trades.{i}.{pace}", "trades of a market"),
        "allTrades": ("trades.{kind}.{currency}.{pace}", "trades of all markets of a kind"),
        "chart": ("chart.trades.{i}.{resolution}", "candles as they grow"),
        "perpetual": ("perpetual.{i}.{pace}", "index and interest of a perpetual"),
        "priceIndex": ("deribit_price_index.{index}", "the index"),
        "optionMarks": ("markprice.options.{index}", "marks and volatilities of all its options"),
        "expirationPrice": ("estimated_expiration_price.{index}", "where the next would settle"),
        "instrumentState": ("instrument.state.{kind}.{currency}", "listings and expiries"),
        "platformState": ("platform_state", "whether the venue trades"),
        "methodsState": ("platform_state.public_methods_state", "whether it asks for a login"),
        "block": ("block", "height, root and time of every block; ours"),
        "liquidations": ("liquidations", "the steps of a block's liquidations, oldest first; ours"),
    },
    "UserChannelTopic": {
        "orders": ("user.orders.{i}.{pace}",
                   "own orders; also `user.orders.{kind}.{currency}.{pace}`"),
        "trades": ("user.trades.{i}.{pace}", "own fills; as above"),
        "changes": ("user.changes.{i}.{pace}", "orders, fills and positions together; as above"),
        "portfolio": ("user.portfolio.{currency}", "balance and margin when they change"),
        "protection": ("user.mmp_trigger.{index}", "market-maker protection has tripped"),
        "lock": ("user.lock", "whether the account is locked"),
    },
}


def channels():
    """The table of channels, each of which the code must know, and it no others."""
    rows = ["## Channels", "", f"Each with `public/subscribe`, those of a user with "
            f"`private/subscribe`. `{{pace}}` is {PACE}. What they have in common:",
            "[channels](../api.md#channels).", "", "| channel | tells |", "|---|---|"]
    for name, path in [("ChannelTopic", "Sources/Gateway/Channels/ChannelTopic.swift"),
                       ("UserChannelTopic", "Sources/Gateway/Account/UserChannelTopic.swift")]:
        [topic] = [one for one in swift_source.declarations(swift_source.text_of(path))
                   if one.name == name]
        known = {case.name for case in swift_source.cases(topic)}
        if known != set(CHANNELS[name]):
            raise ValueError(f"{name} differs by {sorted(known ^ set(CHANNELS[name]))}")
        rows += [f"| `{channel}` | {cell(words)} |" for channel, words in CHANNELS[name].values()]
    return rows


def kind(schema):
    """A type in words."""
    if "enum" in schema:
        return " · ".join(f"`{value}`" for value in schema["enum"])
    name = schema.get("type", "any")
    if name == "array":
        return "list of " + kind(schema["items"])
    if name == "object":
        return "object"
    low, high = schema.get("minimum"), schema.get("maximum")
    if name == "integer" and high is not None and (low, high) != (0, 2 ** 53 - 1):
        return f"integer, {low:,} to {high:,}"
    if name == "string" and "minLength" in schema:
        least, most = schema["minLength"], schema["maxLength"]
        return f"text of {most:,}" if least == most else f"text, {least} to {most:,}"
    return {"string": "text"}.get(name, name)


def cell(text):
    return text.replace("|", "\\|")


def members(schema, prefix="", depth=0):
    """The fields of an answer, with those inside them, as rows."""
    rows = []
    if schema.get("type") == "array":
        return members(schema["items"], prefix + "[]", depth)
    required = schema.get("required", [])
    for name, one in schema.get("properties", {}).items():
        path = f"{prefix}.{name}" if prefix else name
        mark = "" if name in required and not one.get("nullable") else " ?"
        inner = members(one, path, depth + 1) if depth + 1 < DEPTH else []
        rows.append(f"| `{path}`{mark} | {cell(kind(one))} | {cell(one.get('description', ''))} |")
        rows += inner
    return rows


def method(path, operation, answer):
    """The section of one method."""
    name = path.strip("/")
    facts = [f"{operation['x-credits']:,} credits"]
    if operation.get("x-scope"):
        facts.append(f"scope `{operation['x-scope']}`")
    if operation.get("x-websocket-only"):
        facts.append("WebSocket only")
    text = [f"### {name}", "", operation["summary"].replace("\n", " "), "", " · ".join(facts), ""]
    if operation.get("parameters"):
        text += ["| parameter | type | |", "|---|---|---|"]
        for one in operation["parameters"]:
            shown = f"**`{one['name']}`**" if one["required"] else f"`{one['name']}`"
            schema = one.get("schema") or one["content"]["application/json"]["schema"]
            text.append(f"| {shown} | {cell(kind(schema))} |"
                        f" {cell(one.get('description', ''))} |")
        text.append("")
    result = answer["content"]["application/json"]["schema"]["properties"].get("result", {})
    rows = members(result)
    if rows:
        text += [f"Answer: {kind(result)}.", "", "| field | type | |", "|---|---|---|", *rows, ""]
    else:
        text += [f"Answer: {cell(kind(result))}.", ""]
    return text


def page():
    with open(os.path.join(ROOT, "docs/openapi.json")) as file:
        document = json.load(file)
    answers = document["components"]["responses"]
    text = [INTRODUCTION]
    paths = sorted(document["paths"])
    for part in ["public", "private"]:
        of_part = [path for path in paths if path.startswith(f"/{part}/")]
        text += [f"## {part.capitalize()}", "",
                 " · ".join(f"[{path.split('/')[-1]}](#{path[1:].replace('/', '')})"
                            for path in of_part), ""]
        for path in of_part:
            operation = document["paths"][path]["get"]
            text += method(path, operation, answers[path[1:].replace("/", "_")])
    return "\n".join(text + channels()) + "\n"
