"""The number of right chains as a Markov chain with known rates, from its definition: the forecast's twin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True)
class Exact:
    """By generation, the start first: the mean share, its 5 % and 95 % quantiles, the chance that none is right."""

    expected: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    all_wrong: tuple[float, ...]


def exactly(n: int, right: int) -> list[float]:
    """The distribution over 0..n of a population of which ``right`` are known to be right."""
    return [float(m == right) for m in range(n + 1)]


def binomial(n: int, chance: float) -> list[float]:
    """Binomial(n, chance) over 0..n: independent chains, each right with this chance."""
    return [math.comb(n, m) * chance**m * (1 - chance) ** (n - m) for m in range(n + 1)]


def exact(n: int, q: Sequence[float], start: Sequence[float], generations: int) -> Exact:
    """The fate of ``n`` chains under the rates q_0..q_K, from ``start``, a distribution over 0..n."""
    k = len(q) - 1
    step = [
        binomial(n, sum(math.comb(m, j) * math.comb(n - m, k - j) * q[j] for j in range(k + 1)) / math.comb(n, k))
        for m in range(n + 1)
    ]
    rows = [list(start)]
    for _ in range(generations - 1):
        rows.append(
            [sum(weight * after[m] for weight, after in zip(rows[-1], step, strict=True)) for m in range(n + 1)]
        )
    return Exact(
        tuple(sum(m * weight for m, weight in enumerate(row)) / n for row in rows),
        tuple(_quantile(row, 0.05) / n for row in rows),
        tuple(_quantile(row, 0.95) / n for row in rows),
        tuple(row[0] for row in rows),
    )


def _quantile(row: Sequence[float], point: float) -> int:
    return next(m for m, total in enumerate(accumulate(row)) if total >= point - 1e-9)
