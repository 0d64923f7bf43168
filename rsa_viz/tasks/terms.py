"""Written sums and products as canonical trees over exact fractions, each with its key and, without letters, its value.

Sums and products are flattened and sorted, 0 and 1 dropped: ``1*(b*a)`` and ``a*b`` are one, ``2*3`` and ``6`` are two.
Sizes are bounded before anything is computed. Knows no equation and no text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd, isqrt
from typing import NamedTuple, TypeAlias

DEEPEST = 20
MOST_BITS = 600
LONGEST_NUMBER = 40
"""Digits."""

LARGEST_EXPONENT = 64

Exact: TypeAlias = Fraction | int
"""A rational number; whole ones are ints, with which Python computes much faster."""

Token: TypeAlias = tuple[str, str]
"""(kind, text), of the kinds number, letter, times, over, plus, minus, power, percent, open, close, fraction, root,
square."""


class Unreadable(ValueError):
    """The tokens are no sum or product that is read here."""


class Term(NamedTuple):
    """A canonical tree: its key, its exact value (None with letters in it), and its parts for flattening.

    ``parts`` of a sum are (term, sign), of a product (term, exponent 1 or -1); of anything else there are none.
    """

    key: str
    value: Exact | None
    kind: str = "atom"
    parts: tuple[tuple[Term, int], ...] = ()


def _order(part: tuple[Term, int]) -> tuple[int, bool, Exact, str]:
    """What parts are sorted by: those added or multiplied first, numbers first."""
    term, sign = part
    value = term.value if term.kind == "atom" else None
    return (-sign, value is None, value or 0, term.key)


def number_text(value: Exact) -> str:
    """An exact number: whole, as a decimal of at most three places, or as a quotient."""
    if value.denominator == 1:
        return str(value.numerator)
    if 1000 % value.denominator == 0:
        thousandths = abs(value.numerator) * (1000 // value.denominator)
        whole, rest = divmod(thousandths, 1000)
        return f"{'-' if value < 0 else ''}{whole}.{rest:03d}".rstrip("0")
    return f"{value.numerator}/{value.denominator}"


def number(value: Exact) -> Term:
    """A number as a leaf."""
    return Term(number_text(value), value.numerator if value.denominator == 1 else value)


@lru_cache(maxsize=4096)
def written_number(written: str) -> Term:
    """A number as it is written (``1,200``, ``.5``) as a leaf. Raises Unreadable when it is too long."""
    digits = re.sub(r"[^0-9.]", "", written)
    if len(digits) > LONGEST_NUMBER:
        raise Unreadable("a number that is too long")
    return number(Fraction(digits))


def total(parts: Sequence[tuple[Term, int]]) -> Term:
    """The sum of (term, sign) parts."""
    flat: list[tuple[Term, int]] = []
    for term, sign in parts:
        if term.kind == "sum":
            flat += [(one, sign * its) for one, its in term.parts]
        elif term.kind == "atom" and term.value is not None and term.value < 0:
            flat.append((number(-term.value), -sign))
        elif not (term.kind == "atom" and term.value == 0):
            flat.append((term, sign))
    if not flat:
        return number(0)
    if len(flat) == 1 and (flat[0][1] == 1 or (flat[0][0].kind == "atom" and flat[0][0].value is not None)):
        term, sign = flat[0]
        return term if sign == 1 else number(-(term.value or 0))
    flat.sort(key=_order)
    key = "".join([("+" if sign == 1 else "-") + term.key for term, sign in flat]).removeprefix("+")
    value: Exact | None = 0
    for term, sign in flat:
        value = None if value is None or term.value is None else _bounded(value + sign * term.value)
    return Term(key, value, "sum", tuple(flat))


def product(parts: Sequence[tuple[Term, int]]) -> Term:
    """The product of (term, exponent) parts, exponents 1 or -1. Raises Unreadable for a division by zero."""
    flat: list[tuple[Term, int]] = []
    for term, exponent in parts:
        if term.kind == "product":
            flat += [(one, exponent * its) for one, its in term.parts]
        elif not (term.kind == "atom" and term.value == 1):
            flat.append((term, exponent))
    value: Exact | None = 1
    for term, exponent in flat:
        if exponent == -1 and term.value == 0:
            raise Unreadable("a division by zero")
        if value is None or term.value is None:
            value = None
        else:
            value = _bounded(value * term.value if exponent == 1 else Fraction(value) / term.value)
    if not flat:
        return number(1)
    if len(flat) == 1 and flat[0][1] == 1:
        return flat[0][0]
    flat.sort(key=_order)
    above = "*".join([_factor(term) for term, exponent in flat if exponent == 1]) or "1"
    below = "".join(["/" + _factor(term) for term, exponent in flat if exponent == -1])
    return Term(above + below, value, "product", tuple(flat))


def power(base: Term, exponent: Term) -> Term:
    """A power with a small whole exponent. Raises Unreadable for another one, or for a result that is too large."""
    e = exponent.value
    if e is None or e.denominator != 1 or not -LARGEST_EXPONENT <= e <= LARGEST_EXPONENT:
        raise Unreadable("an exponent that is no small whole number")
    if e == 1:
        return base
    value = None
    if base.value is not None:
        if base.value == 0 and e <= 0:
            raise Unreadable("a power of zero")
        if abs(int(e)) * max(base.value.numerator.bit_length(), base.value.denominator.bit_length()) > MOST_BITS:
            raise Unreadable("a number that is too large")
        value = Fraction(base.value) ** int(e)
    return Term(f"{_factor(base) if base.kind == 'atom' else f'({base.key})'}^{int(e)}", value, "power")


def root(term: Term) -> Term:
    """A square root; its value is known when it is rational."""
    value = None
    if term.value is not None and term.value >= 0:
        top, bottom = isqrt(term.value.numerator), isqrt(term.value.denominator)
        if top * top == term.value.numerator and bottom * bottom == term.value.denominator:
            value = Fraction(top, bottom)
    return Term(f"sqrt({term.key})", value, "root")


def _factor(term: Term) -> str:
    whole = term.kind in ("power", "root") or (term.kind == "atom" and "-" not in term.key and "/" not in term.key)
    return term.key if whole else f"({term.key})"


def _bounded(value: Exact) -> Exact:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS:
        raise Unreadable("a number that is too large")
    return value


def read_side(tokens: Sequence[Token]) -> Term:
    """The canonical tree of one side of an equation. Raises Unreadable."""
    reader = _Reader(tokens)
    term = reader.sum()
    if reader.at < len(tokens):
        raise Unreadable(f"{tokens[reader.at][1]!r} is left over")
    return term


class _Reader:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def _kind(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place][0] if place < len(self.tokens) else ""

    def sum(self) -> Term:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable("nested too deep")
        parts = [(self._product(), 1)]
        while self._kind() in ("plus", "minus"):
            sign = 1 if self._kind() == "plus" else -1
            self.at += 1
            parts.append((self._product(), sign))
        self.depth -= 1
        return parts[0][0] if len(parts) == 1 else total(parts)

    def _product(self) -> Term:
        negative = False
        while self._kind() in ("plus", "minus"):
            negative ^= self._kind() == "minus"
            self.at += 1
        begun = self.at
        parts = [self._share(1)]
        while True:
            if self._kind() == "times":
                self.at += 1
                parts.append(self._share(1))
            elif self._kind() == "over":
                self.at += 1
                parts.append((self._power(), -1))
            elif self._kind() in ("open", "letter", "root", "fraction"):
                if parts[-1][1] == -1 or self.tokens[self.at - 1][0] == "letter":
                    raise Unreadable("a quotient or a letter before a bracket: it can be read in two ways")
                parts.append((self._power(), 1))
            else:
                break
        if len(parts) == 1 and self.at - begun == 3 and self._written_quotient(begun):
            top, bottom = (written_number(self.tokens[begun + place][1]) for place in (0, 2))
            parts = [(top, 1), (bottom, -1)]  # 3/4 alone is a quotient that was worked out
        term = parts[0][0] if len(parts) == 1 and parts[0][1] == 1 else product(parts)
        if not negative:
            return term
        if term.kind == "atom" and term.value is not None:
            return number(-term.value)
        return total([(term, -1)])

    def _written_quotient(self, at: int) -> bool:
        return [token[0] for token in self.tokens[at : at + 3]] == ["number", "over", "number"]

    def _share(self, exponent: int) -> tuple[Term, int]:
        """A factor; a proper fraction of two whole numbers (``1/2``) is one number."""
        if self._written_quotient(self.at) and self._kind(3) not in ("power", "square", "percent"):
            share = _proper(*(written_number(self.tokens[self.at + place][1]).value for place in (0, 2)))
            if share is not None:
                self.at += 3
                return share, exponent
        return self._power(), exponent

    def _power(self) -> Term:
        negative = False
        while self._kind() == "minus":
            negative = not negative
            self.at += 1
        term = self._atom()
        while self._kind() in ("power", "square", "percent"):
            kind, written = self.tokens[self.at]
            self.at += 1
            if kind == "square":
                term = power(term, number("²³".index(written) + 2))
            elif kind == "power":
                term = power(term, self._power())
            elif term.kind == "atom" and term.value is not None:
                term = number(Fraction(term.value) / 100)
            else:
                term = product([(term, 1), (number(100), -1)])
        return total([(term, -1)]) if negative else term

    def _atom(self) -> Term:
        kind, written = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        if kind == "number":
            return written_number(written)
        if kind == "letter":
            return Term(re.sub(r"[{}\\]", "", written), None)
        if kind == "open":
            term = self.sum()
            if self._kind() != "close":
                raise Unreadable("a bracket is not closed")
            self.at += 1
            return term
        if kind == "fraction":
            return self._fraction()
        if kind == "root":
            return root(self._atom())
        raise Unreadable("an operand is missing")

    def _fraction(self) -> Term:
        if self._kind() == "number":  # \frac12
            digits = self.tokens[self.at][1]
            self.at += 1
            if len(digits) != 2 or not digits.isdigit():
                raise Unreadable("a fraction without braces")
            top, bottom = number(int(digits[0])), number(int(digits[1]))
        else:
            top, bottom = self._atom(), self._atom()
        share = _proper(top.value, bottom.value) if top.kind == bottom.kind == "atom" else None
        if share is not None and self.at < len(self.tokens):  # alone it is a quotient that was worked out
            return share
        return product([(top, 1), (bottom, -1)])


def _proper(top: Exact | None, bottom: Exact | None) -> Term | None:
    """``3/4``: a proper fraction of whole numbers in lowest terms, as one number; None for another quotient."""
    if not (isinstance(top, int) and isinstance(bottom, int)) or not 0 < top < bottom or gcd(top, bottom) != 1:
        return None
    return number(Fraction(top, bottom))
