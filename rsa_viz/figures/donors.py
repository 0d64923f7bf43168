"""Donors: from which parents the steps of one chain came, by prompt position. Similarity, not proof of cause."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.inheritance import Inheritance
from ..analysis.painting import leading
from ..analysis.telling import counted, joined
from ..core.chain import Chain, Slot
from .canvas import say
from .style import PALETTES, TEXT_SIZE, Theme, dress, ink_on, position_colour
from .words import percent


@dataclass(frozen=True, slots=True)
class DonorsData:
    """The shares of one chain's steps: (id, slot, position in the prompt, share) by parent in prompt order, and
    ``new``, the share that stands in no parent; they sum to 1 when the chain has ``steps``."""

    slot: Slot | None
    parents: tuple[tuple[int, Slot, int, float], ...]
    new: float
    steps: int
    caption: str
    revision: str


def donors_data(child: Chain, parents: list[Chain], found: Inheritance | None, *, run: str = "") -> DonorsData:
    """The donors of ``child``. ``parents`` are its recorded parents in prompt order; ``found`` is its inheritance, None
    when it has none (sampled from the question alone, not done, or no parent had a text)."""
    rows = tuple(
        (parent.id, parent.slot, child.parents.index(parent.slot) + 1, found.shares[parent.slot])
        for parent in parents
        if found is not None and parent.slot in found.shares
    )
    if found is None or not found.steps:
        return DonorsData(child.slot, (), 0.0, 0, f"Chain {child.slot} has no parent to compare with.", run)
    words = [f"Of the {counted(found.steps, 'step')} of chain {child.slot}, {percent(found.new)} stand in no parent."]
    best = leading({row[1]: row[3] for row in rows})
    if best:
        share = percent(found.shares[best[0]])
        in_effect = f"{found.effective_donors:.1f} donors in effect."
        place = child.parents.index(best[0]) + 1
        one = f"Most, {share}, stand in chain {best[0]} (position {place} in the prompt); {in_effect}"
        equal = f"Shared equally, {share} each, by {joined([f'chain {slot}' for slot in best])}; {in_effect}"
        words.append(one if len(best) == 1 else equal)
        words.append(
            "These are shares of all steps, inherited or found again, split where several parents have a step."
        )
    return DonorsData(child.slot, rows, found.new, found.steps, " ".join(words) + " Similarity, not proof.", run)


def donors_figure(data: DonorsData, theme: Theme) -> go.Figure:
    """One bar of 100 %: a part a parent, then what is new."""
    palette = PALETTES[theme]
    figure = go.Figure()
    parts = [
        (
            f"{position}: chain {slot}",
            share,
            position_colour(position, palette),
            (id_, str(slot)),
        )
        for id_, slot, position, share in data.parents
    ]
    if data.steps:
        parts.append(("in no parent", data.new, palette.abstained, (0, str(data.slot))))
    for name, share, colour, marks in parts:
        label = f"{name}<br>{percent(share)}" if share >= 0.13 else percent(share) if share >= 0.06 else ""
        figure.add_bar(
            orientation="h", x=[share], y=[0], width=0.8, name=name,
            marker={"color": colour, "line": {"width": 2, "color": palette.background}},
            text=[label], textposition="inside", insidetextanchor="middle", textangle=0,
            textfont={"size": TEXT_SIZE, "color": ink_on(colour)}, constraintext="none",
            customdata=[marks], hovertext=[f"{name}: {percent(share)} of the steps"], hoverinfo="text",
        )  # fmt: skip
    dress(figure, theme, height=130, revision=data.revision)
    if not data.steps:
        say(figure, theme, "No parent to compare with.")
    figure.update_xaxes(range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], showgrid=False)
    figure.update_xaxes(ticktext=["0 %", "25 %", "50 %", "75 %", "100 % of the steps"])
    figure.update_yaxes(visible=False)
    figure.update_layout(barmode="stack", margin={"r": 80})
    return figure
