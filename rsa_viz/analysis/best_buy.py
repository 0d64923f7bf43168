"""The best buy that was measured: of all that arms reached within a budget, what was right most often. No prediction.

Also which of many runs a prediction is drawn from. Knows no forecast.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .arms import Arm
from .budgets import Axis, BudgetPoint, budget_curve
from .paired import points
from .telling import amount, counted, generations
from .trials import Trial

SAME = 0.01
"""Shares this close are called the same: then the cheaper one is the better buy."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the arm called ``label`` reached at ``point``, in ``size`` words; ``among`` points were looked at."""

    label: str
    size: str
    axis: Axis
    point: BudgetPoint
    among: int


def best_measured(arms: Sequence[Arm], axis: Axis, budget: float, problems: Collection[str]) -> Measured | None:
    """The cheapest point within SAME of the most right one, of all that ``budget`` of ``axis`` pays for.

    Only arms with exactly these ``problems`` (keys) finished count: on others it may be right more often because they
    are easier. Points are those of ``budgets.budget_curve``: a generation, or a number of samples. None without any.
    """
    wanted = set(problems)
    fair = [arm for arm in arms if {one.problem for one in arm.finished} == wanted]
    found = [(arm, point) for arm in fair for point in budget_curve(arm, axis) if point.spent <= budget * (1 + 1e-9)]
    if not wanted or not found:
        return None
    most = max(point.value for _, point in found)
    arm, best = min(
        ((arm, point) for arm, point in found if point.value >= most - SAME),
        key=lambda one: (round(one[1].spent, 6), -one[1].value),
    )
    several = any(len(one.generations) > 1 for one in arm.finished)
    return Measured(
        arm.label, generations(best.size) if several else counted(best.size, "sample"), axis, best, len(found)
    )


def measured_in_words(found: Measured, expected: float | None) -> tuple[str, ...]:
    """The best buy in sentences, held against the best prediction's ``expected`` share (None: there is none)."""
    point = found.point
    over = f"{counted(point.problems, 'problem')} and {counted(point.trials, 'run')}"
    known = point.low is not None and point.high is not None
    sure = f"95 % interval {points(point.low or 0.0, point.high or 0.0)} %, over {over}." if known else f"Over {over}."
    first = (
        f"Right {100 * point.value:.0f} % of the time: {found.label} with {found.size}, "
        f"{amount(point.spent)} {found.axis.value} a problem. {sure} The best buy of "
        f"{counted(found.among, 'measured point')} within the budget; the best of many looks a little better than it "
        "is."
    )
    if expected is None:
        return (first,)
    better = expected > point.value + SAME
    beside = "expects more" if better else "promises no more than that"
    return (first, f"The prediction below {beside}: {100 * expected:.0f} %.")


def evenly(arms: Sequence[Arm], most: int) -> tuple[Trial, ...]:
    """At most ``most`` finished trials, the same share of every arm and problem: first one of each problem of each arm,
    then a second, and so on, whole rounds only. Where the first round is too long, its first problems with all their
    arms. Empty without a finished trial."""
    rows: list[dict[str, list[Trial]]] = []
    for arm in arms:
        row: dict[str, list[Trial]] = {}
        for one in arm.finished:
            row.setdefault(one.problem, []).append(one)
        rows.append(row)
    problems = list(dict.fromkeys(problem for row in rows for problem in row))
    found: list[Trial] = []
    place = 0
    while True:
        by_problem = [[row[name][place] for row in rows if place < len(row.get(name, ()))] for name in problems]
        size = sum(map(len, by_problem))
        if not size or len(found) + size > most:
            break
        found += [one for together in by_problem for one in together]
        place += 1
    if not found:
        for together in by_problem:
            if len(found) + len(together) > most:
                break
            found += together
    return tuple(found)
