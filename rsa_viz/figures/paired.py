"""Paired differences: each arm against one of them, with its interval, and whether it is more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.paired import Difference, Weight, comparisons_in_words, difference_in_words, points
from ..analysis.two_level import METHOD
from .arm_looks import MOST
from .canvas import say
from .style import PALETTES, TEXT_SIZE, Theme, dress
from .words import one_line, safe

_ROW_PX = 46


@dataclass(frozen=True, slots=True)
class PairedData:
    """The differences to draw, all against the same second arm."""

    found: tuple[Difference, ...]
    caption: str
    revision: str


def paired_data(found: Sequence[Difference]) -> PairedData:
    """The picture of ``found``; the first sentence of the caption is the largest difference that is known."""
    shown = tuple(found[:MOST])
    known = [one for one in shown if one.low is not None and one.value is not None]
    if not known:
        return PairedData(shown, "No two arms have two problems in common: nothing can be said.", "paired")
    largest = max(known, key=lambda one: abs(one.value or 0.0))
    words = [one_line(difference_in_words(largest), 300), comparisons_in_words(shown)]
    words.append(f"Lines: 95 % intervals ({METHOD}). Small dots: problems.")
    return PairedData(shown, " ".join(filter(None, words)), "paired")


def paired_figure(data: PairedData, theme: Theme) -> go.Figure:
    """A row a comparison: a filled diamond where the difference is more than noise, an open one where it may be."""
    palette = PALETTES[theme]
    figure = go.Figure()
    rows = [(place, one) for place, one in enumerate(data.found) if one.value is not None]
    dots = [
        (value, place + 0.26 + 0.02 * (number % 5))
        for place, one in rows
        for number, (_, value) in enumerate(one.by_problem[:400])
    ]
    if dots:
        figure.add_scatter(
            x=[100 * x for x, _ in dots], y=[y for _, y in dots], mode="markers", hoverinfo="skip", showlegend=False,
            marker={"size": 5, "color": palette.muted, "opacity": 0.45},
        )  # fmt: skip
    for weights, symbol, name in (
        ((Weight.MORE,), "diamond", "more than noise"),
        ((Weight.NOISE, Weight.SAME), "diamond-open", "could be noise"),
        ((Weight.FEW, Weight.UNKNOWN), "circle-open", "too few problems"),
    ):
        here = [(place, one) for place, one in rows if one.weight in weights]
        if here:
            figure.add_scatter(
                x=[100 * (one.value or 0.0) for _, one in here], y=[place for place, _ in here], mode="markers",
                name=name,
                marker={"size": 15, "symbol": symbol, "color": palette.ink, "line": {"width": 2, "color": palette.ink}},
                error_x={
                    "type": "data", "symmetric": False, "thickness": 3, "width": 0, "color": palette.ink,
                    "array": [_reach(one, one.high) for _, one in here],
                    "arrayminus": [_reach(one, one.low) for _, one in here],
                },
                customdata=[(one.first, f"{place + 1}.1") for place, one in here],
                hovertext=[safe(difference_in_words(one), 300).replace(" (", "<br>(", 1) for _, one in here],
                hoverinfo="text", cliponaxis=False,
            )  # fmt: skip
    dress(figure, theme, height=130 + _ROW_PX * max(3, len(data.found)), revision=data.revision)
    figure.add_vline(x=0, line={"width": 2, "dash": "dot", "color": palette.muted}, layer="below")
    against = safe(data.found[0].second, 60) if data.found else "the other"
    figure.update_xaxes(title_text=f"points more often right than {against}", range=_range(data.found), ticksuffix=" ")
    figure.update_yaxes(
        tickvals=[place for place, _ in enumerate(data.found)],
        ticktext=[f"{safe(one.first, 44)}<br>{_told(one)}" for one in data.found],
        range=[max(len(data.found), 1) - 0.4, -0.6], showgrid=False, tickfont={"size": TEXT_SIZE - 2},
    )  # fmt: skip
    figure.update_layout(
        showlegend=bool(rows), margin={"t": 44},
        legend={"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top",
                "font": {"size": TEXT_SIZE - 1}, "itemclick": False, "itemdoubleclick": False},
    )  # fmt: skip
    if not rows:
        say(figure, theme, "No two arms have a problem in common." if data.found else "It takes two arms to compare.")
        figure.update_yaxes(visible=False)
    return figure


def _reach(one: Difference, end: float | None) -> float:
    """How far an interval's end lies from the difference, in points; none where there is no interval."""
    return 0.0 if one.value is None or end is None else 100 * abs(end - one.value)


def _told(one: Difference) -> str:
    if one.value is None or one.low is None or one.high is None:
        return "unknown"
    return f"{points(one.low, one.high)}, {one.weight.value}"


def _range(found: Sequence[Difference]) -> list[float]:
    ends = [abs(100 * end) for one in found for end in (one.low, one.high, one.value) if end is not None]
    reach = min(105.0, 1.15 * max([10.0, *ends]))
    return [-reach, reach]
