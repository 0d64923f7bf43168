"""Shares: a few bars in 0..1, each with the words that it is given; measured ones full, published ones hollow.

It writes no words of its own, so it can speak any language. Knows no run.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from .canvas import percent_axis, say
from .spoken import keep_words
from .style import PALETTES, TEXT_SIZE, Figure, Theme, dress, veil
from .words import safe


@dataclass(frozen=True, slots=True)
class Share:
    """One bar: its ``name``, its height in 0..1, a word below the name, and whether it was published elsewhere and not
    measured here."""

    name: str
    value: float
    told: str = ""
    published: bool = False
    pointed_out: bool = False


@dataclass(frozen=True, slots=True)
class SharesData:
    """The bars from left to right, the axis title, and what to say where there is none."""

    shares: tuple[Share, ...]
    y_title: str
    empty: str
    caption: str
    revision: str


def shares_data(
    shares: Sequence[Share],
    *,
    y_title: str = "right answers",
    empty: str = "Nothing to show yet.",
    caption: str = "",
    run: str = "",
) -> SharesData:
    """The data of the picture."""
    return SharesData(tuple(shares), y_title, empty, caption or empty, run)


def shares_figure(data: SharesData, theme: Theme) -> Figure:
    """A bar a share, its value above it."""
    palette = PALETTES[theme]
    figure = go.Figure()
    if data.shares:
        colours = [palette.accent if one.pointed_out else palette.shades[2] for one in data.shares]
        figure.add_bar(
            x=list(range(len(data.shares))), y=[one.value for one in data.shares], width=0.58,
            marker={
                "color": [
                    veil(colour, 0.25) if one.published else colour
                    for one, colour in zip(data.shares, colours, strict=True)
                ],
                "line": {"width": 3, "color": colours},
            },
            text=[f"<b>{_percent(one.value)}</b>" for one in data.shares], textposition="outside",
            textfont={"size": TEXT_SIZE + 4, "color": palette.ink}, cliponaxis=False, constraintext="none",
            customdata=[(one.name, f"{place}.1") for place, one in enumerate(data.shares, start=1)],
            hovertext=[f"{safe(one.name, 60)}<br>{safe(one.told, 120)}" for one in data.shares], hoverinfo="text",
        )  # fmt: skip
    dress(figure, theme, height=430, revision=data.revision)
    figure.update_layout(margin={"t": 32})
    percent_axis(figure, data.y_title)
    figure.update_yaxes(range=[0, 1.05])
    figure.update_xaxes(
        tickvals=list(range(len(data.shares))), showgrid=False, range=[-0.6, max(len(data.shares), 1) - 0.4],
        ticktext=[
            "<br>".join([*(f"<b>{line}</b>" for line in _lines(one.name)), *_lines(one.told)]) for one in data.shares
        ],
        tickangle=0,
    )  # fmt: skip
    keep_words(figure, (line for one in data.shares for line in _words_of(one)))
    if not data.shares:
        say(figure, theme, data.empty)
    return figure


def _lines(text: str) -> list[str]:
    """The text in short lines, so that names fit below bars on a phone; scripts without blanks take more room."""
    return [safe(line, 60) for line in textwrap.wrap(text, 12 if text.isascii() else 6, break_long_words=False)]


def _words_of(one: Share) -> list[str]:
    """The lines of its tick and of its hover."""
    below = [*(f"<b>{line}</b>" for line in _lines(one.name)), *_lines(one.told)]
    return [*below, safe(one.name, 60), safe(one.told, 120)]


def _percent(share: float) -> str:
    """With one decimal where it says more; what is not quite 100 % never reads so."""
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f}".removesuffix(".0") + " %"
