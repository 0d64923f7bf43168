"""Lines of arms: right answers by generation, by N and by budget, and pass@N minus pass@1; the paper's beside them.

What the paper published is dashed, in a group of its own in the legend, and never part of a number of the caption.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.arm_curves import Curve, by_generation, by_population, gap
from ..analysis.arms import Arm
from ..analysis.budgets import Axis, BudgetPoint, budget_curve, common_budget
from ..analysis.published import PAPER, TASKS, Published
from ..analysis.published import by_generation as published_by_generation
from ..analysis.published import by_k as published_by_k
from ..analysis.published import by_n as published_by_n
from ..analysis.published import gaps as published_gaps
from ..analysis.telling import amount, counted, joined
from .arm_looks import MOST, look
from .canvas import generation_ticks, percent_axis, say
from .style import PALETTES, TEXT_SIZE, Theme, dress, veil
from .words import one_line, percent, safe

TOLD = 4  # arms that a caption tells before it only counts the others


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a line: ``x`` in the axis' unit, shares in 0..1, and what it counts in words."""

    x: float
    value: float
    low: float | None
    high: float | None
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line; ``place`` decides its look, ``flat`` says that its one value is drawn across the picture."""

    label: str
    place: int
    marks: tuple[Mark, ...]
    flat: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """Published numbers: a name, points as (x, share, what it is in words), their source. ``joined`` by a line where
    every step between them is known or means nothing; else they are points alone."""

    name: str
    points: tuple[tuple[float, float, str], ...]
    source: str
    joined: bool = True


@dataclass(frozen=True, slots=True)
class LinesData:
    """What a picture of lines shows; ``paper`` are published numbers."""

    lines: tuple[Line, ...]
    paper: tuple[Beside, ...]
    x_title: str
    y_title: str
    stepped: bool
    whole: bool
    empty: str
    caption: str
    revision: str


def compare_t_data(arms: Sequence[Arm], reference: str | None = None, only: Collection[str] | None = None) -> LinesData:
    """How right each arm is by generation, by its strategy's own rule; ``reference`` is a task of the paper. ``only``
    are the labels of the arms that are drawn, which look as they do among all; None draws all."""
    drawn = [(place, arm) for place, arm in enumerate(arms[:MOST]) if only is None or arm.label in only]
    curves = [by_generation(arm) for _, arm in drawn]
    longest = max((len(curve.points) for curve in curves), default=0)
    lines = tuple(
        Line(curve.label, place, _marks(curve, "generation"), flat=len(curve.points) == 1 < longest)
        for (place, _), curve in zip(drawn, curves, strict=True)
    )
    paper = (
        *_published("RSA, N=16, K=4", reference, published_by_generation(reference or "")),
        *_published("RSA, N=16, K=1 to 4, generation 10", reference, published_by_k(reference or ""), joined=False),
    )
    told = [
        f"{one_line(curve.label, 60)}: {percent(curve.points[0].value)}"
        + (f" → {percent(curve.points[-1].value)} after {counted(len(curve.points) - 1, 'aggregation')}")
        if len(curve.points) > 1
        else f"{one_line(curve.label, 60)}: {percent(curve.points[0].value)}"
        for curve in curves
        if curve.points
    ]
    over = _over([arm for _, arm in drawn])
    words = f"Right answers: {_some(told, 'arm')}. {over}" if told else "No finished run with verdicts yet."
    flats = " Dotted across: an arm of one generation." if any(line.flat for line in lines) else ""
    return _lines(lines, paper, "generation", "right answers", words + flats, reference, "compare-t", whole=True)


def compare_n_data(arms: Sequence[Arm], reference: str | None = None) -> LinesData:
    """How right arms are in the end by N, a line for arms that differ in N alone."""
    curves = by_population(arms[:MOST])
    lines = tuple(Line(curve.label, place, _marks(curve, "N =")) for place, curve in enumerate(curves))
    paper = _published("RSA, K=4, generation 10", reference, published_by_n(reference or ""), by="n") if lines else ()
    told = [
        f"{one_line(curve.label, 60)}: "
        + joined([f"{percent(point.value)} at N = {point.x}" for point in (curve.points[0], curve.points[-1])])
        for curve in curves
    ]
    words = f"Right answers in the end: {_some(told, 'line')}. {_over(arms)}" if told else NO_OTHER_N
    return _lines(
        lines, paper, "N (population size)", "right answers in the end", words, reference, "compare-n", empty=NO_OTHER_N
    )


NO_OTHER_N = "No two arms differ in N alone."


def compare_gap_data(arms: Sequence[Arm], reference: str | None = None) -> LinesData:
    """pass@N minus pass@1 by generation: how much of what the population holds a single draw still misses."""
    curves = [by_generation(arm, gap) for arm in arms[:MOST]]
    lines = tuple(Line(curve.label, place, _marks(curve, "generation")) for place, curve in enumerate(curves))
    paper = _published("RSA, N=16, K=4", reference, published_gaps(reference or ""), joined=False)
    told = [
        f"{one_line(curve.label, 60)}: {percent(curve.points[0].value)} → {percent(curve.points[-1].value)}"
        for curve in curves
        if len(curve.points) > 1
    ]
    words = (
        f"Share of problems of which some chain is right, less the share of right chains: {_some(told, 'arm')}. "
        f"A gap that closes says that the population has settled, on a right answer or on a wrong one. {_over(arms)}"
        if told
        else "No finished run of more than one generation with verdicts yet."
    )
    return _lines(lines, paper, "generation", "pass@N − pass@1", words, reference, "compare-gap", whole=True)


BUDGET_TITLES = {
    Axis.CALLS: "calls",
    Axis.TOKENS: "tokens, in and out",
    Axis.SECONDS: "seconds of calls, added up",
}


def compare_budget_data(arms: Sequence[Arm], axis: Axis = Axis.CALLS) -> LinesData:
    """How right each arm is for what it has spent. A step: between its points a budget buys the cheaper one."""
    curves = [(place, arm, budget_curve(arm, axis)) for place, arm in enumerate(arms[:MOST])]
    lines = tuple(
        Line(arm.label, place, tuple(_budget_mark(point, arm, axis) for point in points))
        for place, arm, points in curves
    )
    known = [points for _, _, points in curves if points]
    if not known:
        words = f"No finished run whose {axis.value} and verdicts are known."
    else:
        shared = common_budget([arm for _, arm, points in curves if points], axis) or 0.0
        values = [
            (bought[-1].value, arm.label)
            for _, arm, points in curves
            if (bought := [one for one in points if one.spent <= shared * (1 + 1e-9)])
        ]
        values.sort(key=lambda one: -one[0])
        told = [f"{one_line(label, 60)}: {percent(value)}" for value, label in values]
        unknown = len(curves) - len(known)
        aside = f" Of {counted(unknown, 'arm')} the {axis.value} are unknown." if unknown else ""
        words = (
            f"For {amount(shared)} {axis.value} a problem, the most that every arm can use: {_some(told, 'arm')}. "
            "A vote over fewer samples than were drawn is counted over all their subsets; nothing is interpolated. "
            f"{_over(arms)}{aside}"
        )
    return _lines(
        lines, (), BUDGET_TITLES[axis], "right answers", words, None, f"compare-budget-{axis.value}", stepped=True
    )


def _lines(
    lines: tuple[Line, ...],
    paper: tuple[Beside, ...],
    x_title: str,
    y_title: str,
    words: str,
    reference: str | None,
    revision: str,
    *,
    stepped: bool = False,
    whole: bool = False,
    empty: str = "No finished run with verdicts yet.",
) -> LinesData:
    note = f" Grey: published for {reference}, {paper[0].source} ({PAPER}); not measured here." if paper else ""
    if reference and not paper:
        note = f" The paper has no such numbers for {reference}."
    return LinesData(lines, paper, x_title, y_title, stepped, whole, empty, words + note, revision)


def _marks(curve: Curve, what: str) -> tuple[Mark, ...]:
    return tuple(
        Mark(
            point.x,
            point.value,
            point.low,
            point.high,
            f"{what} {point.x}: {percent(point.value)}{_interval(point.low, point.high)}, "
            f"{counted(point.problems, 'problem')}, {counted(point.trials, 'run')}",
        )
        for point in curve.points
    )


def _budget_mark(point: BudgetPoint, arm: Arm, axis: Axis) -> Mark:
    several = any(len(one.generations) > 1 for one in arm.finished)
    size = counted(point.size, "generation" if several else "sample")
    words = (
        f"{size}, {amount(point.spent)} {axis.value}: {percent(point.value)}{_interval(point.low, point.high)}, "
        f"{counted(point.problems, 'problem')}, {counted(point.trials, 'run')}"
    )
    return Mark(point.spent, point.value, point.low, point.high, words)


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" (95 % interval {percent(max(0.0, low))} to {percent(high)})"


def _published(
    name: str, task: str | None, found: Iterable[Published], by: str = "generations", joined: bool = True
) -> tuple[Beside, ...]:
    numbers = list(found) if task in TASKS else []
    if not numbers:
        return ()
    points = tuple((float(getattr(one, by)), one.value, f"N = {one.n}, K = {one.k}") for one in numbers)
    return (Beside(f"{name}, {numbers[0].model}, {task}", points, numbers[0].source, joined),)


def _some(told: Sequence[str], what: str) -> str:
    more = len(told) - TOLD
    return "; ".join(told[:TOLD]) + (f"; and {counted(more, what)} more" if more > 0 else "")


def _over(arms: Sequence[Arm]) -> str:
    """What the means are over, and what is not in them."""
    shown = [arm for arm in arms[:MOST] if arm.problems]
    if not shown:
        return ""
    numbers = sorted({arm.problems for arm in shown})
    problems = counted(numbers[-1], "problem")
    if len(numbers) > 1:
        problems = f"{numbers[0]} to {problems}, not the same for all"
    unfinished = sum(len(arm.trials) - len(arm.finished) for arm in arms[:MOST])
    aside = f" {counted(unfinished, 'unfinished run')} left out." if unfinished else ""
    bands = " Bands: 95 %, over problems and seeds." if numbers[-1] > 1 else " One problem: no interval."
    return f"Means over {problems}.{bands}{aside}"


def compare_figure(data: LinesData, theme: Theme) -> go.Figure:
    """A line with a band an arm; stepped where nothing is known between points; the paper's numbers dashed."""
    palette = PALETTES[theme]
    figure = go.Figure()
    known = [line for line in data.lines if line.marks]
    xs = [mark.x for line in known for mark in line.marks] + [x for one in data.paper for x, _, _ in one.points]
    shape = "hv" if data.stepped else "linear"
    for line in known:
        colour, symbol = (one := look(line.place, theme)).colour, one.symbol
        banded = [mark for mark in line.marks if mark.low is not None and mark.high is not None]
        if len(banded) > 1:
            xy = [*_edge(banded, "high", data.stepped), *reversed(_edge(banded, "low", data.stepped))]
            figure.add_scatter(
                x=[x for x, _ in xy], y=[y for _, y in xy],
                fill="toself", fillcolor=veil(colour, 0.10), line={"width": 0, "color": colour}, mode="lines",
                hoverinfo="skip", showlegend=False, legendgroup=safe(line.label, 80),
            )  # fmt: skip
        if line.flat:
            figure.add_scatter(
                x=[min(xs), max(xs)], y=[line.marks[0].value] * 2, mode="lines", hoverinfo="skip", showlegend=False,
                line={"width": 2, "dash": "dot", "color": colour},
            )  # fmt: skip
        figure.add_scatter(
            x=[mark.x for mark in line.marks], y=[mark.value for mark in line.marks], name=safe(line.label, 44),
            mode="lines+markers", line={"width": 3, "color": colour, "shape": shape}, cliponaxis=False,
            marker={"size": 10, "symbol": symbol, "color": colour, "line": {"width": 1.5, "color": colour}},
            error_y=_whiskers(line.marks, colour) if len(banded) == 1 else None,
            customdata=[(line.label, f"{index}.1") for index in range(1, len(line.marks) + 1)],
            hovertext=[f"{safe(line.label, 80)}<br>{safe(mark.told, 120)}" for mark in line.marks], hoverinfo="text",
        )  # fmt: skip
    for beside in data.paper:
        figure.add_scatter(
            x=[x for x, _, _ in beside.points], y=[y for _, y, _ in beside.points], name=safe(beside.name, 60),
            mode="lines+markers" if beside.joined else "markers",
            line={"width": 2, "dash": "dash", "color": palette.muted}, cliponaxis=False,
            marker={
                "size": 9, "symbol": "x-thin" if beside.joined else "cross-thin",
                "line": {"width": 2, "color": palette.muted},
            },
            legendgroup="paper", legendgrouptitle={"text": "Published, not measured here"},
            customdata=[("paper", f"{index}.1") for index in range(1, len(beside.points) + 1)],
            hovertext=[
                f"published, {words}: {100 * y:.1f} %<br>{safe(beside.source, 80)}" for _, y, words in beside.points
            ],
            hoverinfo="text",
        )  # fmt: skip
    dress(figure, theme, height=440, revision=data.revision)
    percent_axis(figure, data.y_title)
    figure.update_xaxes(title_text=data.x_title, showgrid=False)
    if data.whole:
        last = round(max(xs, default=1.0))
        figure.update_xaxes(tickvals=generation_ticks(last), range=[0.6, last + 0.4])
    elif xs:
        ticks = _round_numbers(min(xs), max(xs)) if data.stepped else sorted(set(xs))
        figure.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{x:,.6g}" for x in ticks], tickangle=0)
    figure.update_layout(
        showlegend=bool(known),
        legend={"font": {"size": TEXT_SIZE - 1}, "groupclick": "toggleitem", "tracegroupgap": 14},
    )
    if not known:
        say(figure, theme, data.empty)
    return figure


def _edge(marks: Sequence[Mark], side: str, stepped: bool) -> list[tuple[float, float]]:
    """One edge of a band, from left to right: straight from mark to mark, or as a stair like its line."""
    found: list[tuple[float, float]] = []
    for mark in marks:
        if stepped and found:
            found.append((mark.x, found[-1][1]))
        found.append((mark.x, getattr(mark, side)))
    return found


def _round_numbers(low: float, high: float) -> list[float]:
    """1, 2, 5, 10, … between two positive numbers; tens alone where they would be many."""
    tens = range(math.floor(math.log10(max(low, 1e-9))), math.ceil(math.log10(max(high, 1e-9))) + 1)
    digits = (1, 2, 5) if len(tens) < 5 else (1,)
    return [found for ten in tens for digit in digits if low * 0.7 <= (found := digit * 10.0**ten) <= high * 1.4]


def _whiskers(marks: Sequence[Mark], colour: str) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [(mark.high or mark.value) - mark.value for mark in marks],
        "arrayminus": [mark.value - (mark.low if mark.low is not None else mark.value) for mark in marks],
        "thickness": 1.5,
        "color": colour,
    }
