"""Paired differences between two arms, and whether they are more than noise.

Both arms answer the same problems, so what makes a problem hard is in neither difference. Problems are the sample: the
question is what other problems of the kind would have shown, and many seeds of one problem do not answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .arms import Arm
from .telling import counted
from .trials import Trial
from .two_level import RESAMPLES, Padded, drawn_means, drawn_problems, expanded, padded, problem_means

FEWEST = 6
"""Problems below which nothing is called more than noise: with 5, even a difference of one sign on each has a chance
of 2/32 to come from none, more than 5 %."""

Value = Callable[[Trial], float | None]
"""The number of a finished trial that is compared, in 0..1; None is unknown."""


class Weight(StrEnum):
    """What a difference is worth."""

    MORE = "more than noise"  # the interval leaves nought out
    NOISE = "could be noise"
    SAME = "no difference at all"
    FEW = "too few problems to tell"
    UNKNOWN = "unknown"  # fewer than two problems in both


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more often ``first`` is right than ``second``, as a share in -1..1.

    ``value`` is the mean over the ``problems`` that both have (None without any), ``low``..``high`` its 95 % interval
    (None with fewer than two). ``seeds`` is the largest number of seeds of a problem. ``by_problem`` are the
    differences, by problem key. ``left_out`` problems are in one arm only or unknown in one, ``unfinished`` trials were
    left aside.
    """

    first: str
    second: str
    value: float | None
    low: float | None
    high: float | None
    problems: int
    seeds: int
    by_problem: tuple[tuple[str, float], ...]
    left_out: int
    unfinished: int

    @property
    def weight(self) -> Weight:
        """Whether it is more than noise."""
        if self.low is None or self.high is None:
            return Weight.UNKNOWN
        if self.problems < FEWEST:
            return Weight.FEW
        if self.low == self.high == 0:
            return Weight.SAME
        return Weight.MORE if self.low > 0 or self.high < 0 else Weight.NOISE


def end_value(trial: Trial) -> float | None:
    """How right a trial is in the end, by its strategy's own rule."""
    return None if trial.end is None else trial.end.answered


def difference(
    first: Arm, second: Arm, value: Value = end_value, *, seed: int = 0, resamples: int = RESAMPLES
) -> Difference:
    """The paired difference of two arms.

    Definition: a problem's difference is the mean, over the seeds that both arms ran on it, of first less second; where
    no seed is shared, the difference of the two means. Trials of one seed count as their mean. The value is the mean
    over problems; equivalently, with the same seeds everywhere, the difference of the arms' means on the shared
    problems. Interval: problems are drawn with replacement, then seeds (pairs of trials where seeds are shared, each
    arm's own else), as in ``two_level.mean_over_problems``.
    """
    ours, theirs = _by_seed(first, value), _by_seed(second, value)
    shared = [problem for problem in ours if problem in theirs]
    known = {one.problem for arm in (first, second) for one in arm.finished}
    unfinished = sum(not one.finished for arm in (first, second) for one in arm.trials)
    left_out = len(known) - len(shared)
    if not shared:
        return Difference(first.label, second.label, None, None, None, 0, 0, (), left_out, unfinished)
    pairs: list[list[tuple[float]]] = []  # where seeds are shared, their differences; else one 0 to be drawn in vain
    alone: list[tuple[list[tuple[float]], list[tuple[float]]]] = []
    seeds = 0
    for problem in shared:
        a, b = ours[problem], theirs[problem]
        both = sorted(a.keys() & b.keys())
        seeds = max(seeds, len(both) or min(len(a), len(b)))
        pairs.append([(a[one] - b[one],) for one in both] or [(0.0,)])
        alone.append(([(0.0,)], [(0.0,)]) if both else ([(one,) for one in a.values()], [(one,) for one in b.values()]))
    parts = (padded(pairs), padded([one for one, _ in alone]), padded([one for _, one in alone]))
    found = (problem_means(parts[0]) + problem_means(parts[1]) - problem_means(parts[2]))[:, 0]
    low, high = _interval(parts, len(shared), seed, resamples)
    return Difference(
        first=first.label,
        second=second.label,
        value=float(found.mean()),
        low=low,
        high=high,
        problems=len(shared),
        seeds=seeds,
        by_problem=tuple(zip(shared, map(float, found), strict=True)),
        left_out=left_out,
        unfinished=unfinished,
    )


