r"""Exact numbers and polynomials in one canonical form: sums of rational multiples of power products.

A power product is made of primes under roots (``12^(1/2)`` is ``2·3^(1/2)``), the imaginary unit, pi, e and letters.
Such products are linearly independent over the rationals (Besicovitch 1940 for the roots of integers), so two sums
are equal exactly when their terms are. What has no such form here (a root of a sum, a quotient by a sum of letters,
a letter in an exponent) is refused, never guessed. Sizes are bounded before anything is computed. Knows no notation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import TypeAlias

MOST_TERMS = 60
MOST_BITS = 40_000
"""Of a numerator or denominator: some 12,000 digits, as in 2024^2025."""

DECIMAL_BITS = 1_000
"""Longer numbers are written in hexadecimal, which costs linear time."""

LARGEST_DIVISOR = 3_000
"""Primes up to here are found by trial division; a number with two larger prime factors is not taken apart."""

Product: TypeAlias = tuple[tuple[str, Fraction], ...]
"""Bases with their exponents, sorted by base. A prime's exponent lies in (0, 1); "i" has exponent 1."""

IMAGINARY = "i"
CONSTANTS = ("pi", "e")


class Unreadable(ValueError):
    """There is no canonical form here."""


class TooLarge(ValueError):
    """Reading it would cost more than an answer is worth."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A canonical sum: each power product once, no zero coefficient, sorted."""

    terms: tuple[tuple[Product, Fraction], ...]

    @classmethod
    def of(cls, number: Fraction | int) -> Sum:
        """A rational number."""
        return _collect([((), Fraction(number))])

    @classmethod
    def symbol(cls, name: str) -> Sum:
        """A letter, ``pi``, ``e`` or the imaginary unit ``i``."""
        return cls(((((name, Fraction(1)),), Fraction(1)),))

    @property
    def rational(self) -> Fraction | None:
        """The rational number that this is, or None."""
        if not self.terms:
            return Fraction(0)
        product, number = self.terms[0]
        return number if len(self.terms) == 1 and not product else None

    @property
    def letters(self) -> frozenset[str]:
        """The letters in it that stand for no known number."""
        known = (*CONSTANTS, IMAGINARY)
        return frozenset(
            base for product, _ in self.terms for base, _ in product if not base.isdigit() and base not in known
        )

    def __str__(self) -> str:
        if (number := self.rational) is not None:
            return _digits(number)
        return " + ".join("*".join([_digits(number), *map(_written, product)]) for product, number in self.terms)

    def __add__(self, other: Sum) -> Sum:
        return _collect((*self.terms, *other.terms))

    def __neg__(self) -> Sum:
        return Sum(tuple((product, -number) for product, number in self.terms))

    def __sub__(self, other: Sum) -> Sum:
        return self + -other

    def __mul__(self, other: Sum) -> Sum:
        if len(self.terms) * len(other.terms) > 20 * MOST_TERMS:
            raise TooLarge("too many terms")
        return _collect(_multiplied(one, two) for one in self.terms for two in other.terms)

    def __truediv__(self, other: Sum) -> Sum:
        top, bottom = self, other
        while len(bottom.terms) > 1:  # multiply by a conjugate: each round frees the bottom of one root
            conjugate = _conjugate(bottom)
            top, bottom = top * conjugate, bottom * conjugate
        if not bottom.terms:
            raise Unreadable("a quotient by zero")
        return top * _inverse(bottom)

    def __pow__(self, exponent: Fraction) -> Sum:
        if exponent.denominator == 1:
            return self._whole_power(int(exponent))
        if len(self.terms) != 1:
            raise Unreadable("a root of a sum")
        if exponent.denominator > 12 or abs(exponent.numerator) > 100:
            raise TooLarge("an exponent that is too large")
        product, number = self.terms[0]
        result = _rational_power(number, exponent)
        for base, power in product:
            if base == IMAGINARY or (power != 1 and not base.isdigit() and base not in CONSTANTS):
                raise Unreadable("a root that has several values")
            result = result * _base_power(base, power * exponent)
        return result

    def _whole_power(self, exponent: int) -> Sum:
        if not self.terms:
            if exponent <= 0:
                raise Unreadable("zero to the power of zero or less")
            return self
        if abs(exponent) * _bits(self) > MOST_BITS or abs(exponent) > MOST_BITS:
            raise TooLarge("a power that is too large")
        if exponent < 0:
            return Sum.of(1) / self._whole_power(-exponent)
        result, square = Sum.of(1), self
        while exponent:
            if exponent & 1:
                result = result * square
            exponent >>= 1
            if exponent:
                square = square * square
        return result


