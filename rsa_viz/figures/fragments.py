"""Fragments over generations: a heatmap of the shares of chains that carry them.

Fragments occur together in a chain, so they are never stacked. The curves of a few stand in ``spread``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.fragments import Fragment, Spread
from ..analysis.telling import counted
from ..analysis.verdicts_by import KNOWN, VerdictsBy
from ..core.chain import Chain, Slot
from .canvas import generation_axis, say
from .spoken import keep_words
from .step_state import STATE_MARKS, StepState, state_by
from .style import PALETTES, TEXT_SIZE, Theme, dress, ink_on
from .words import one_line, percent, safe

ROWS = 32  # fragments that the heatmap shows; the table has all
ROW_PX = 24
NAME_CAP = 30  # letters of a fragment beside the heatmap or at a line's end
NUMBERED = 14  # generations; with more of them cells are too narrow for a number

Mark = tuple[int, str]
"""A chain's id and its slot: what a mark carries."""


@dataclass(frozen=True, slots=True)
class FragmentRow:
    """One fragment: its verdict as a state, its carriers and shares by generation (None where nothing is done), the
    chain that each generation's mark stands for (its first carrier there, else the first of all), and how many of its
    ``judged`` carriers have the ``right`` answer."""

    key: str
    state: StepState
    counts: tuple[int, ...]
    shares: tuple[float | None, ...]
    marks: tuple[Mark, ...]
    right: int
    judged: int


@dataclass(frozen=True, slots=True)
class FragmentsData:
    """The fragments with the largest peaks, in order of first appearance, ``of`` all; ``chosen`` is among them."""

    rows: tuple[FragmentRow, ...]
    of: int
    generations: int
    chosen: str | None
    caption: str
    revision: str


def fragments_data(
    chains: Sequence[Chain], found: Spread, chosen: str | None = None, *, by: VerdictsBy = KNOWN, run: str = ""
) -> FragmentsData:
    """The heatmap of a run's fragments. ``chosen`` is the one that the viewer looks at, ``by`` whose verdicts they
    carry."""
    ids = {chain.slot: chain.id for chain in chains}
    best = sorted(found.fragments, key=lambda one: (one.key != chosen, -one.peak, -len(one.carriers), one.first))[:ROWS]
    kept = {one.key for one in best}
    rows = tuple(fragment_row(one, ids) for one in found.fragments if one.key in kept)
    caption = f"{_heatmap_caption(found, len(rows))} {by.named}" if rows else _heatmap_caption(found, 0)
    return FragmentsData(rows, len(found.fragments), len(found.done), chosen, caption, run)


def fragment_row(one: Fragment, ids: Mapping[Slot, int]) -> FragmentRow:
    """A fragment as pictures show it; ``ids`` are of all chains of the run."""
    firsts: dict[int, Slot] = {}
    for slot in one.carriers:
        firsts.setdefault(slot.t, slot)
    stand = (firsts.get(t, one.first) for t in range(1, len(one.counts) + 1))
    marks = tuple((ids[slot], str(slot)) for slot in stand)
    return FragmentRow(one.key, fragment_state(one), one.counts, one.shares, marks, one.right, one.judged)


def fragment_state(one: Fragment) -> StepState:
    """How a fragment's verdict is drawn and named: what most others say is neither right nor wrong."""
    return state_by(one.verdict, one.source)


def _heatmap_caption(found: Spread, shown: int) -> str:
    if not found.fragments:
        return "No chain states a fragment: an equation, or a value that the task can read."
    total = len(found.fragments)
    words = [
        f"{counted(total, 'fragment')} in this run."
        if shown == total
        else f"The {shown} of {total:,} fragments with the largest peaks, in order of first appearance."
    ]
    fixed = [one for one in found.fragments if one.fixed_at is not None]
    lost = sum(one.lost_at is not None for one in found.fragments)
    if fixed and len(found.done) > 1:
        words.append(f"At the end {len(fixed):,} {'stands' if len(fixed) == 1 else 'stand'} in every chain.")
    if lost:
        words.append(f"{lost:,} died out.")
    wrong = [one for one in found.fragments if fragment_state(one) is StepState.WRONG]
    if wrong:
        worst = max(wrong, key=lambda one: one.peak)
        words.append(
            f"The wrong one that spread furthest, {one_line(worst.key, NAME_CAP)}, came with chain {worst.first} and "
            f"reached {percent(worst.peak)} in generation {worst.peak_t}."
        )
    return " ".join(words)


