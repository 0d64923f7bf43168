"""Forecast: what transmission alone would make of a population, for the run's own numbers or for others.

If a child's chance to be right depends only on how many of its K parents are right, the number of right chains is a
Markov chain on 0..N. Its rates are drawn from what the counts leave open, so the band is as wide as a few dozen
children warrant. A model's answer, never a measurement; docs/prediction.md says how well it does.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core.chain import Chain
from ..core.errors import InvalidInput
from .generations import by_generation
from .transmission import Transmission, transmission

REPEATS = 4000
LOW, HIGH = 0.05, 0.95  # the ends of the 90 % band
MOST_ORDERED = 65  # rates that are brought into order; of more every one is counted seldom, and it takes long
ASSUMES = (
    "A prediction, not a measurement: it supposes that a child's chance to be right depends only on how many of its "
    "parents are, the same in every generation."
)


@dataclass(frozen=True, slots=True)
class Start:
    """A population to start from: ``size`` chains, of which ``right`` of the ``judged`` ones are right."""

    right: int
    judged: int
    size: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast share of right chains, generation by generation; entry 0 is the starting population.

    ``expected`` is the mean share, ``low``..``high`` its 90 % band (5 % and 95 % quantiles), ``majority`` the
    probability that more than half of the population is right, ``all_wrong`` that none is. All in 0..1. ``children``
    is the number of children that the rates were counted from.
    """

    n: int
    k: int
    expected: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    majority: tuple[float, ...]
    all_wrong: tuple[float, ...]
    children: int


