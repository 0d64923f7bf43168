"""Courses: shares of right chains by generation, measured or expected, each with the words that it is given.

Unlike the other pictures it writes no words of its own, so it can speak any language. Knows no run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import plotly.graph_objects as go

from .canvas import end_labels, generation_axis, percent_axis, say
from .spoken import keep_words
from .style import ANSWER_COLOURS, PALETTES, Figure, Palette, Theme, dress, veil
from .words import percent, safe


class Kind(StrEnum):
    """What a course is. What was measured is solid, what a model says is broken."""

    MEASURED = "measured"
    BESIDE = "beside"  # measured too, in another run
    BEFORE = "before"  # measured too, and what the others are held against
    EXPECTED = "expected"
    NEUTRAL = "neutral"


_SYMBOLS = {Kind.MEASURED: "circle", Kind.BESIDE: "square", Kind.BEFORE: "diamond"}


@dataclass(frozen=True, slots=True)
class Course:
    """One line: ``points`` are (generation, share in 0..1), ``band`` (generation, low, high)."""

    label: str
    kind: Kind
    points: tuple[tuple[int, float], ...]
    band: tuple[tuple[int, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class CoursesData:
    """The courses, the last generation of the axis, and the words: axis titles, and what to say where there is
    nothing."""

    courses: tuple[Course, ...]
    last: int
    x_title: str
    y_title: str
    empty: str
    caption: str
    revision: str


def courses_data(
    courses: Sequence[Course],
    last: int = 1,
    *,
    x_title: str = "generation",
    y_title: str = "right chains",
    empty: str = "Nothing to show yet.",
    caption: str = "",
    run: str = "",
) -> CoursesData:
    """The data of the picture; courses without a point are left out."""
    return CoursesData(
        tuple(one for one in courses if one.points), last, x_title, y_title, empty, caption or empty, run
    )


def courses_figure(data: CoursesData, theme: Theme) -> Figure:
    """Bands below, expected courses broken above them, measured ones solid on top; named where they end."""
    palette = PALETTES[theme]
    figure = go.Figure()
    labels = []
    for one in sorted(data.courses, key=lambda course: list(Kind).index(course.kind), reverse=True):
        colour, dash = _look(one.kind, palette)
        if one.band:
            times = [t for t, _, _ in one.band]
            fill = veil(colour, 0.16 if one.kind is Kind.NEUTRAL else 0.22)
            figure.add_scatter(
                x=[*times, *reversed(times)],
                y=[*(high for _, _, high in one.band), *(low for _, low, _ in reversed(one.band))],
                fill="toself", fillcolor=fill, mode="lines", hoverinfo="skip",
                line={"width": 0 if len(times) > 1 else 12, "color": fill},
            )  # fmt: skip
        measured = one.kind in (Kind.MEASURED, Kind.BESIDE, Kind.BEFORE)
        figure.add_scatter(
            x=[t for t, _ in one.points], y=[share for _, share in one.points], name=safe(one.label, 60),
            mode="lines+markers", line={"width": 4 if measured else 2.5, "color": colour, "dash": dash},
            marker={
                "size": 12 if measured and data.last <= 24 else 6, "color": colour,
                "symbol": _SYMBOLS.get(one.kind, "diamond"),
                "line": {"width": 2 if measured else 0, "color": palette.background},
            },
            customdata=[(one.label, f"{t}.1") for t, _ in one.points],
            hovertext=[f"{safe(one.label, 60)}<br>{t}: {percent(share)}" for t, share in one.points],
            hoverinfo="text", cliponaxis=False,
        )  # fmt: skip
        labels.append((one.points[-1][1], f"{safe(one.label, 60)}<br>{percent(one.points[-1][1])}", colour))
    dress(figure, theme, height=430, revision=data.revision)
    generation_axis(figure, max(data.last, 1))
    figure.update_xaxes(title_text=data.x_title)
    percent_axis(figure, data.y_title)
    keep_words(figure, (safe(one.label, 60) for one in data.courses))
    if labels:
        end_labels(figure, labels, x=max(t for one in data.courses for t, _ in one.points), gap=0.14, low=0, high=1)
    else:
        say(figure, theme, data.empty)
    return figure


def _look(kind: Kind, palette: Palette) -> tuple[str, str]:
    return {
        Kind.MEASURED: (next(iter(palette.verdicts.values())), "solid"),
        Kind.BESIDE: (palette.accent, "solid"),
        Kind.BEFORE: (palette.muted, "solid"),
        Kind.EXPECTED: (ANSWER_COLOURS[2], "dash"),
        Kind.NEUTRAL: (palette.muted, "dot"),
    }[kind]
