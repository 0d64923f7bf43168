"""Modular arithmetic as someone fallible does it by hand: mostly right, with plausible slips. Knows no prompt."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from ..core.program import apply
from .knobs import Knobs

BLIND_SLIP = 0.55
"""How often a product is got wrong that the reasoner remembers wrongly."""


@dataclass(frozen=True, slots=True)
class Result:
    """A result as written: before reduction, and reduced to 0..modulus-1. The two may contradict each other."""

    raw: int
    value: int


class Arithmetic:
    """Computes single operations with the knobs' slips; every number comes from ``rng``."""

    def __init__(self, modulus: int, knobs: Knobs, temperature: float, rng: random.Random) -> None:
        self.modulus = modulus
        self.knobs = knobs
        self.heat = (1.0 + temperature) / 2.0  # 1 at the temperature 1
        self.rng = rng

    def compute(self, operation: str, left: int, right: int) -> Result:
        """left operation right: slips with the knob's probability, half of it when the operation is no product."""
        true = self.true(operation, left, right)
        if operation == "*" and (remembered := self._remembered(left, right, true)) is not None:
            return remembered if self.rng.random() < BLIND_SLIP else true
        chance = self.knobs.slip * self.heat * (1.0 if operation == "*" else 0.5)
        return self._slipped(operation, left, right, true, self.rng) if self.rng.random() < chance else true

    def copy(self, result: Result) -> Result:
        """A result copied from a candidate, miscopied with the knob's probability."""
        if self.rng.random() < self.knobs.miscopy * self.heat:
            return Result(result.raw, self._other(result.value, _garbled(result.value, self.rng)))
        return result

    def true(self, operation: str, left: int, right: int) -> Result:
        """The right result."""
        raw = left + right if operation == "+" else left - right if operation == "-" else left * right
        return Result(raw, apply(operation, left, right, self.modulus))

    def _remembered(self, left: int, right: int, true: Result) -> Result | None:
        """What the reasoner wrongly remembers this product to be, the same in every chain; None for most products."""
        low, high = sorted((left, right))
        if low < 2:
            return None
        words = f"blind|{self.modulus}|{low}|{high}"
        own = random.Random(int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big"))
        return self._slipped("*", left, right, true, own) if own.random() < self.knobs.blind else None

    def _slipped(self, operation: str, left: int, right: int, true: Result, rng: random.Random) -> Result:
        """A plausible wrong result."""
        kind = rng.random()
        if operation == "*" and kind < 0.35:  # the neighbouring entry of the table
            raw = left * (right + (1 if rng.random() < 0.5 else -1))
        elif operation == "-" and kind < 0.2:  # the wrong way round
            raw = right - left
        elif kind < 0.75:
            raw = _garbled(true.raw, rng)
        else:  # the reduction goes wrong
            return Result(true.raw, self._other(true.value, _garbled(true.value, rng)))
        value = raw % self.modulus
        return Result(raw, value) if value != true.value else Result(true.raw, self._other(true.value, true.value + 1))

    def _other(self, true: int, value: int) -> int:
        """``value`` reduced, and never ``true``."""
        value %= self.modulus
        return value if value != true else (true + 1) % self.modulus


def _garbled(number: int, rng: random.Random) -> int:
    """Off by a little, by a ten, or with its last two digits swapped."""
    kind = rng.random()
    if kind < 0.5:
        return number + (1, -1, 2, -2)[int(rng.random() * 4)]
    if kind < 0.75:
        return number + (10 if rng.random() < 0.5 else -10)
    sign, number = (-1, -number) if number < 0 else (1, number)
    tens, units = divmod(number % 100, 10)
    return sign * (number - number % 100 + units * 10 + tens)
