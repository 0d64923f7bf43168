"""Blind copying: what becomes of right chains when every child copies one random chain of the generation before.

It is the neutral model over all genealogies; ``drift`` is the same on the genealogy that a run has drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .drift import Drift

LOW, HIGH = 0.05, 0.95


def blind_copying(n: int, right: int, generations: int) -> tuple[Drift, ...]:
    """The share of right chains by generation, from ``right`` of ``n`` in generation 1: mean and 90 % band.

    Definition: the number of right chains is a Markov chain on 0..n, m' ~ Binomial(n, m / n). The mean stays right / n
    for ever; an equivalent expression of the variance of the share after s steps is
    p (1 - p) (1 - (1 - 1 / n)^s) with p = right / n. ``low`` and ``high`` are the smallest shares at which the
    distribution reaches 5 % and 95 %. Empty for no generation. Raises ValueError unless n >= 1 and 0 <= right <= n.
    Source: the Wright-Fisher model (Ewens, Mathematical Population Genetics, 2nd ed., 2004, section 3.2).
    """
    if n < 1 or not 0 <= right <= n:
        raise ValueError(f"{right} right chains of {n} is not defined; it takes 0 <= right <= n and n >= 1")
    numbers = np.arange(n + 1)
    step = _binomial_rows(n)
    now = (numbers == right).astype(np.float64)
    found = []
    for t in range(1, generations + 1):
        below = np.cumsum(now)
        low, high = (int(np.searchsorted(below, level - 1e-12)) for level in (LOW, HIGH))
        found.append(Drift(t, float(now @ numbers) / n, low / n, high / n))
        now = now @ step
    return tuple(found)


def _binomial_rows(n: int) -> NDArray[np.float64]:
    """Row m: the distribution of Binomial(n, m / n)."""
    p = (np.arange(n + 1) / n)[:, None]
    rows = np.zeros((n + 1, n + 1))
    rows[:, 0] = 1.0
    for _ in range(n):  # one trial after the other: no factorial overflows
        rows[:, 1:] = rows[:, 1:] * (1 - p) + rows[:, :-1] * p
        rows[:, :1] *= 1 - p
    return rows
