"""Exact value of a written sum of whole numbers (``10*(8 - 5) - 6``), with the numbers that it uses."""

from __future__ import annotations

import ast
import re
from fractions import Fraction

LONGEST = 400
"""Characters; a longer expression is not read."""

_PLAIN = re.compile(r"[0-9+\-*/() \t]+")
_SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})


def value_and_numbers(text: str) -> tuple[Fraction, list[int]] | None:
    """The value and the numbers in order of appearance; None for anything but numbers, + - * / and parentheses, and for
    a division by zero. A part behind a last ``=`` that only repeats a
    number is left out (``4 * 6 = 24``).
    """
    plain = text.strip().translate(_SIGNS)
    plain = re.sub(r"=\s*[0-9]+\s*\Z", "", plain)
    if len(plain) > LONGEST or _PLAIN.fullmatch(plain) is None:
        return None
    try:
        return _value(ast.parse(plain.strip(), mode="eval").body), [int(one) for one in re.findall("[0-9]+", plain)]
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int(number)):
            return Fraction(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _value(left) + _value(right)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _value(left) - _value(right)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _value(left) * _value(right)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _value(left) / _value(right)
    raise ValueError("no sum of whole numbers")
