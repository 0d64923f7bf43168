"""What several pictures are built from: the generation axis, labels at line ends, a word in an empty picture.

Knows no data of its own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import plotly.graph_objects as go

from ..core.chain import Chain
from .style import PALETTES, TEXT_SIZE, Theme

LETTER_PX = 8.2  # mean width of a letter at TEXT_SIZE


def first_of_generations(chains: Sequence[Chain]) -> dict[int, tuple[int, str]]:
    """Of each generation, its first chain as (id, "t.i"): what a mark that stands for a generation carries."""
    firsts: dict[int, tuple[int, str]] = {}
    for chain in chains:
        firsts.setdefault(chain.slot.t, (chain.id, str(chain.slot)))
    return firsts


def generation_ticks(last: int) -> list[int]:
    """The generations that get a tick: all up to 12, else 1 and round numbers, 12 at most."""
    if last <= 12:
        return list(range(1, last + 1))
    step = next(
        step for scale in (1, 10, 100, 1000) for step in (2 * scale, 5 * scale, 10 * scale) if last / step <= 11
    )
    return [1, *range(step, last + 1, step)]


def generation_axis(figure: go.Figure, last: int, *, room: float = 0.4, **where: int) -> None:
    """Set the x axis to generations 1..``last``. ``room`` is left free on both sides, in generations."""
    figure.update_xaxes(
        title_text="generation",
        range=[1 - room, max(last, 1) + room],
        tickmode="array",
        tickvals=generation_ticks(max(last, 1)),
        tickangle=0,
        showgrid=False,
        **where,
    )


def point_out(figure: go.Figure, chosen: int | None, last: int, colour: str, layer: str = "below") -> None:
    """Draw a dotted line through the chosen generation, if there is one and more than one to choose from."""
    if chosen is not None and last > 1:
        figure.add_vline(x=chosen, line={"width": 2, "dash": "dot", "color": colour}, layer=layer)


def percent_axis(figure: go.Figure, title: str, **where: int) -> None:
    """Set the y axis to 0..100 % of shares in 0..1."""
    figure.update_yaxes(
        title_text=title,
        range=[-0.03, 1.05],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=["0 %", "25 %", "50 %", "75 %", "100 %"],
        **where,
    )


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places near the wanted ones, at least ``gap`` apart, in the same order, within low..high while they fit."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    gap = min(gap, (high - low) / max(1, len(wanted) - 1))
    places = [0.0] * len(wanted)
    floor = low
    for index in order:
        places[index] = floor = max(wanted[index], floor)
        floor += gap
    ceiling = high
    for index in reversed(order):
        places[index] = ceiling = min(places[index], ceiling)
        ceiling -= gap
    return places


def end_labels(
    figure: go.Figure,
    labels: Sequence[tuple[float, str, str]],
    *,
    x: float,
    gap: float,
    low: float,
    high: float,
    aside: int = 16,
) -> None:
    """Write (y, text, colour) labels right of generation ``x``, where the lines end, ``gap`` in y units apart at least.

    ``aside`` px lie between. Room for the labels is left at the right edge.

    ``<br>`` breaks a label, ``<span>`` colours a part of it. Call it after ``dress``, which sets the margins.
    """
    places = spread([y for y, _, _ in labels], gap, low, high)
    for (_, text, colour), place in zip(labels, places, strict=True):
        figure.add_annotation(
            x=x, xref="x", xanchor="left", xshift=aside, y=place, yref="y", yanchor="middle",
            text=text, showarrow=False, align="left", font={"color": colour, "size": TEXT_SIZE},
        )  # fmt: skip
    plain = (re.sub(r"<span[^>]*>|</span>", "", html.unescape(text)) for _, text, _ in labels)
    longest = max((len(line) for text in plain for line in text.split("<br>")), default=0)
    figure.update_layout(margin_r=8 + aside + round(longest * LETTER_PX))


def say(figure: go.Figure, theme: Theme, words: str) -> None:
    """Write a sentence in the middle of a picture that has nothing to show; ``<br>`` breaks it."""
    figure.add_annotation(
        x=0.5, y=0.5, xref="paper", yref="paper", text=words, showarrow=False,
        font={"size": TEXT_SIZE + 2, "color": PALETTES[theme].muted},
    )  # fmt: skip
