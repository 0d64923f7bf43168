r"""Inequalities of one letter as the interval that they describe: ``1 \le x < 2`` is ``[1, 2)``, ``x < 0`` or ``x > 1``
a union. Knows no answers.
"""

from __future__ import annotations

import re

from .algebra import Sum, Unreadable
from .expression import evaluate

_RELATION = re.compile(r"(\\(?:leqslant|geqslant|leq?|geq?|lt|gt|neq?)(?![a-zA-Z])|<=|>=|<|>) *")
_SIGNS = {"\\le": "<=", "\\leq": "<=", "\\leqslant": "<=", "\\lt": "<", "\\ge": ">=", "\\geq": ">=", "\\gt": ">"} | {
    "\\geqslant": ">=",
    "\\ne": "!=",
    "\\neq": "!=",
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "!=": "!="}
_LETTER = re.compile(r"[a-zA-Z](?:_\{?[0-9]\}?)?|\\(?:theta|alpha|beta|lambda|mu|phi|varphi|omega)")
_INFINITE = re.compile(r"([+-]?) *\\infty")
_TEXT = r"\\(?:text|mathrm|textrm|mbox) *\{ *(?:%s) *\}"
_OR = re.compile(rf" *{_TEXT % 'or'} *| +or +| *\\(?:lor|vee)(?![a-zA-Z]) *")
_BOTH = re.compile(rf" *{_TEXT % 'and'} *| +and +| *\\(?:land|wedge)(?![a-zA-Z]) *")
_BUILDER = re.compile(
    r"\\\{ *([a-zA-Z]) *(?:\\in *(?:\\mathbb *\{ *R *\}|\\mathbb R|\\R|ℝ))? *(?:\\mid|\||:|\\colon) *(.*?) *\\\}"
)

_Ends = tuple[str, str, str, str]
"""Opening bracket, lower end, upper end, closing bracket, as they are written in a key."""


def interval(text: str) -> str | None:
    """The key of the interval or union that the text describes; None when it is no such inequality."""
    if (found := _BUILDER.fullmatch(text)) is not None:
        text = found[2]
    if _RELATION.search(text) is None:
        return None
    try:
        parts = [one for part in _OR.split(text) for one in _between(part)]
    except Unreadable:
        return None
    return " u ".join(sorted(set(parts)))


def _between(text: str) -> list[str]:
    """The intervals of inequalities that hold together."""
    found = [_bounds(part) for part in _BOTH.split(text)]
    if len({letter for letter, _ in found}) > 1 or len(found) > 2:
        raise Unreadable("inequalities of several letters")
    if len(found) == 1:
        return [_written(ends) for ends in found[0][1]]
    if any(len(ends) != 1 for _, ends in found):
        raise Unreadable("inequalities that bound no interval")
    (_, (one,)), (_, (other,)) = found
    low, high = (one, other) if one[2] == "infinity" else (other, one)
    if low[2] != "infinity" or high[1] != "-infinity" or not _below(low[1], high[2]):
        raise Unreadable("inequalities that bound no interval")
    return [_written((low[0], low[1], high[2], high[3]))]


def _bounds(text: str) -> tuple[str, list[_Ends]]:
    """The letter, and the intervals of one inequality."""
    sides = _RELATION.split(text)
    signs = [_SIGNS.get(sign, sign) for sign in sides[1::2]]
    parts = [part.strip() for part in sides[::2]]
    if len(parts) == 2:
        if not _LETTER.fullmatch(parts[0]):
            parts, signs = parts[::-1], [_TURNED[signs[0]]]
        letter, end, sign = parts[0], _end(parts[1]), signs[0]
        if not _LETTER.fullmatch(letter):
            raise Unreadable("no letter")
        if sign == "!=":
            return letter, [("(", "-infinity", end, ")"), ("(", end, "infinity", ")")]
        closed = sign.endswith("=")
        if sign[0] == "<":
            return letter, [("(", "-infinity", end, "]" if closed else ")")]
        return letter, [("[" if closed else "(", end, "infinity", ")")]
    if len(parts) == 3:
        if signs[0][0] == signs[1][0] == ">":
            parts, signs = parts[::-1], [_TURNED[sign] for sign in signs[::-1]]
        if signs[0][0] == signs[1][0] == "<" and _LETTER.fullmatch(parts[1]):
            lower, upper = _end(parts[0]), _end(parts[2])
            return parts[1], [("[" if signs[0] == "<=" else "(", lower, upper, "]" if signs[1] == "<=" else ")")]
    raise Unreadable("no inequality of one letter")


def _end(text: str) -> str:
    if (found := _INFINITE.fullmatch(text)) is not None:
        return f"{'-' if found[1] == '-' else ''}infinity"
    value: Sum = evaluate(text)
    if value.letters:
        raise Unreadable("an end with letters")
    return str(value)


def _below(lower: str, upper: str) -> bool:
    low, high = evaluate(lower).rational, evaluate(upper).rational
    return low is not None and high is not None and low < high


def _written(ends: _Ends) -> str:
    opening, lower, upper, closing = ends
    return f"{opening}{lower}, {upper}{closing}"