def forecast(
    transmissions: Iterable[Transmission],
    start: Start,
    generations: int,
    *,
    n: int | None = None,
    k: int | None = None,
    seed: int = 0,
    repeats: int = REPEATS,
) -> Forecast | None:
    """What becomes of ``start`` over ``generations`` generations (itself included), from ``repeats`` simulations.

    Each simulation draws its rates q_j from Beta(right_j + (j + ½)/(K + 1), wrong_j + 1 - (j + ½)/(K + 1)): the counts
    for the K that most children have, and before any count a prior worth one child that copies a random parent. More
    right parents are supposed to do no harm, so the draws are brought into rising order (``rising``, weighted by their
    children + 1; not above K = 64): this informs a j that hardly occurred. With m right chains of n, a child is right
    with chance ``p(m) = sum_j Hypergeom(j; n, m, K) q_j`` (K distinct parents drawn uniformly: arXiv 2509.26626,
    Algorithm 1), and the next number is Binomial(n, p(m)): children are independent given their parents' generation.

    Another ``n`` than the start's size draws the first population anew, with a chance from
    Beta(right + ½, judged - right + ½), as chains without a verdict are drawn too. Another ``k`` than the counted one
    reads the rates as a function of the *share* of right parents, linear between j/K: a guess of its own. None when
    no child with known verdicts was counted, or nothing of the start is judged. Raises InvalidInput unless
    1 <= k <= n and generations >= 1. The mean's standard error is at most 0.5 / sqrt(repeats), 0.8 % at 4,000.
    Sources: the Beta-Binomial model, for example Gelman et al., Bayesian Data Analysis (2013), chapter 2; ordering the
    draws of a posterior, Dunson and Neelon, Biometrics 59 (2003) 286-295.
    """
    rows = counted_rows(transmissions)
    if not rows or not start.judged:
        return None
    size = start.size if n is None else n
    parents = rows[0].k if k is None else k
    if not 1 <= parents <= size or generations < 1:
        raise InvalidInput(
            f"cannot forecast N = {size} with K = {parents} and {generations} generations; "
            "it takes 1 <= K <= N and at least one generation"
        )
    rng = np.random.default_rng(seed)
    q = _stretched(_drawn_rates(rows, rng, repeats), parents)
    ways = _hypergeometric(size, parents)
    now = _first(start, size, rng, repeats)
    states = [now]
    for _ in range(generations - 1):
        chance = np.clip(np.einsum("rj,rj->r", ways[now], q), 0.0, 1.0)
        now = rng.binomial(size, chance)
        states.append(now)
    bands = [np.quantile(state, [LOW, HIGH], method="inverted_cdf") / size for state in states]
    return Forecast(
        n=size,
        k=parents,
        expected=tuple(float(state.mean()) / size for state in states),
        low=tuple(float(low) for low, _ in bands),
        high=tuple(float(high) for _, high in bands),
        majority=tuple(float(np.mean(2 * state > size)) for state in states),
        all_wrong=tuple(float(np.mean(state == 0)) for state in states),
        children=sum(row.children for row in rows),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """The numbers of a run: population ``n``, parents ``k``, generations ``t``."""

    n: int
    k: int
    t: int


def own_numbers(chains: Sequence[Chain]) -> Asked | None:
    """N, K and T of the run whose ``chains`` (slot order) these are; None without any.

    K is the number of parents that most children of the last generation with any were planned with, 1 when there is no
    child: a fork may have gone on with another K than it began with (see ``k_since``).
    """
    if not chains:
        return None
    width = max(chain.slot.i for chain in chains)
    return Asked(width, list(_ks(chains).values() or [1])[-1], chains[-1].slot.t)


def k_since(chains: Sequence[Chain]) -> int:
    """The first generation from which on all children have the run's last K; 2 where K never changed, or there is no
    child."""
    ks = list(_ks(chains).items())
    same = 2
    for (_, before), (t, k) in itertools.pairwise(ks):
        same = t if k != before else same
    return same


def _ks(chains: Sequence[Chain]) -> dict[int, int]:
    """By generation with children, the number of parents that most of them were planned with (of equals the larger)."""
    parents: dict[int, Counter[int]] = {}
    for chain in chains:
        if chain.parents:
            parents.setdefault(chain.slot.t, Counter())[len(chain.parents)] += 1
    return {t: max(row, key=lambda one: (row[one], one)) for t, row in sorted(parents.items())}


@dataclass(frozen=True, slots=True)
class RunForecast:
    """A forecast for a run: from generation ``start``, with rates counted up to generation ``seen``; None where nothing
    can be counted, nothing is judged, or ``start`` lies beyond what is asked."""

    start: int
    seen: int
    forecast: Forecast | None


def forecast_run(chains: Sequence[Chain], asked: Asked | None = None, seen: int | None = None) -> RunForecast:
    """The forecast for a run's ``chains`` (slot order), with its own numbers or those ``asked``.

    Without ``seen`` the rates are counted in all generations and the curve starts at the first with a verdict, in a
    fork with another K at the one from which it was taken: it explains. With it, only what had happened up to
    generation ``seen`` is known, and the curve starts there (at the last judged generation if that comes first): it
    predicts. Only children with the run's own K are counted. Raises InvalidInput as ``forecast`` does.
    """
    own = own_numbers(chains)
    counts = {one.t: (one.right, one.right + one.wrong) for one in by_generation(chains) if one.right + one.wrong}
    if own is None or not counts:
        return RunForecast(1, 1, None)
    known = max(counts) if seen is None else max(min(counts), min(seen, max(counts)))
    from_here = [t for t in counts if t >= k_since(chains) - 1] or [max(counts)]
    start = min(from_here) if seen is None else max(t for t in counts if t <= known)
    wanted = asked or own
    if wanted.t < start:
        return RunForecast(start, known, None)
    right, judged = counts[start]
    rates = transmission(chain for chain in chains if chain.slot.t <= known)
    passed = [row for row in rates if row.k == own.k]
    steps = wanted.t - start + 1
    return RunForecast(start, known, forecast(passed, Start(right, judged, own.n), steps, n=wanted.n, k=wanted.k))


def counted_rows(transmissions: Iterable[Transmission]) -> tuple[Transmission, ...]:
    """The rows, j = 0..K, of the K that most children have (of equals the larger); empty without children."""
    rows = [row for row in transmissions if row.k]
    children: dict[int, int] = {}
    for row in rows:
        children[row.k] = children.get(row.k, 0) + row.children
    if not any(children.values()):
        return ()
    k = max(children, key=lambda one: (children[one], one))
    return tuple(sorted((row for row in rows if row.k == k), key=lambda row: row.j))


def _drawn_rates(rows: Sequence[Transmission], rng: np.random.Generator, repeats: int) -> NDArray[np.float64]:
    """Rates q_0..q_K, one row a simulation."""
    places = np.array([(row.j + 0.5) / (row.k + 1) for row in rows])
    right = np.array([row.right for row in rows])
    wrong = np.array([row.children - row.right for row in rows])
    drawn: NDArray[np.float64] = rng.beta(right + places, wrong + 1.0 - places, size=(repeats, len(rows)))
    return rising(drawn, right + wrong + 1.0) if len(rows) <= MOST_ORDERED else drawn


def rising(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row's nearest row that never falls: isotonic regression with a weight a column.

    Definition: of all rows that never fall, the one with the least sum of weighted squared differences. Equivalent
    expression, which is computed: ``y_i = max over a <= i of min over b >= i of the weighted mean of x_a..x_b``.
    Time grows with the square of the columns. Source: Robertson, Wright and Dykstra, Order Restricted Statistical
    Inference (1988), chapter 1.
    """
    columns = values.shape[1]
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values * weights, axis=1)], axis=1)
    total = np.concatenate([[0.0], np.cumsum(weights)])
    found = np.full_like(values, -np.inf)
    for a in range(columns):
        means = (sums[:, a + 1 :] - sums[:, [a]]) / (total[a + 1 :] - total[a])
        lowest = np.minimum.accumulate(means[:, ::-1], axis=1)[:, ::-1]
        found[:, a:] = np.maximum(found[:, a:], lowest)
    return found


def _stretched(q: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """The rates for ``k`` parents, read at the same shares of right parents."""
    counted = q.shape[1] - 1
    if counted == k:
        return q
    at = np.arange(k + 1) * counted / k
    low = np.minimum(np.floor(at).astype(int), counted - 1)
    part = at - low
    between: NDArray[np.float64] = q[:, low] * (1.0 - part) + q[:, low + 1] * part
    return between


def _hypergeometric(n: int, k: int) -> NDArray[np.float64]:
    """Row m, column j: the chance that j of k distinct parents drawn from n chains are among the m right ones."""
    logs = np.array([math.lgamma(number + 1.0) for number in range(n + 1)])
    m, j = np.arange(n + 1)[:, None], np.arange(k + 1)[None, :]
    possible = (j <= m) & (k - j <= n - m)
    inside = np.where(possible, j, 0), np.where(possible, k - j, 0)
    ways = logs[m] - logs[inside[0]] - logs[np.where(possible, m - j, 0)]
    ways = ways + logs[n - m] - logs[inside[1]] - logs[np.where(possible, n - m - (k - j), 0)]
    total = logs[n] - logs[k] - logs[n - k]
    return np.exp(np.where(possible, ways - total, -np.inf))


def _first(start: Start, n: int, rng: np.random.Generator, repeats: int) -> NDArray[np.int64]:
    """The number of right chains in the first population, one a simulation."""
    chance = rng.beta(start.right + 0.5, start.judged - start.right + 0.5, size=repeats)
    if n != start.size:
        return rng.binomial(n, chance).astype(np.int64)
    return (start.right + rng.binomial(n - start.judged, chance)).astype(np.int64)