def fragments_figure(data: FragmentsData, theme: Theme) -> go.Figure:
    """Fragments from top to bottom by first appearance; the stronger the cell, the more chains carry it.

    Each mark carries [chain id, "t.i", fragment].
    """
    palette = PALETTES[theme]
    figure = go.Figure()
    rows = len(data.rows)
    hues = palette.shades if theme is Theme.LIGHT else tuple(reversed(palette.shades))
    stops = (palette.planned, *hues)
    if rows:
        figure.add_heatmap(
            x=list(range(1, data.generations + 1)), y=list(range(rows)), z=[list(row.shares) for row in data.rows],
            zmin=0, zmax=1, colorscale=[[place / (len(stops) - 1), colour] for place, colour in enumerate(stops)],
            hoverinfo="skip", xgap=2 if data.generations <= 40 else 0, ygap=2,
            colorbar={
                "title": {"text": "chains", "font": {"size": TEXT_SIZE - 1}}, "tickvals": [0, 0.5, 1],
                "ticktext": ["0 %", "50 %", "100 %"], "thickness": 14, "len": min(1.0, 260 / (ROW_PX * rows + 90)),
                "y": 1, "yanchor": "top", "outlinewidth": 0, "tickfont": {"size": TEXT_SIZE - 2},
            },
        )  # fmt: skip
        cells = [
            (row, place, t)
            for place, row in enumerate(data.rows)
            for t in range(1, data.generations + 1)
            if row.shares[t - 1] is not None
        ]
        numbered = data.generations <= NUMBERED
        figure.add_scatter(
            x=[t for _, _, t in cells], y=[place for _, place, _ in cells],
            mode="markers+text" if numbered else "markers",
            text=[str(row.counts[t - 1] or "") for row, _, t in cells],
            textfont={"size": TEXT_SIZE - 3, "color": [_ink(row.shares[t - 1], stops) for row, _, t in cells]},
            marker={"size": ROW_PX, "symbol": "square", "opacity": 0, "color": palette.ink},
            customdata=[(*row.marks[t - 1], row.key) for row, _, t in cells],
            hovertext=[fragment_hover(row, t) for row, _, t in cells],
            hovertemplate="%{hovertext}<extra></extra>",
        )  # fmt: skip
    dress(figure, theme, height=max(ROW_PX * rows, 130) + 86, revision=data.revision)
    if not rows:
        say(figure, theme, "No fragment yet:<br>no chain states an equation or a value that can be read.")
    generation_axis(figure, max(data.generations, 1), room=0.5)
    figure.update_yaxes(
        range=[max(rows, 1) - 0.4, -0.6], showgrid=False, showline=False, tickvals=list(range(rows)), ticksuffix=" ",
        ticktext=[_name(row, row.key == data.chosen) for row in data.rows],
    )  # fmt: skip
    keep_words(figure, (_name(row, row.key == data.chosen) for row in data.rows))
    if data.chosen is not None:
        for place, row in enumerate(data.rows):
            if row.key == data.chosen:
                figure.add_shape(
                    type="rect", x0=0.5, x1=data.generations + 0.5, y0=place - 0.5, y1=place + 0.5,
                    line={"width": 3, "color": palette.accent},
                )  # fmt: skip
    # a cell is larger than its mark: wherever it is pointed at, its mark is the nearest
    figure.update_layout(hovermode="closest", hoverdistance=-1)
    return figure


def _ink(share: float | None, stops: Sequence[str]) -> str:
    return ink_on(stops[round((share or 0.0) * (len(stops) - 1))])


def _name(row: FragmentRow, chosen: bool) -> str:
    name = f"{safe(row.key, NAME_CAP)} {STATE_MARKS[row.state]}"
    return f"<b>{name}</b>" if chosen else name


def fragment_hover(row: FragmentRow, t: int) -> str:
    """What a mark of a fragment in generation ``t`` says. Safe for Plotly."""
    share = row.shares[t - 1] or 0.0
    lines = [f"{safe(row.key, 80)} · {row.state.value}"]
    lines.append(f"generation {t}: {counted(row.counts[t - 1], 'chain')}, {percent(share)}")
    if row.judged:
        lines.append(f"of its carriers {row.right:,} of {row.judged:,} are right")
    return "<br>".join(lines)
