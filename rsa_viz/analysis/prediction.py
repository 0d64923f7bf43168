"""Prediction: what transmission alone would make of a population.

If a child's chance to be right depends only on how many of its K parents are right, the number of right chains is a
Markov chain on 0..N, and everything about it can be worked out without a further call. Where the recorded run leaves
the band, something else is at work. Knows no chain.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core.errors import InvalidInput
from .transmission import Transmission

LOW, HIGH = 0.05, 0.95  # the ends of the 90 % band


@dataclass(frozen=True, slots=True)
class Prediction:
    """The predicted share of right chains, generation by generation; entry 0 is the initial population.

    ``expected`` is the mean share, ``low``..``high`` its 90 % band (the 5 % and 95 % quantiles: the least share that
    the population stays at or below with that probability). ``all_right`` and ``all_wrong`` are the probabilities that
    the whole population is right or wrong. All in 0..1. The band holds the chances of drawing and answering; that the
    rates themselves are estimates is not in it.
    """

    n: int
    expected: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    all_right: tuple[float, ...]
    all_wrong: tuple[float, ...]


def rates(transmissions: Iterable[Transmission], k: int) -> tuple[float, ...] | None:
    """q_0..q_K for children of ``k`` parents, from the counted shares; None when there is none at all.

    A j that never occurred takes the line between its counted neighbours, or its one neighbour's rate at the ends: a
    guess, but one that a population which never met this j hardly depends on.
    """
    known = {one.j: one.share for one in transmissions if one.k == k and one.share is not None}
    if not known:
        return None
    places = sorted(known)
    return tuple(float(rate) for rate in np.interp(range(k + 1), places, [known[j] for j in places]))


def exactly(n: int, right: int) -> tuple[float, ...]:
    """The distribution over 0..n of a population of which ``right`` are known to be right."""
    return tuple(float(m == right) for m in range(n + 1))


def sampled(n: int, chance: float) -> tuple[float, ...]:
    """The distribution over 0..n of a population of independent samples that are right with this chance: Binomial."""
    return tuple(float(weight) for weight in _binomial(n, np.array([chance]))[0])


def predict(n: int, q: Sequence[float], start: Sequence[float], generations: int) -> Prediction:
    """The population's fate over ``generations`` generations (the initial one included).

    ``q`` holds q_0..q_K, the chance of a child with j right parents of K to be right, ``start`` the distribution of the
    number of right chains among the first ``n``, over 0..n. With m right chains a child is right with chance
    ``p(m) = sum_j Hypergeom(j; n, m, K) q_j``, so the next number is Binomial(n, p(m)): children are independent
    given their parents' generation. (K distinct parents drawn uniformly: arXiv 2509.26626, Algorithm 1.)
    Another n or more generations than were run answer what these would have given. Time and memory grow with n².
    Raises InvalidInput when K > n or the lengths and ranges do not fit.
    """
    k = len(q) - 1
    if not 1 <= k <= n or generations < 1 or len(start) != n + 1:
        raise InvalidInput(
            f"cannot predict n = {n} with K = {k}, {len(start)} starting weights and {generations} generations; "
            "it takes 1 <= K <= n, n + 1 weights and at least one generation"
        )
    if not all(0.0 <= rate <= 1.0 for rate in q) or not math.isclose(math.fsum(start), 1.0, abs_tol=1e-6):
        raise InvalidInput("cannot predict: rates lie in 0..1, and the starting weights sum to 1")
    step = _binomial(n, _chances(n, np.asarray(q, dtype=float)))
    now = np.asarray(start, dtype=float)
    rows = [now]
    for _ in range(generations - 1):
        now = now @ step
        rows.append(now)
    counts = np.arange(n + 1)
    sums = [np.cumsum(row) for row in rows]
    # Rounding may leave the last sum a hair under 1 or a quantile a hair over its place.
    quantile = [
        [int(np.searchsorted(total, point - 1e-12)) / n for total in sums] for point in (LOW, HIGH)
    ]  # fmt: skip
    return Prediction(
        n,
        expected=tuple(float(row @ counts) / n for row in rows),
        low=tuple(quantile[0]),
        high=tuple(quantile[1]),
        all_right=tuple(float(row[n]) for row in rows),
        all_wrong=tuple(float(row[0]) for row in rows),
    )


def _chances(n: int, q: NDArray[np.float64]) -> NDArray[np.float64]:
    """p(m) for m in 0..n."""
    k = len(q) - 1
    ways = math.comb(n, k)
    return np.array(
        [sum(math.comb(m, j) * math.comb(n - m, k - j) / ways * q[j] for j in range(k + 1)) for m in range(n + 1)]
    )


def _binomial(n: int, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """A row of Binomial(n, p) for each chance p."""
    steps = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])  # log factorials
    right = np.arange(n + 1)
    inside = np.clip(chances, 1e-300, 1 - 1e-16)[:, None]
    logs = steps[n] - steps - steps[::-1] + right * np.log(inside) + (n - right) * np.log1p(-inside)
    rows: NDArray[np.float64] = np.exp(logs)
    rows[chances <= 0.0] = right == 0
    rows[chances >= 1.0] = right == n
    rows /= rows.sum(axis=1, keepdims=True)
    return rows
