r"""Reads written mathematics into its exact canonical form: ``\frac{1+\sqrt5}{2}``, ``8\sqrt10``, ``3!/2``, ``2^{10}``.

A recursive descent over characters that knows LaTeX's and plain writing, and refuses what it does not know: functions,
words, ambiguous quotients like ``1/2x``. Nothing is evaluated by name. Knows no sets, units or answers.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import comb, factorial

from .algebra import Sum, TooLarge, Unreadable

DEEPEST = 30
"""Nested brackets, roots, quotients and exponents."""

LONGEST = 400
"""Characters of one expression."""

LARGEST_FACTORIAL = 2_100

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_EXPONENT = re.compile(r"[eE]([+-]?[0-9]{1,4})(?![0-9.])")
_MIXED = re.compile(
    r" *\\[dtc]?frac *\{ *([0-9]+) *\} *\{ *([0-9]+) *\}| *\\[dtc]?frac *([0-9]) *([0-9])| +([0-9]+)/([0-9]+)(?![0-9])"
)
_REPEATING = re.compile(
    r" *\\(?:overline|bar|dot) *(?:\{ *([0-9]{1,40}) *\}|([0-9]))(?![0-9])| *\(([0-9]{1,40})\)(?= *(?:\\?%)? *$)"
)
_COMMAND = re.compile(r"\\([a-zA-Z]+) *")
_SYMBOL = re.compile(r"([a-zA-Zα-ωΑ-Ω])(?:_(?:\{([0-9a-zA-Z]{1,4})\}|([0-9a-zA-Z])))?")
_WORD = re.compile(r"[a-zA-Z]{2,}")
_GREEK = re.compile(
    r"alpha|beta|gamma|delta|(?:var)?epsilon|zeta|eta|(?:var)?theta|iota|kappa|lambda|mu|nu|xi|rho|sigma|tau|upsilon|"
    r"(?:var)?phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Sigma|Phi|Psi|Omega|ell"
)
_FACTOR = re.compile(rf"\\(?:[dtc]?frac|sqrt|pi|[dt]?binom|{_GREEK.pattern})(?![a-zA-Z])")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_FUNCTIONS = frozenset(
    (
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "log",
        "ln",
        "exp",
        "gcd",
        "lcm",
        "min",
        "max",
        "mod",
        "deg",
        "det",
        "lim",
    )
)


def evaluate(text: str) -> Sum:
    """The canonical form of an expression.

    Raises Unreadable when the text is none, or one that has no canonical form here, and TooLarge beyond the bounds.
    """
    if len(text) > LONGEST:
        raise TooLarge(f"longer than {LONGEST} characters")
    reader = _Reader(text)
    value = reader.sum()
    if reader.rest():
        raise Unreadable(f"{reader.rest()[:20]!r} is left over")
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def rest(self) -> str:
        self._skip()
        return self._text[self._at :]

    def _skip(self) -> None:
        while self._text.startswith(" ", self._at):
            self._at += 1

    def _peek(self) -> str:
        self._skip()
        return self._text[self._at : self._at + 1]

    def _take(self, *tokens: str) -> str:
        """The first of the tokens that stands here, which is passed; "" if none does."""
        self._skip()
        for token in tokens:
            if self._text.startswith(token, self._at):
                after = self._at + len(token)
                if token[-1].isalpha() and self._text[after : after + 1].isalpha():
                    continue
                self._at = after
                return token
        return ""

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        self._skip()
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def sum(self) -> Sum:
        self._enter()
        value = self._product()
        while sign := self._take("+", "-"):
            value = value + self._product() if sign == "+" else value - self._product()
        self._depth -= 1
        return value

    def _product(self) -> Sum:
        negative = False
        while sign := self._take("+", "-"):
            negative ^= sign == "-"
        value, divided = self._power(), False
        while True:
            if self._take("\\cdot", "\\times", "*", "·", "×"):
                value = value * self._signed()
            elif self._take("\\div", "/", "÷"):
                value, divided = value / self._signed(), True
            elif self._starts_factor():
                if divided:
                    raise Unreadable("a quotient that can be read in two ways")
                value = value * self._power()
            else:
                return -value if negative else value

    def _signed(self) -> Sum:
        return -self._power() if self._take("-") else self._power()

    def _starts_factor(self) -> bool:
        """A factor follows without a sign between: never a bare number (``7 0`` is no product)."""
        letter = self._peek()
        if letter == "\\":
            return _FACTOR.match(self._text, self._at) is not None
        return letter != "" and (letter in "([{√" or letter.isalpha())

    def _power(self) -> Sum:
        value = self._atom()
        while True:
            if self._take("!"):
                number = value.rational
                if number is None or number.denominator != 1 or number < 0 or self._peek() == "!":
                    raise Unreadable("a factorial of no whole number")
                if number > LARGEST_FACTORIAL:
                    raise TooLarge("a factorial that is too large")
                value = Sum.of(factorial(int(number)))
            elif self._take("\\%", "%"):
                value = value * Sum.of(Fraction(1, 100))
            elif self._take("^", "**"):
                value = value ** self._exponent()
            else:
                return value

    def _exponent(self) -> Fraction:
        self._enter()
        exponent = self._argument(whole_numbers=True)
        if self._take("^", "**"):  # 2^3^2 is 2^(3^2)
            exponent = exponent ** self._exponent()
        self._depth -= 1
        if (number := exponent.rational) is None:
            raise Unreadable("an exponent that is no rational number")
        return number

    def _argument(self, *, whole_numbers: bool) -> Sum:
        r"""``{...}`` or one sign: ``\frac12`` is a half. With ``whole_numbers``, ``\sqrt10`` is the root of ten."""
        if self._peek() in ("{", "("):
            return self._bracketed()
        if whole_numbers:
            negative = bool(self._take("-"))
            value = self._atom()
            return -value if negative else value
        if self._peek().isdigit() and self._peek().isascii():
            self._at += 1
            return Sum.of(int(self._text[self._at - 1]))
        return self._atom()

    def _bracketed(self) -> Sum:
        opening = self._take("(", "[", "{")
        if not opening:
            raise Unreadable("a bracket is missing")
        value = self.sum()
        if not self._take(_CLOSING[opening]):
            raise Unreadable("a bracket is not closed")
        return value

    def _atom(self) -> Sum:
        letter = self._peek()
        if letter in ("(", "[", "{") and letter:
            return self._bracketed()
        if (found := self._match(_NUMBER)) is not None:
            return self._number(found[0])
        if letter == "\\":
            return self._command()
        if self._take("√", "sqrt"):
            self._enter()
            value = self._argument(whole_numbers=True) ** Fraction(1, 2)
            self._depth -= 1
            return value
        if self._take("π", "pi"):
            return Sum.symbol("pi")
        return self._letter()

    def _number(self, digits: str) -> Sum:
        value = Fraction(digits.rstrip(".") if digits != "." else "0")
        if "." in digits and (found := _REPEATING.match(self._text, self._at)) is not None:
            self._at = found.end()
            places, period = len(digits) - digits.index(".") - 1, found[1] or found[2] or found[3]
            return Sum.of(value + Fraction(int(period), 10**places * (10 ** len(period) - 1)))
        if (found := _EXPONENT.match(self._text, self._at)) is not None:
            self._at = found.end()
            power = int(found[1])
            if found[1] in ("-1", "-2", "+1", "+2") and digits != "1" and "." not in digits:
                raise Unreadable("2e-1 may be a fifth or twice e, less one")
            if abs(power) > 400:
                raise TooLarge("an exponent that is too large")
            return Sum.of(value * Fraction(10) ** power)
        if value.denominator == 1 and (mixed := _MIXED.match(self._text, self._at)) is not None:
            self._at = mixed.end()
            top, bottom = [int(part) for part in mixed.groups() if part is not None]
            if bottom == 0 or top >= bottom:
                raise Unreadable("a mixed number whose part is no proper fraction")
            value += Fraction(top, bottom)
        return Sum.of(value)

    def _letter(self) -> Sum:
        self._skip()
        run = _WORD.match(self._text, self._at)
        if run is not None and (len(run[0]) > 3 or run[0].lower() in _FUNCTIONS):
            raise Unreadable(f"{run[0][:20]!r} is a word or a function")
        if (found := self._match(_SYMBOL)) is None:
            raise Unreadable(f"{self._peek()!r} is no number, letter or bracket")
        name, below = found[1], found[2] or found[3]
        if self._text.startswith(("(", "'"), self._at):
            raise Unreadable("a letter before a bracket may be a function")
        return Sum.symbol("pi" if name == "π" else f"{name}_{below}" if below else name)

    def _command(self) -> Sum:
        found = self._match(_COMMAND)
        name = found[1] if found else ""
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            self._enter()
            top = self._argument(whole_numbers=False)
            value = top / self._argument(whole_numbers=False)
            self._depth -= 1
            return value
        if name == "sqrt":
            self._enter()
            degree: Fraction | None = Fraction(2)
            if self._take("["):
                degree = self.sum().rational
                if not self._take("]"):
                    raise Unreadable("a bracket is not closed")
            if degree is None or degree.denominator != 1 or not 1 <= degree <= 12:
                raise Unreadable("a root of no small whole degree")
            value = self._argument(whole_numbers=True) ** (1 / degree)
            self._depth -= 1
            return value
        if name in ("binom", "dbinom", "tbinom"):
            self._enter()
            above, below = self._argument(whole_numbers=False).rational, self._argument(whole_numbers=False).rational
            self._depth -= 1
            if above is None or below is None or above.denominator != 1 or below.denominator != 1 or below < 0:
                raise Unreadable("a binomial coefficient of no whole numbers")
            if above > LARGEST_FACTORIAL or above < 0:
                raise TooLarge("a binomial coefficient that is too large")
            return Sum.of(comb(int(above), int(below)))
        if name == "pi":
            return Sum.symbol("pi")
        if _GREEK.fullmatch(name):
            return Sum.symbol(name)
        raise Unreadable(f"\\{name} is not read here")

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooLarge(f"nested deeper than {DEEPEST}")
