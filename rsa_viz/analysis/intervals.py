"""Small statistics that several measures share: the Wilson interval and quartiles. Knows no chain."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z95 = 1.959963984540054  # the 97.5 % point of the standard normal distribution


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The Wilson score interval at 95 % of a share ``successes / n``, as (low, high) in 0..1.

    Definition: all p with ``|successes/n - p| <= z sqrt(p (1 - p) / n)``, z = 1.96. Equivalently the centre
    ``(successes + z²/2) / (n + z²)`` plus and minus ``z / (n + z²) · sqrt(successes (n - successes) / n + z²/4)``.
    Nothing tried (n = 0) is (0, 1). Raises ValueError unless 0 <= successes <= n.
    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n} is no share")
    if n == 0:
        return (0.0, 1.0)
    square = Z95 * Z95
    centre = (successes + square / 2) / (n + square)
    half = Z95 / (n + square) * math.sqrt(successes * (n - successes) / n + square / 4)
    # At the ends the bound is exactly 0 or 1; rounding may miss it by 1e-17 and draw below the axis.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return (low, high)


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The first quartile, the median and the third quartile of some values, in the values' unit."""

    low: float
    median: float
    high: float


def quartiles(values: Iterable[float]) -> Quartiles | None:
    """The quartiles of ``values``; None when there are none.

    Definition: with the n values in order, x[0]..x[n-1], the quantile at p lies at rank ``(n - 1) p``, linearly
    between its two neighbours. Source: type 7 of Hyndman and Fan, The American Statistician 50 (1996) 361-365
    (what numpy does by default).
    """
    ordered = sorted(values)
    if not ordered:
        return None

    def at(p: float) -> float:
        rank = (len(ordered) - 1) * p
        below = math.floor(rank)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (ordered[above] - ordered[below]) * (rank - below)

    return Quartiles(at(0.25), at(0.5), at(0.75))
