"""The two-level bootstrap: how far a mean over problems (and seeds within problems) may be off. Knows no trial."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from .intervals import Z95

RESAMPLES = 2000
METHOD = f"two-level bootstrap over problems, then seeds; {RESAMPLES:,} resamples, expanded percentiles"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over problems with its 95 % interval; ``low`` and ``high`` are None with fewer than two problems."""

    value: float
    low: float | None
    high: float | None
    problems: int


@dataclass(frozen=True, slots=True)
class Padded:
    """Values by problem and seed: ``values`` (problems, most seeds, columns), of which problem p has ``counts[p]``."""

    values: Floats
    counts: NDArray[np.int64]


def padded(rows: Sequence[Sequence[Sequence[float]]]) -> Padded:
    """Rows of problems of seeds of columns, brought into one array; every problem has one seed at least."""
    counts = np.array([len(seeds) for seeds in rows])
    values = np.zeros((len(rows), int(counts.max()), len(rows[0][0])))
    for place, seeds in enumerate(rows):
        values[place, : len(seeds)] = seeds
    return Padded(values, counts)


def problem_means(data: Padded) -> Floats:
    """Each problem's mean over its seeds, (problems, columns)."""
    means: Floats = data.values.sum(axis=1) / data.counts[:, None]
    return means


def drawn_means(data: Padded, problems: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """For each of the drawn ``problems``, the mean of as many seeds as it has, drawn from them; (drawn, columns)."""
    counts, most = data.counts[problems], data.values.shape[1]
    seeds = (rng.random((len(problems), most)) * counts[:, None]).astype(np.int64)
    weights = np.arange(most)[None, :] < counts[:, None]
    taken = data.values[problems[:, None], seeds] * weights[:, :, None]
    means: Floats = taken.sum(axis=1) / counts[:, None]
    return means


def drawn_problems(problems: int, rng: np.random.Generator, resamples: int) -> Iterator[NDArray[np.int64]]:
    """``problems`` times the numbers of drawn problems, one a resample."""
    for _ in range(problems):
        yield rng.integers(0, problems, size=resamples)


def mean_over_problems(
    rows: Sequence[Sequence[Sequence[float]]], *, seed: int = 0, resamples: int = RESAMPLES
) -> tuple[Mean, ...]:
    """The mean of each column over problems, where a problem counts as the mean over its seeds; with its interval.

    ``rows[p][s]`` are the columns of seed s of problem p. Definition of the interval: problems are drawn with
    replacement, then of each drawn problem as many seeds as it has, with replacement; it holds the 95 % of
    ``resamples`` such means that ``expanded`` says. Empty without problems; columns may hold any numbers.
    Sources: Davison and Hinkley, Bootstrap Methods and their Application (1997), section 3.8; the expansion, T. C.
    Hesterberg, What Teachers Should Know About the Bootstrap, The American Statistician 69 (2015) 371-386.
    """
    if not rows:
        return ()
    data = padded(rows)
    means = problem_means(data).mean(axis=0)
    if len(rows) < 2:
        return tuple(Mean(float(value), None, None, len(rows)) for value in means)
    rng = np.random.default_rng(seed)
    sums = np.zeros((resamples, len(means)))
    for problems in drawn_problems(len(rows), rng, resamples):
        sums += drawn_means(data, problems, rng)
    low, high = expanded(sums / len(rows), len(rows))
    return tuple(
        Mean(float(value), float(below), float(above), len(rows))
        for value, below, above in zip(means, low, high, strict=True)
    )


def expanded(draws: Floats, problems: int) -> tuple[Floats, Floats]:
    """The ends of the 95 % interval of bootstrap means, column by column, for a sample of ``problems`` (2 or more).

    A percentile interval is too narrow for few problems: it has the n where the variance has n - 1, and the normal
    distribution's tail in place of Student's t. So the quantiles at a and 1 - a are taken, where
    ``a = Phi(-sqrt(n / (n - 1)) · t(0.975, n - 1))``; a goes to 0.025 as n grows (at 10 problems it is 0.0086).
    """
    tail = NormalDist().cdf(-math.sqrt(problems / (problems - 1)) * student_t(problems - 1))
    low, high = np.quantile(draws, [tail, 1.0 - tail], axis=0)
    return low, high


_FEW = {1: 12.706205, 2: 4.302653, 3: 3.182446, 4: 2.776445}


def student_t(freedom: int) -> float:
    """The 97.5 % point of Student's t with ``freedom`` degrees, 1 or more, to 0.002.

    From 5 on by the expansion in 1/freedom: Abramowitz and Stegun (1964), 26.7.5.
    """
    if freedom in _FEW:
        return _FEW[freedom]
    z, n = Z95, float(freedom)
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4)
    )
