"""Small statistics that several measures share: the Wilson interval and quartiles. Knows no chain."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

Z95 = 1.959963984540054  # the 97.5 % point of the standard normal distribution


def wilson(successes: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a share ``successes / n``, as (low, high) in 0..1, at 95 % unless ``z`` says other.

    Definition: all p with ``|successes/n - p| <= z sqrt(p (1 - p) / n)``. Equivalently the centre
    ``(successes + z²/2) / (n + z²)`` plus and minus ``z / (n + z²) · sqrt(successes (n - successes) / n + z²/4)``.
    Nothing tried (n = 0) is (0, 1). Raises ValueError unless 0 <= successes <= n.
    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n} is no share")
    if n == 0:
        return (0.0, 1.0)
    square = z * z
    centre = (successes + square / 2) / (n + square)
    half = z / (n + square) * math.sqrt(successes * (n - successes) / n + square / 4)
    # At the ends the bound is exactly 0 or 1; rounding may miss it by 1e-17 and draw below the axis.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return (low, high)


def simultaneous_z(comparisons: int) -> float:
    """The z with which ``comparisons`` intervals hold all at once with a chance of 95 % at least (Bonferroni).

    Definition: the ``1 - 0.05 / (2 m)`` point of the standard normal distribution; 1.96 for one comparison or none.
    Source: O. J. Dunn, Journal of the American Statistical Association 56 (1961) 52-64.
    """
    return Z95 if comparisons <= 1 else NormalDist().inv_cdf(1 - 0.025 / comparisons)


def newcombe(successes: int, n: int, others: int, of: int, z: float = Z95) -> tuple[float, float]:
    """Newcombe's interval of the difference of two independent shares ``successes / n - others / of``, in -1..1.

    Definition: with the Wilson intervals (l1, u1) and (l2, u2) of the shares p1 and p2, d = p1 - p2 lies in
    ``d - sqrt((p1 - l1)² + (u2 - p2)²)`` to ``d + sqrt((u1 - p1)² + (p2 - l2)²)``. Nothing tried on a side is (-1, 1).
    Source: method 10 of R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890.
    """
    if n == 0 or of == 0:
        return (-1.0, 1.0)
    (low, high), (low_other, high_other) = wilson(successes, n, z), wilson(others, of, z)
    share, other = successes / n, others / of
    difference = share - other
    return (
        max(-1.0, difference - math.hypot(share - low, high_other - other)),
        min(1.0, difference + math.hypot(high - share, other - low_other)),
    )


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
