"""Chromosome painting of a child: each step in the colours of the parents in which it stands, by prompt position.

The height of a colour is the chance that the step was inherited from that parent and not found again; what is left is
grey. A step of which that can not be told is hatched. Similarity, not proof of cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.painting import Painted, leading, most_doubt, shares_of_donors
from ..analysis.telling import counted, joined
from ..core.chain import Chain, Slot, Step
from .canvas import say
from .step_state import legend_above
from .style import PALETTES, TEXT_SIZE, Palette, Theme, dress, ink_on, position_colour
from .words import percent, safe_lines

LONGEST = 400  # steps that are drawn
STEP_CAP = 160  # letters of a step that a hover shows
WIDTH_PX = 1000  # the width that the steps share on a usual screen
NAMED_PX = 18.0  # px of a step in which there is room for the number of a position
NAMED_SHARE = 0.22  # the least height with room for it
HARDLY = 0.1  # of what stands in a parent; when less can be expected to be inherited, nothing speaks for it
UNTOLD = "cannot be told"


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a step: what its colour says. ``share`` is its height, 0..1; ``told`` a hover's words, escaped. A part
    that is not ``known`` says where the step stands; whether it is from there can not be told."""

    id: int
    slot: Slot
    position: int | None  # None for what is in no parent, or was found again
    share: float
    told: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class PaintingData:
    """The bands of each step, which sum to 1, from the bottom up; ``parents`` are (slot, position) in prompt order."""

    slot: Slot | None
    steps: tuple[tuple[Band, ...], ...]
    parents: tuple[tuple[Slot, int], ...]
    caption: str
    revision: str


def painting_data(
    child: Chain,
    painted: Sequence[Painted],
    steps: Mapping[Slot, Sequence[Step]],
    chains: Mapping[Slot, Chain],
    *,
    run: str = "",
) -> PaintingData:
    """The painting of ``child``: ``painted`` are its steps as ``analysis.painting`` gives them.

    ``steps`` are of the child and its parents by slot, ``chains`` these chains with their texts.
    """
    rows = []
    for place, one in enumerate(painted[:LONGEST], start=1):
        said = f"step {place} of {len(painted)}<br>{_text(child, steps, place)}"
        untold = one.probability is None
        each = 1 / len(one.donors) if untold else one.each
        bands = [
            Band(
                chains[donor.slot].id,
                donor.slot,
                donor.position,
                each,
                f"{said}<br>{f'{UNTOLD} ({one.doubt}); stands in' if untold else f'{percent(each)}: from'} "
                f"chain {donor.slot} (position {donor.position}), step {donor.place}"
                f"<br>{_text(chains[donor.slot], steps, donor.place)}",
                not untold,
            )
            for donor in one.donors
        ]
        left = 0.0 if one.probability is None else max(0.0, 1.0 - one.probability)
        why = f"{percent(left)}: written anew, though it stands in a parent" if one.donors else "in no parent"
        rows.append((*bands, Band(child.id, child.slot, None, left, f"{said}<br>{why}")))
    parents = tuple((slot, child.parents.index(slot) + 1) for slot in child.available)
    return PaintingData(child.slot, tuple(rows), parents, _caption(child, painted), f"{run} {child.slot}".strip())


def _text(chain: Chain, steps: Mapping[Slot, Sequence[Step]], place: int) -> str:
    step = steps[chain.slot][place - 1]
    return safe_lines((chain.text or "")[step.start : step.end].strip(), STEP_CAP)


