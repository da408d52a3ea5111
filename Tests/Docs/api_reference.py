"""docs/reference/api.md: every method of the API with its parameters and its answer, out of
docs/openapi.json, which a test of the gateway compares with the code."""

import json
import os

from reference import ROOT

# Answers are told so many levels deep; what lies below is in openapi.json.
DEPTH = 2
INTRODUCTION = """# Methods of the API

Every method with its parameters and its answer. What they have in common, names, errors and channels: [the API](../api.md).
The same for machines: [openapi.json](../openapi.json), also served at `/api/v2/openapi.json`, from which `scripts/docs.sh` writes
this page and compares it. **Bold** parameters are required; `?` marks what an answer may lack.
"""


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
    return "\n".join(text).rstrip("\n") + "\n"