def _bits(one: Sum) -> int:
    return max(max(number.numerator.bit_length(), number.denominator.bit_length()) - 1 for _, number in one.terms)


def _digits(number: Fraction) -> str:
    if max(number.numerator.bit_length(), number.denominator.bit_length()) <= DECIMAL_BITS:
        return str(number)
    return f"{number.numerator:#x}/{number.denominator:#x}"


def _written(factor: tuple[str, Fraction]) -> str:
    base, exponent = factor
    return base if exponent == 1 else f"{base}^{exponent}" if exponent.denominator == 1 else f"{base}^({exponent})"


def _collect(terms: Iterable[tuple[Product, Fraction]]) -> Sum:
    sums: dict[Product, Fraction] = {}
    for product, number in terms:
        if (number := sums.get(product, Fraction(0)) + number) == 0:
            sums.pop(product, None)
        else:
            sums[product] = number
        if len(sums) > MOST_TERMS:
            raise TooLarge("too many terms")
        if max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_BITS:
            raise TooLarge("too many digits")
    return Sum(tuple(sorted(sums.items())))


def _multiplied(one: tuple[Product, Fraction], two: tuple[Product, Fraction]) -> tuple[Product, Fraction]:
    number = one[1] * two[1]
    if not one[0] or not two[0]:
        return one[0] or two[0], number
    exponents = dict(one[0])
    for base, exponent in two[0]:
        exponents[base] = exponents.get(base, Fraction(0)) + exponent
    factors = []
    for base, exponent in sorted(exponents.items()):
        if base.isdigit():
            number *= Fraction(int(base)) ** (exponent.numerator // exponent.denominator)
            exponent %= 1
        elif base == IMAGINARY:
            number *= -1 if exponent % 4 in (2, 3) else 1
            exponent %= 2
        if exponent:
            factors.append((base, exponent))
    return tuple(factors), number


def _base_power(base: str, exponent: Fraction) -> Sum:
    product, number = _multiplied((((base, exponent),), Fraction(1)), (((base, Fraction(0)),), Fraction(1)))
    return Sum(((product, number),))


def _inverse(one: Sum) -> Sum:
    product, number = one.terms[0]
    result = Sum.of(1 / number)
    for base, exponent in product:
        result = result * _base_power(base, -exponent)
    return result


def _conjugate(one: Sum) -> Sum:
    """The same sum with the sign of one square root (or of the imaginary unit) turned."""
    bases = {base: exponent for product, _ in one.terms for base, exponent in product}
    for product, _ in one.terms:
        for base, exponent in product:
            if not ((base.isdigit() and exponent == Fraction(1, 2)) or base == IMAGINARY):
                raise Unreadable("a quotient by a sum")
    turned = max(bases)
    return Sum(
        tuple(
            (product, -number if any(base == turned for base, _ in product) else number)
            for product, number in one.terms
        )
    )


def _rational_power(number: Fraction, exponent: Fraction) -> Sum:
    result = Sum.of(1)
    if number < 0:
        if exponent.denominator == 2:
            result = Sum.symbol(IMAGINARY)._whole_power(exponent.numerator % 4)
        elif exponent.denominator % 2 == 0:
            raise Unreadable("a root that has several values")
        elif exponent.numerator % 2:
            result = Sum.of(-1)
    for whole, sign in ((abs(number.numerator), 1), (number.denominator, -1)):
        for prime, times in factors(whole):
            if abs(times * exponent) * prime.bit_length() > MOST_BITS:
                raise TooLarge("a root that is too large")
            result = result * _base_power(str(prime), times * sign * exponent)
    return result


def factors(whole: int) -> list[tuple[int, int]]:
    """The primes of a positive whole number with their exponents.

    Raises TooLarge when two primes above LARGEST_DIVISOR remain that are not the same one.
    """
    found = []
    divisor = 2
    while divisor * divisor <= whole and divisor <= LARGEST_DIVISOR:
        times = 0
        while whole % divisor == 0:
            whole //= divisor
            times += 1
        if times:
            found.append((divisor, times))
        divisor += 1 if divisor == 2 else 2
    if whole > 1:
        root = isqrt(whole)
        if whole <= LARGEST_DIVISOR**2:
            found.append((whole, 1))
        elif root * root == whole and root <= LARGEST_DIVISOR**2:
            found.append((root, 2))
        else:
            raise TooLarge("a root of a number with large prime factors")
    return found
