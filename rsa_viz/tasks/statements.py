r"""Equalities as models write them: ``d = a * b = 12 × 45 = 540 ≡ 55 (mod 97)``, read leniently.

Markdown, LaTeX and Unicode signs are seen through (``**d** \equiv 12 \cdot 45``); a word, a comma or a sentence end
closes an equality. Integers only, of at most LONGEST_NUMBER digits; anything else closes the equality, so that
nothing is half understood. One pass over the text. Knows no program and no verdict.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

LONGEST_NUMBER = 30

# What no alternative matches (blanks, brackets, dollar and backslash) is passed over.
_TOKEN = re.compile(
    r"""
      (?P<word>[^\W\d_]{2,})
    | (?P<number>[0-9]{1,3}(?:(?:,|\{,\}|\\,)[0-9]{3})+(?![0-9])|[0-9]+)(?P<decimals>\.[0-9]+)?
    | (?P<equals>\\equiv(?![a-z])|\\cong(?![a-z])|[=≡≅]|:=)
    | (?P<letter>[^\W\d_])
    | (?P<markup>\*\*+|\\[,;:!])
    | (?P<times>\\times(?![a-z])|\\cdot(?![a-z])|\\ast(?![a-z])|[×·⋅∙∗*])
    | (?P<plus>\+)
    | (?P<minus>[-−–])
    | (?P<command>\\(?:[bp]?mod|boxed|fbox|text|textbf|mathbf|mathrm|left|right|quad|qquad|begin|end)(?![a-z]))
    | (?P<other>[^\s`$_{}()\[\]&\\])
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SIGNS = {"plus": "+", "minus": "-", "times": "*"}
_MODULO = {"mod", "modulo", "%", "\\mod", "\\bmod", "\\pmod"}
_DIGIT_AHEAD = re.compile(" ?[0-9]")
_ENVIRONMENTS = {"align", "aligned", "equation", "gather", "gathered"}


@dataclass(slots=True)
class Side:
    """One side of an equality: operands (names or numbers) joined by + - *."""

    operands: list[str | int] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)

    @property
    def number(self) -> int | None:
        """The number that stands here alone, if one does."""
        return self.operands[0] if len(self.operands) == 1 and isinstance(self.operands[0], int) else None

    @property
    def name(self) -> str | None:
        """The name that stands here alone, if one does."""
        return self.operands[0] if len(self.operands) == 1 and isinstance(self.operands[0], str) else None

    @property
    def operation(self) -> tuple[int, str, int] | None:
        """The two numbers and the sign between them, if that is what stands here."""
        if len(self.operands) == 2 and len(self.signs) == 1:
            left, right = self.operands
            if isinstance(left, int) and isinstance(right, int):
                return left, self.signs[0], right
        return None


@dataclass(slots=True)
class Equality:
    """Sides that are said to be equal, with half-open character offsets.

    ``continues`` is true when it starts with its equals sign: its first side stands on an earlier line. ``value_end``
    is where its last lone number ends.
    """

    start: int
    end: int
    sides: list[Side]
    continues: bool = False
    value_end: int = -1

    @property
    def value(self) -> int | None:
        """The last number that stands alone on a side."""
        return next((side.number for side in reversed(self.sides) if side.number is not None), None)

    @property
    def operation(self) -> tuple[int, str, int] | None:
        """The first operation that is written out in numbers."""
        return next((side.operation for side in self.sides if side.operation is not None), None)


def equalities(text: str, names: Collection[str], start: int = 0, end: int | None = None) -> Iterator[Equality]:
    """The equalities of ``text[start:end]`` in order, lone operands included (``55`` is one with one side).

    ``names`` are the one-letter names that count as operands; any other word closes an equality.
    """
    reader = _Reader()
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        kind, token = match.lastgroup or "", match[0]
        if kind in ("number", "decimals"):
            digits = re.sub(r"[^0-9]", "", match["number"])
            usable = kind == "number" and len(digits) <= LONGEST_NUMBER
            done = reader.operand(int(digits), match) if usable else reader.close()
        elif kind == "letter" and token in "xX" and reader.after_number and _DIGIT_AHEAD.match(text, match.end()):
            done = reader.sign("*")
        elif kind == "letter" and token in names:
            done = reader.operand(token, match)
        elif kind == "equals" or (kind == "word" and token == "equals"):
            done = reader.equals(match)
        elif kind in _SIGNS:
            done = reader.sign(_SIGNS[kind])
        elif token.lower() in _MODULO:
            done = reader.modulo()
        elif kind in ("markup", "command") or token in _ENVIRONMENTS:
            continue
        else:
            done = reader.close()
        if done is not None:
            yield done
    if (last := reader.close()) is not None:
        yield last


class _Reader:
    """Grows one equality from tokens; each method returns the equality that its token closed, if any."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self.now: Equality | None = None
        self.pending: str | None = None  # a sign that waits for its right operand
        self.negative = False
        self.in_modulo = False  # the next operand is a modulus

    @property
    def after_number(self) -> bool:
        """Whether the last token was a number that may be an operand."""
        side = self.now.sides[-1] if self.now is not None else None
        return side is not None and bool(side.operands) and isinstance(side.operands[-1], int) and self.pending is None

    def close(self) -> Equality | None:
        done = self.now
        self._clear()
        if done is not None:
            done.sides = [side for side in done.sides if side.operands]
        return done if done is not None and done.sides else None

    def operand(self, what: str | int, match: re.Match[str]) -> Equality | None:
        if self.in_modulo:
            self.in_modulo = False
            if self.now is not None:
                self.now.end = match.end()
            return None
        side = self.now.sides[-1] if self.now is not None else None
        done = None
        if side is not None and side.operands and self.pending is None:
            done, side = self.close(), None  # two operands side by side: a new equality starts here
        if self.now is None or side is None:
            side = Side()
            self.now = Equality(match.start(), match.end(), [side])
        if self.pending is not None:
            side.signs.append(self.pending)
        negated = self.negative and isinstance(what, int)
        side.operands.append(-what if negated and isinstance(what, int) else what)
        self.now.end = match.end()
        if side.number is not None:
            self.now.value_end = match.end()
        self.pending, self.negative, self.in_modulo = None, False, False
        return done

    def sign(self, sign: str) -> Equality | None:
        side = self.now.sides[-1] if self.now is not None else None
        if side is None or not side.operands or self.pending is not None:
            self.negative = sign == "-"
        else:
            self.pending = sign
        return None

    def equals(self, match: re.Match[str]) -> Equality | None:
        self.pending, self.negative, self.in_modulo = None, False, False
        if self.now is None:
            self.now = Equality(match.start(), match.end(), [Side()], continues=True)
        elif self.now.sides[-1].operands:
            self.now.sides.append(Side())
        return None

    def modulo(self) -> Equality | None:
        self.pending, self.negative, self.in_modulo = None, False, True
        return None
