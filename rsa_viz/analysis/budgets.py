"""Equal budgets: how right an arm is for what it has spent, in calls, tokens or seconds.

A run of T generations serves every budget that one of its generations has used up. The samples of a strategy of one
generation serve every number of samples below N (see ``subsamples``). Between such points nothing is known and nothing
is interpolated: what a budget buys is the last point that it pays for.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..core.strategies import FinalAnswer
from .arms import Arm
from .subsamples import Estimate, budgets_below, vote_at
from .trials import Trial, TrialGeneration
from .two_level import mean_over_problems


class Axis(StrEnum):
    """What a budget is counted in."""

    CALLS = "calls"
    TOKENS = "tokens"  # in and out together
    SECONDS = "seconds"  # of calls, added up, as if they went one after the other


@dataclass(frozen=True, slots=True)
class Reached:
    """What a trial had reached when it had spent ``spent``: the chance ``value`` in 0..1 that its answer is right.

    ``size`` is the number of generations, or of samples for a strategy of one generation.
    """

    size: int
    spent: float
    value: float


@dataclass(frozen=True, slots=True)
class BudgetPoint:
    """An arm at one size: the mean spent and the mean chance to be right over problems, with its 95 % interval
    (None with fewer than two problems), from ``trials`` trials."""

    size: int
    spent: float
    value: float
    low: float | None
    high: float | None
    trials: int
    problems: int


def reached(trial: Trial, axis: Axis) -> tuple[Reached, ...]:
    """Every point of a finished trial, the cheapest first; those are left out of which value or price is unknown.

    With more than one generation: a point a generation, by the strategy's rule (the last alone where an earlier one is
    not what a shorter run would have been). With one: a point for each number m of
    samples in ``budgets_below(N)``; the value is majority@m for a vote and the samples' mean for a draw, the price m
    times the mean price of a sample. A draw among verified samples has its one point at N.
    """
    if not trial.finished:
        return ()
    if len(trial.generations) > 1 or trial.final not in (FinalAnswer.VOTE, FinalAnswer.DRAW):
        points = trial.generations if trial.prefix else trial.generations[-1:]
        found = [(one.t, spent_on(one, axis), one.answered) for one in points]
        return tuple(Reached(t, price, value) for t, price, value in found if price is not None and value is not None)
    size, price = trial.samples.size, _price_of_a_sample(trial, axis)
    if price is None or not size:
        return ()
    values = {m: _sampled(trial, m) for m in budgets_below(size)}
    return tuple(Reached(m, m * price, one.value) for m, one in values.items() if one.value is not None)


def spent_on(generation: TrialGeneration, axis: Axis) -> float | None:
    """What it takes to come to this generation from the start, what a fork took over included: an answer is no cheaper
    for having been paid for elsewhere. None where servers did not tell."""
    match axis:
        case Axis.CALLS:
            return float(generation.whole.calls)
        case Axis.TOKENS:
            return None if generation.whole.tokens is None else float(generation.whole.tokens)
        case Axis.SECONDS:
            return generation.whole.seconds


def _price_of_a_sample(trial: Trial, axis: Axis) -> float | None:
    samples = trial.samples
    whole = {Axis.CALLS: float(samples.size), Axis.TOKENS: samples.tokens, Axis.SECONDS: samples.seconds}[axis]
    return None if whole is None or not samples.size else whole / samples.size


def _sampled(trial: Trial, m: int) -> Estimate:
    if trial.final is FinalAnswer.VOTE:
        return vote_at(trial.samples, m)
    samples = trial.samples
    return Estimate(samples.right / samples.known if samples.known else None)


def bought(trial: Trial, axis: Axis, budget: float | None) -> Reached | None:
    """The last point of a trial that ``budget`` pays for, the very last without a budget; None if it pays for none."""
    points = [one for one in reached(trial, axis) if budget is None or one.spent <= budget * (1 + 1e-9)]
    return points[-1] if points else None


def budget_curve(arm: Arm, axis: Axis) -> tuple[BudgetPoint, ...]:
    """The arm's points by size; empty when nothing is known. A trial that lacks a size is not in that point."""
    by_size: dict[int, list[tuple[Trial, Reached]]] = {}
    for one in arm.finished:
        for point in reached(one, axis):
            by_size.setdefault(point.size, []).append((one, point))
    found = []
    for size, here in sorted(by_size.items()):
        rows = by_problem(here)
        spent, value = mean_over_problems([[(one.spent, one.value) for one in row] for row in rows])
        found.append(BudgetPoint(size, spent.value, value.value, value.low, value.high, len(here), len(rows)))
    return tuple(found)


def by_problem(found: Iterable[tuple[Trial, Reached]]) -> list[list[Reached]]:
    """What was reached, grouped by problem in order of first appearance."""
    rows: dict[str, list[Reached]] = {}
    for trial, one in found:
        rows.setdefault(trial.problem, []).append(one)
    return list(rows.values())


def common_budget(arms: Sequence[Arm], axis: Axis) -> float | None:
    """The largest budget that every arm can use up: the smallest of the mean prices of the arms' last points.

    A single generation whose answer is a draw does not limit it: one sample is as right as many. None if of an arm no
    price is known.
    """
    ends: dict[bool, list[float]] = {True: [], False: []}
    for arm in arms:
        last = [(one, points[-1]) for one in arm.finished if (points := reached(one, axis))]
        if not last:
            return None
        rows = [[one.spent for one in row] for row in by_problem(last)]
        limits = any(len(one.generations) > 1 or one.final is not FinalAnswer.DRAW for one, _ in last)
        ends[limits].append(statistics.fmean(statistics.fmean(row) for row in rows))
    return min(ends[True] or ends[False], default=None)
