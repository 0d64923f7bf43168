"""Diversity: how many different answers a generation holds, and how many it holds in effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.generations import Generation, by_generation
from ..analysis.telling import counted
from ..core.chain import Chain
from .canvas import end_labels, first_of_generations, generation_axis, point_out, say
from .style import ANSWER_COLOURS, PALETTES, TEXT_SIZE, Theme, dress


@dataclass(frozen=True, slots=True)
class DiversityRow:
    """One generation: its chains with an answer, distinct answers, entropy in bits (None without an answer)."""

    t: int
    first: tuple[int, str]
    answered: int
    distinct: int | None
    bits: float | None

    @property
    def effective(self) -> float | None:
        """2 to the entropy: the number of equally frequent answers that would be as diverse."""
        return None if self.bits is None else 2**self.bits


@dataclass(frozen=True, slots=True)
class DiversityData:
    """What the picture of diversity shows."""

    rows: tuple[DiversityRow, ...]
    chosen: int | None
    caption: str
    revision: str


def diversity_data(
    chains: Sequence[Chain],
    chosen: int | None = None,
    *,
    generations: Sequence[Generation] | None = None,
    run: str = "",
) -> DiversityData:
    """The diversity of a run's ``chains`` (slot order) by generation. ``generations`` saves counting them again."""
    firsts = first_of_generations(chains)
    rows = tuple(
        DiversityRow(
            one.t,
            firsts[one.t],
            one.done - one.abstained,
            one.distinct if one.done > one.abstained else None,
            one.entropy_bits if one.done > one.abstained else None,
        )
        for one in (by_generation(chains) if generations is None else generations)
    )
    known = [row for row in rows if row.effective is not None]
    if not known:
        caption = "No answer yet."
    elif len(known) == 1:
        caption = f"Generation {known[0].t}: {_said(known[0])}."
    else:
        caption = (
            f"From {_said(known[0])} in generation {known[0].t} to {_said(known[-1])} in generation {known[-1].t}."
        )
    return DiversityData(rows, chosen, caption, run)


def _said(row: DiversityRow) -> str:
    return f"{counted(row.distinct or 0, 'different answer')} ({row.effective or 1:.1f} in effect)"


def diversity_figure(data: DiversityData, theme: Theme) -> go.Figure:
    """Two lines: distinct answers, and the effective number of answers 2^H. Bits stand in the hover."""
    palette = PALETTES[theme]
    green, purple = ANSWER_COLOURS[2], ANSWER_COLOURS[6]
    figure = go.Figure()
    last = data.rows[-1].t if data.rows else 1
    most = max((row.distinct or 0 for row in data.rows), default=0)
    labels: list[tuple[float, str, str]] = []
    for name, colour, dash, symbol, values in (
        ("different<br>answers", green, "solid", "square", [row.distinct for row in data.rows]),
        ("in effect", purple, "dash", "diamond", [row.effective for row in data.rows]),
    ):
        if data.rows:
            figure.add_scatter(
                x=[row.t for row in data.rows], y=values, mode="lines+markers",
                line={"width": 4, "color": colour, "dash": dash},
                marker={"size": 12 if last <= 24 else 7, "symbol": symbol, "color": colour},
                customdata=[row.first for row in data.rows],
                hovertext=[_hover(row) for row in data.rows], hoverinfo="text", cliponaxis=False,
            )  # fmt: skip
        known = [value for value in values if value is not None]
        if known:
            number = f"{known[-1]:.1f}" if dash == "dash" else f"{known[-1]}"
            labels.append((known[-1], f"{number} {name}", colour))
    top = max(4.0, most * 1.12)
    point_out(figure, data.chosen, last, palette.accent)
    dress(figure, theme, height=340, revision=data.revision)
    generation_axis(figure, last)
    figure.update_yaxes(title_text="answers", range=[0, top], tickformat=",d", nticks=6)
    if labels:
        end = max(row.t for row in data.rows if row.effective is not None)
        end_labels(figure, labels, x=end, gap=top * 2.2 * TEXT_SIZE / 260, low=0, high=top)
    else:
        say(figure, theme, "No answer yet.")
    return figure


def _hover(row: DiversityRow) -> str:
    if row.bits is None:
        return f"generation {row.t}<br>no answer yet"
    return (
        f"generation {row.t}<br>{counted(row.distinct or 0, 'different answer')} in {counted(row.answered, 'chain')}"
        f"<br>{row.effective:.1f} in effect<br>entropy {row.bits:.2f} bits"
    )