def _caption(child: Chain, painted: Sequence[Painted]) -> str:
    if not painted:
        return f"Chain {child.slot} has no step to paint."
    if not child.available:
        return f"Chain {child.slot} has no parent in its prompt: all of it is its own."
    standing = sum(bool(one.donors) for one in painted)
    words = [f"Of the {counted(len(painted), 'step')} of chain {child.slot}, {standing} stand in a parent"]
    shares = shares_of_donors(painted)
    inherited = sum(shares.values())
    if not standing:
        return f"{words[0]}."
    untold, doubt = most_doubt(painted)
    if untold == standing:
        return f"{words[0]}; whether they were inherited cannot be told: {doubt}."
    if inherited < HARDLY * (standing - untold):
        words[0] += "; chains without such a parent write them as often, so nothing speaks for inheritance."
    else:
        words[0] += f" and {inherited:.1f} can be expected to be inherited and not found again."
        best = leading(shares)
        part = percent(shares[best[0]] / inherited)
        names = [f"chain {slot} (position {child.parents.index(slot) + 1})" for slot in best]
        one = f"Most of that, {part}, is from {names[0]}."
        words.append(one if len(best) == 1 else f"That is shared equally, {part} each, by {joined(names)}.")
        words.append("This is a share of what is inherited, not of all steps.")
    if untold:
        words.append(f"Of {untold} it cannot be told: {doubt}.")
    elif inherited < HARDLY * standing:
        return words[0]
    if len(painted) > LONGEST:
        words.append(f"Only the first {LONGEST} steps are drawn.")
    return " ".join(words) + " Similarity, not proof."


def painting_figure(data: PaintingData, theme: Theme) -> go.Figure:
    """A bar a step, from the bottom up in the colours of its donors; each band carries the chain that it is from."""
    palette = PALETTES[theme]
    figure = go.Figure()
    long = len(data.steps)
    wide = WIDTH_PX / max(long, 1)
    drawn: dict[tuple[str, bool], list[tuple[int, float, Band]]] = {}
    for place, bands in enumerate(data.steps, start=1):
        base = 0.0
        for band in bands:
            colour = palette.abstained if band.position is None else position_colour(band.position, palette)
            if band.share > 0:
                drawn.setdefault((colour, band.known), []).append((place, base, band))
            base += band.share
    for (colour, known), marks in drawn.items():
        figure.add_bar(
            x=[place for place, _, _ in marks], y=[band.share for _, _, band in marks],
            base=[base for _, base, _ in marks], width=1.0 if wide < 6 else 0.94,
            marker={"color": colour, "line": {"width": 0}} if known else _hatched(colour, palette),
            text=[
                str(band.position) if known and band.position and wide >= NAMED_PX and band.share >= NAMED_SHARE else ""
                for _, _, band in marks
            ],
            textposition="inside", insidetextanchor="middle", textangle=0, constraintext="none",
            textfont={"size": TEXT_SIZE, "color": ink_on(colour), "weight": 700},
            customdata=[(band.id, str(band.slot), place) for place, _, band in marks],
            hovertext=[band.told for _, _, band in marks], hoverinfo="text", showlegend=False,
        )  # fmt: skip
    dress(figure, theme, height=250, revision=data.revision)
    if long:
        legend_above(figure)
        names = [(f"{position}: chain {slot}", position_colour(position, palette)) for slot, position in data.parents]
        for name, colour in [*names[: len(palette.donors)], ("new, or found again", palette.abstained)]:
            figure.add_scatter(
                x=[None], y=[None], mode="markers", name=name, hoverinfo="skip",
                marker={"symbol": "square", "size": 15, "color": colour},
            )  # fmt: skip
        if any(not known for _, known in drawn):
            figure.add_bar(x=[None], y=[None], name=UNTOLD, hoverinfo="skip", marker=_hatched(palette.muted, palette))
    else:
        say(figure, theme, "No step to paint.")
    tick = next(step for step in (1, 2, 5, 10, 20, 50) if long / step <= 20)
    figure.update_xaxes(
        title_text="step", range=[0.5, max(long, 8) + 0.5], showgrid=False,
        tickvals=sorted({1, *range(tick, long + 1, tick)}) if long else [],
    )  # fmt: skip
    figure.update_yaxes(
        title_text="inherited", range=[0, 1], tickvals=[0, 0.5, 1], ticktext=["0 %", "50 %", "100 %"], showgrid=False
    )
    figure.update_layout(barmode="overlay")
    return figure


def _hatched(colour: str, palette: Palette) -> dict[str, object]:
    """A mark whose colour says where a step stands, and its hatching that this may be all."""
    pattern = {"shape": "/", "fgcolor": palette.background, "bgcolor": colour, "size": 8, "solidity": 0.4}
    return {"color": colour, "line": {"width": 0}, "pattern": pattern}
