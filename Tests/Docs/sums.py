"""Computes the worked numbers of the pages. A line of a `sum` fence is some words, two spaces,
and an equation with × ÷ − % and powers as ^; what stands right of the last `=` must be the value
of every part left of it, to the digits that it shows."""

import ast
import re
from fractions import Fraction

SIGNS = {"×": "*", "÷": "/", "−": "-", "%": "/100", "^": "**", "$": "", ",": ""}
OPERATIONS = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.Pow: lambda left, right: left ** right,
}
FUNCTIONS = {
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "median": lambda *values: (sorted(values)[(len(values) - 1) // 2]
                               + sorted(values)[len(values) // 2]) / 2,
}


def value(text):
    """The exact value of an expression."""
    # In a list of a function a comma with a space stands between, without one within numbers.
    text = text.replace(", ", ";")
    for sign, plain in SIGNS.items():
        text = text.replace(sign, plain)
    text = re.sub(r"(\d+(?:\.\d+)?) */100", r"(\1/100)", text.replace(";", ", "))
    return _value(ast.parse(text.strip(), mode="eval").body)


def _value(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return Fraction(str(node.value))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        return FUNCTIONS[node.func.id](*(_value(argument) for argument in node.args))
    raise ValueError("not a sum")


def step_of(text):
    """Half of what the last digit of a number is worth."""
    digits = re.search(r"\.(\d+)", text)
    unit = Fraction(1, 10 ** (len(digits[1]) if digits else 0))
    return unit / 2 / (100 if "%" in text else 1)


def fault(line):
    """None where a line is right, else what it should be."""
    body = line.split("  ")[-1] if "  " in line.strip() else line
    parts = [part.strip() for part in body.split("=")]
    if len(parts) < 2:
        return "is no equation"
    try:
        told = value(parts[-1])
        for part in parts[:-1]:
            made = value(part)
            if abs(made - told) > step_of(parts[-1]):
                return f"{part} is {float(made):.12g} and not {parts[-1]}"
    except (ValueError, SyntaxError, ZeroDivisionError) as error:
        return f"cannot be computed: {error}"
    return None
