"""The looks that every picture shares: colours, marks, type sizes, the light and the dark template.

Right and wrong are blue and orange plus a mark, never colour alone; answer classes take the Okabe-Ito colours in
order of first appearance, donors those of Paul Tol's muted scheme (lighter on the dark stage). Knows no data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

import plotly
import plotly.graph_objects as go

from ..core.chain import Verdict

Figure: TypeAlias = go.Figure
"""A drawn picture, for those who only pass it on."""

LIBRARY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
"""The JavaScript that draws pictures in a browser, as the plotly package brings it."""


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
    accent: str  # what the viewer chose: the chain, the generation
    shades: tuple[str, ...]  # light to dark, one hue: amounts, no verdict
    donors: tuple[str, ...]  # prompt positions 1, 2, …, or chains, taken in turn; told apart, no verdict


PALETTES: Mapping[Theme, Palette] = {
    Theme.LIGHT: Palette(
        background="#ffffff",
        ink="#14161a",
        muted="#5b6470",
        grid="#e3e7ec",
        planned="#eef1f5",
        verdicts={Verdict.RIGHT: "#0072b2", Verdict.WRONG: "#d55e00", Verdict.UNKNOWN: "#7d8794"},
        failed="#2b2f36",
        other="#8c96a3",
        abstained="#d5dae1",
        accent="#aa3377",
        shades=("#b9e0d7", "#7cc5b4", "#43a692", "#1f7f6d", "#0f5a4d"),
        donors=("#332288", "#ddcc77", "#44aa99", "#882255", "#999933", "#cc6677", "#117733", "#aa4499"),
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
        accent="#ee88bb",
        shades=("#cdeee6", "#8fd3c3", "#56b39e", "#2f8d79", "#1f6657"),
        donors=("#8d83e6", "#e6d88a", "#4fbfac", "#c7557f", "#b0b04a", "#e39aa4", "#3f9a5c", "#c46ab4"),
    ),
}

MARKS: Mapping[Verdict, str] = {Verdict.RIGHT: "●", Verdict.WRONG: "✕", Verdict.UNKNOWN: "?"}
SYMBOLS: Mapping[Verdict, str] = {Verdict.RIGHT: "circle", Verdict.WRONG: "x", Verdict.UNKNOWN: "circle-open"}

# Okabe and Ito 2008 with grey for black, which would be a hole in one theme and a glare in the other.
ANSWER_COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999")

FONT = "Source Sans, Source Sans Pro, Helvetica, Arial, sans-serif"
TEXT_SIZE = 16  # px; readable from the back row at 1280 px wide


def ink_on(colour: str) -> str:
    """Black or white: what can be read on a patch of ``colour`` (``#rrggbb``).

    The one with the larger contrast ratio as WCAG 2.1 defines it.
    """
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


def position_colour(position: int, palette: Palette) -> str:
    """The colour of the parent at a prompt position, from 1; they repeat."""
    return palette.donors[(position - 1) % len(palette.donors)]


def veil(colour: str, share: float) -> str:
    """``colour`` (``#rrggbb``) let through by ``share`` in 0..1, as CSS."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def dress(figure: go.Figure, theme: Theme, *, height: int, revision: str) -> go.Figure:
    """Give a figure the shared looks and return it.

    ``height`` in px. ``revision`` names what is shown (for example the run): while it stays the same, a refresh keeps
    the viewer's zoom and selection.
    """
    palette = PALETTES[theme]
    axis = {
        "gridcolor": palette.grid,
        "linecolor": palette.grid,
        "zeroline": False,
        "tickfont": {"size": TEXT_SIZE - 1},
        "title": {"font": {"size": TEXT_SIZE}, "standoff": 12},
        "automargin": True,
    }
    hover = {"family": FONT, "size": TEXT_SIZE - 1, "color": palette.ink}
    figure.update_layout(
        template="none",
        font={"family": FONT, "size": TEXT_SIZE, "color": palette.ink},
        paper_bgcolor=palette.background,
        plot_bgcolor=palette.background,
        hoverlabel={"font": hover, "bgcolor": palette.background, "bordercolor": palette.muted, "align": "left"},
        showlegend=False,
        margin={"l": 16, "r": 24, "t": 16, "b": 16},
        height=height,
        uirevision=revision,
        dragmode="zoom",
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": palette.muted, "activecolor": palette.ink},
    )
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    return figure
