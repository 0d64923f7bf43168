"""Fewer samples than were drawn: what a vote over m of the N recorded ones would say.

The N samples of generation 1 are independent, so every m of them are as good as m fresh ones. No call is made for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..core.chain import Verdict
from .trials import Samples

EXACT_UP_TO = 512
"""Samples up to which the vote is counted exactly; more are simulated."""
REPEATS = 4000
NOUGHT = 1e-12  # a probability below it is rounding


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value in 0..1 with its standard error (0 when it was counted exactly); ``value`` None is unknown."""

    value: float | None
    error: float = 0.0


def vote_at(samples: Samples, m: int) -> Estimate:
    """majority@m: the expected correctness of a majority vote over ``m`` of the recorded samples.

    Definition: the mean, over all m-subsets of the samples, of whether the subset's largest answer class is right. As
    in ``answers.vote``, abstentions never win, and of equally large classes the smallest key does. A subset in which
    nobody answers gives no answer, which is wrong where its abstentions are.

    Equivalent expression, which is computed for all m at once: class i with c_i samples wins with v votes in
    ``C(c_i, v) · [x^(m - v)] (1 + x)^abstained · prod over other classes j of (sum over u <= cap_j of C(c_j, u) x^u)``
    subsets, where cap_j is v - 1 for smaller keys and v for larger ones, out of C(N, m). Above EXACT_UP_TO samples it
    is simulated from REPEATS seeded multivariate hypergeometric draws, and ``error`` is the standard error.

    The value is None where a class or silence without a verdict could win, and without samples. Raises ValueError
    unless 1 <= m <= N. Source of the vote: Wang et al., Self-Consistency, arXiv 2203.11171 (2022).
    """
    if not 1 <= m <= max(1, samples.size):
        raise ValueError(f"a vote over {m} of {samples.size} samples is not defined")
    if samples.size == 0:
        return Estimate(None)
    if samples.size <= EXACT_UP_TO:
        return Estimate(_vote_curve(samples)[m - 1])
    return _simulated(samples, m)


@lru_cache(maxsize=2048)
def _vote_curve(samples: Samples) -> tuple[float | None, ...]:
    """majority@m for m = 1..N."""
    size = samples.size
    # All terms are positive, so there is no cancellation; C(512, 256) is 1e153 and fits.
    total = np.array([float(math.comb(size, m)) for m in range(size + 1)])
    chances = {verdict: np.zeros(size + 1) for verdict in Verdict}
    silent = np.zeros(size + 1)
    silent[: samples.abstained + 1] = _binomials(samples.abstained)
    for at, winner in enumerate(samples.classes):
        for votes in range(1, winner.votes + 1):
            ways = silent
            for other, one in enumerate(samples.classes):
                if other != at:
                    cap = votes - 1 if other < at else votes
                    ways = np.convolve(ways, _binomials(one.votes)[: cap + 1])[: size + 1]
            chances[winner.verdict][votes:] += math.comb(winner.votes, votes) * ways[: size + 1 - votes]
    nobody = Verdict.UNKNOWN if samples.doubtful else Verdict.WRONG
    chances[nobody][: samples.abstained + 1] += silent[: samples.abstained + 1]
    right, unknown = chances[Verdict.RIGHT] / total, chances[Verdict.UNKNOWN] / total
    return tuple(None if unknown[m] > NOUGHT else min(1.0, float(right[m])) for m in range(1, size + 1))


def _binomials(n: int) -> NDArray[np.float64]:
    return np.array([float(math.comb(n, u)) for u in range(n + 1)])


def _simulated(samples: Samples, m: int) -> Estimate:
    rng = np.random.default_rng(m)
    counts = [*(one.votes for one in samples.classes), samples.abstained]
    drawn = rng.multivariate_hypergeometric(counts, m, size=REPEATS)[:, :-1]
    verdicts = [*(one.verdict for one in samples.classes), Verdict.UNKNOWN if samples.doubtful else Verdict.WRONG]
    nobody = len(samples.classes)
    winners = [int(row.argmax()) if row.any() else nobody for row in drawn] if nobody else [nobody] * REPEATS
    if any(verdicts[winner] is Verdict.UNKNOWN for winner in winners):
        return Estimate(None)
    value = sum(verdicts[winner] is Verdict.RIGHT for winner in winners) / REPEATS
    return Estimate(value, math.sqrt(value * (1.0 - value) / REPEATS))


def budgets_below(n: int) -> tuple[int, ...]:
    """The numbers of samples at which a curve over 1..n is drawn: 1, 2, 3, 4, 6, 8, 12, …, and n itself."""
    sizes = {1, 3, n, *(2**power for power in range(13)), *(3 * 2**power for power in range(12))}
    return tuple(sorted(size for size in sizes if size <= n))
