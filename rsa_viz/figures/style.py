"""The looks that every picture shares: colours, marks, type sizes, the light and the dark template.

Right and wrong are blue and orange plus a mark, never colour alone; answer classes take the Okabe-Ito colours in
order of first appearance. Knows no data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import plotly.graph_objects as go

from ..core.chain import Verdict


class Theme(StrEnum):
    """Light for paper and bright rooms, dark for the stage."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as CSS hex values."""

    background: str
    ink: str
    muted: str  # secondary text; still 4.5:1 on the background
    grid: str
    planned: str  # a cell that is not there yet
    verdicts: Mapping[Verdict, str]
    failed: str
    other: str  # the answer classes beyond the eighth
    abstained: str


PALETTES: Mapping[Theme, Palette] = {
    Theme.LIGHT: Palette(
        background="#ffffff",
        ink="#1a1c1f",
        muted="#5b6470",
        grid="#e3e7ec",
        planned="#eef1f5",
        verdicts={Verdict.RIGHT: "#0072b2", Verdict.WRONG: "#d55e00", Verdict.UNKNOWN: "#7d8794"},
        failed="#2b2f36",
        other="#8c96a3",
        abstained="#d5dae1",
    ),
    Theme.DARK: Palette(
        background="#0e1117",
        ink="#f2f4f7",
        muted="#a9b3c0",
        grid="#2a313c",
        planned="#1c222c",
        verdicts={Verdict.RIGHT: "#56b4e9", Verdict.WRONG: "#f08a3c", Verdict.UNKNOWN: "#8f9aa8"},
        failed="#e3e7ec",
        other="#77818e",
        abstained="#3a4250",
    ),
}

MARKS: Mapping[Verdict, str] = {Verdict.RIGHT: "●", Verdict.WRONG: "✕", Verdict.UNKNOWN: "?"}
SYMBOLS: Mapping[Verdict, str] = {Verdict.RIGHT: "circle", Verdict.WRONG: "x", Verdict.UNKNOWN: "circle-open"}

# Okabe and Ito 2008, black left out (it is no colour on the dark theme), grey added as the eighth.
ANSWER_COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999")

FONT = "Source Sans, Source Sans Pro, Helvetica, Arial, sans-serif"
TEXT_SIZE = 16  # px; readable from the back row at 1280 px wide
TITLE_SIZE = 20


def dress(figure: go.Figure, theme: Theme, *, height: int, revision: str) -> go.Figure:
    """Give a figure the shared looks and return it.

    ``height`` in px. ``revision`` names what is shown (for example the run): while it stays the same, a refresh keeps
    the viewer's zoom and selection.
    """
    palette = PALETTES[theme]
    axis = {
        "gridcolor": palette.grid,
        "linecolor": palette.grid,
        "zerolinecolor": palette.grid,
        "tickfont": {"size": TEXT_SIZE - 2},
        "title": {"font": {"size": TEXT_SIZE}},
        "automargin": True,
    }
    figure.update_layout(
        template="none",
        font={"family": FONT, "size": TEXT_SIZE, "color": palette.ink},
        paper_bgcolor=palette.background,
        plot_bgcolor=palette.background,
        hoverlabel={"font": {"family": FONT, "size": TEXT_SIZE}},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": TEXT_SIZE}},
        margin={"l": 64, "r": 24, "t": 48, "b": 56},
        height=height,
        uirevision=revision,
    )
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    return figure