def _interval(
    parts: tuple[Padded, Padded, Padded], problems: int, seed: int, resamples: int
) -> tuple[float | None, float | None]:
    if problems < 2:
        return None, None
    rng = np.random.default_rng(seed)
    sums = np.zeros((resamples, 1))
    pairs, ours, theirs = parts
    for chosen in drawn_problems(problems, rng, resamples):
        sums += drawn_means(pairs, chosen, rng) + drawn_means(ours, chosen, rng) - drawn_means(theirs, chosen, rng)
    low, high = expanded(sums / problems, problems)
    return float(low[0]), float(high[0])


def _by_seed(arm: Arm, value: Value) -> dict[str, dict[int, float]]:
    """The values of the finished trials by problem and seed."""
    found: dict[str, dict[int, list[float]]] = {}
    for one in arm.finished:
        known = value(one)
        if known is not None:
            found.setdefault(one.problem, {}).setdefault(one.seed, []).append(known)
    return {
        problem: {seed: sum(values) / len(values) for seed, values in row.items()} for problem, row in found.items()
    }


def difference_in_words(found: Difference) -> str:
    """One plain sentence: which is right more often, by how much, and whether that is more than noise."""
    on = f"{counted(found.problems, 'problem')}, {counted(found.seeds, 'seed')}"
    aside = f" {counted(found.left_out, 'problem')} not answered by both left out." if found.left_out else ""
    if found.value is None:
        return f"{found.first} and {found.second} have no problem in common: unknown.{aside}"
    if found.low is None or found.high is None:
        return (
            f"{_claim(found, found.value)} ({on}): unknown whether it is more than noise, "
            f"since that takes two problems at least.{aside}"
        )
    interval = f"95 % interval {points(found.low, found.high)}"
    return f"{_claim(found, found.value)} ({interval}, {on}): {found.weight.value}.{aside}"


def _claim(found: Difference, value: float) -> str:
    if value == 0:
        return f"{found.first} is right as often as {found.second}"
    more, less = (found.first, found.second) if value > 0 else (found.second, found.first)
    if value > 0:
        return f"{more} is right {_amount(value)} more often than {less}"
    return f"{less} is right {_amount(-value)} less often than {more}"


def _amount(value: float) -> str:
    shown = _shown(value)
    return f"{shown} {'point' if shown == '1' else 'points'}"


def points(low: float, high: float) -> str:
    """An interval of shares in points of a hundred: ``3 to 21``, ``−2 to 9``; signs never change by rounding."""
    return f"{_shown(low)} to {_shown(high)}"


def _shown(share: float) -> str:
    value = 100 * share
    if abs(value) < 1e-9:
        return "0"
    shown = f"{max(0.1, round(abs(value), 1)):g}" if abs(value) < 0.95 else f"{abs(value):.0f}"
    return f"−{shown}" if value < 0 else shown


def chance_of_one(comparisons: int) -> float:
    """The chance that at least one of so many independent comparisons without any difference leaves nought out of its
    95 % interval: ``1 - 0.95^n``. Comparisons with one common arm are not independent: then it is less."""
    return 1.0 - 0.95**comparisons


def comparisons_in_words(found: Sequence[Difference]) -> str:
    """How many comparisons are shown, and what that means for calling one of them more than noise."""
    shown = sum(one.low is not None for one in found)
    if shown < 2:
        return ""
    return (
        f"{shown} comparisons are shown: without any true difference, one of them would still be called more than "
        f"noise on up to {100 * chance_of_one(shown):.0f} % of such pages."
    )
