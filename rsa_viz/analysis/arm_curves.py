"""Curves of arms: by generation, by population size, and problem by problem. Means over problems with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..core.strategies import find_strategy
from .arms import Arm, arm_label
from .paired import end_value
from .trials import Trial, TrialGeneration
from .two_level import mean_over_problems


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A mean over ``problems`` problems at ``x`` (a generation, or N), from ``trials`` trials, with its 95 % interval
    (None with fewer than two problems)."""

    x: int
    value: float
    low: float | None
    high: float | None
    trials: int
    problems: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The points of one line, by x; ``arms`` are the labels of the arms that it is made of."""

    label: str
    arms: tuple[str, ...]
    points: tuple[CurvePoint, ...]


def answered(generation: TrialGeneration) -> float | None:
    """How right the strategy's own rule is in this generation."""
    return generation.answered


def gap(generation: TrialGeneration) -> float | None:
    """pass@N minus pass@1: what is right in the population and not yet in a uniform draw; None where one is unknown.

    As the population settles the gap closes, be it on the right answer or on a wrong one. Source: arXiv 2509.26626,
    section 5.
    """
    if generation.pass_at_n is None or generation.mean is None:
        return None
    return float(generation.pass_at_n) - generation.mean


def by_generation(arm: Arm, of: Callable[[TrialGeneration], float | None] = answered) -> Curve:
    """``of`` each generation, averaged over the finished trials in which it is known."""
    last = max((len(one.generations) for one in arm.finished), default=0)
    found = []
    for t in range(1, last + 1):
        point = _point(t, [(one, of(one.generations[t - 1])) for one in arm.finished if t <= len(one.generations)])
        found += [] if point is None else [point]
    return Curve(arm.label, (arm.label,), tuple(found))


def by_population(arms: Sequence[Arm]) -> tuple[Curve, ...]:
    """How right arms are in the end by N: a line for those that differ in N alone; of a single N there is no line."""
    groups: dict[object, list[Arm]] = {}
    for arm in arms:
        if "n" in find_strategy(arm.settings.strategy).uses:
            groups.setdefault(replace(arm.settings, n=1), []).append(arm)
    rows = [sorted(row, key=lambda arm: arm.settings.n) for row in groups.values() if len(row) > 1]
    found = []
    for row in rows:
        points = [_point(arm.settings.n, [(one, end_value(one)) for one in arm.finished]) for arm in row]
        known = tuple(point for point in points if point is not None)
        label = arm_label(row[0].settings, [arm.settings for arm in arms]).replace(f", N={row[0].settings.n}", "")
        if known:
            found.append(Curve(label, tuple(arm.label for arm in row), known))
    return tuple(found)


def _point(x: int, values: Sequence[tuple[Trial, float | None]]) -> CurvePoint | None:
    rows: dict[str, list[tuple[float]]] = {}
    for trial, value in values:
        if value is not None:
            rows.setdefault(trial.problem, []).append((value,))
    if not rows:
        return None
    (mean,) = mean_over_problems(list(rows.values()))
    return CurvePoint(x, mean.value, mean.low, mean.high, sum(map(len, rows.values())), len(rows))


@dataclass(frozen=True, slots=True)
class Cell:
    """One problem under one arm: the mean over ``seeds`` trials of how right they are in the end (None unknown), and
    the first of these runs."""

    value: float | None
    seeds: int
    run_id: str
    t: int


@dataclass(frozen=True, slots=True)
class GridRow:
    """One problem under every arm; a cell is None where the arm has no finished trial of it."""

    problem: str
    label: str
    cells: tuple[Cell | None, ...]

    @property
    def mean(self) -> float:
        """The mean of the known cells, in 0..1; beyond 1 where none is known, so that these rows come last."""
        known = [cell.value for cell in self.cells if cell is not None and cell.value is not None]
        return sum(known) / len(known) if known else 2.0


def problem_grid(arms: Sequence[Arm]) -> tuple[GridRow, ...]:
    """Problems by arms, the hardest problem first; empty without a finished trial."""
    labels: dict[str, str] = {}
    cells: dict[tuple[str, int], list[Trial]] = {}
    for place, arm in enumerate(arms):
        for one in arm.finished:
            labels.setdefault(one.problem, one.label)
            cells.setdefault((one.problem, place), []).append(one)
    rows = [
        GridRow(problem, label, tuple(_cell(cells.get((problem, place), ())) for place in range(len(arms))))
        for problem, label in labels.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.mean, row.label)))


def _cell(trials: Sequence[Trial]) -> Cell | None:
    if not trials:
        return None
    known = [value for one in trials if (value := end_value(one)) is not None]
    first = trials[0]
    return Cell(sum(known) / len(known) if known else None, len(trials), first.run_id, len(first.generations))


@dataclass(frozen=True, slots=True)
class ArmEnd:
    """How right an arm is in the end, and what a run of it costs on average.

    ``right`` is the mean over problems in 0..1 with its 95 % interval (None where unknown). ``calls``, ``tokens`` (in
    and out), ``seconds`` (of calls, added up) and ``clock`` (seconds with at least one call under way) are means over
    the finished trials, None when one of them is not known of all.
    """

    right: float | None
    low: float | None
    high: float | None
    calls: float | None
    tokens: float | None
    seconds: float | None
    clock: float | None


def arm_end(arm: Arm) -> ArmEnd:
    """The end of an arm's finished trials; all None without any."""
    points = by_generation(arm, answered).points
    last = points[-1] if points else None
    ends = [one.end for one in arm.finished if one.end is not None]
    return ArmEnd(
        right=None if last is None else last.value,
        low=None if last is None else last.low,
        high=None if last is None else last.high,
        calls=_mean([one.calls for one in ends]),
        tokens=_mean([one.tokens for one in ends]),
        seconds=_mean([one.seconds for one in ends]),
        clock=_mean([one.clock for one in ends]),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None
