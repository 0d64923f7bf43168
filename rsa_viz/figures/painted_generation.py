"""A generation painted: every child as a row of its steps, each in the colours of those it was inherited from.

Colours are chains of the generation before, or prompt positions. A cell is filled from below by the chance that its
step was inherited; what is left is grey. Similarity, not proof of cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import plotly.graph_objects as go

from ..analysis.painting import Donor, Painted, shares_of_donors
from ..analysis.telling import counted, joined
from ..core.chain import Chain, ChainStatus, Slot, Verdict
from .canvas import say
from .step_state import legend_above
from .style import MARKS, PALETTES, Palette, Theme, dress
from .words import percent

ROOM = 520  # px that the rows share
HIGHEST_ROW = 34.0  # px
NAMED_ROW = 15.0  # px; of lower rows only some are named
LONGEST = 400  # steps of a chain that are drawn
FINEST = 16  # parts of a cell
MARKED_CELLS = 20_000  # in larger pictures only some steps of a chain have a mark for the pointer


class Colours(StrEnum):
    """What a colour stands for."""

    CHAINS = "chains"
    POSITIONS = "positions"


@dataclass(frozen=True, slots=True)
class PaintedRow:
    """One child: of each step (LONGEST at most) its bands from the bottom up, as (place in ``names``, share)."""

    id: int
    slot: Slot
    verdict: Verdict
    status: ChainStatus
    steps: tuple[tuple[tuple[int, float], ...], ...]


@dataclass(frozen=True, slots=True)
class PaintedGenerationData:
    """The rows in slot order; ``names`` are what the colours stand for, the last one of all that have none of their
    own (empty when there is no such one)."""

    t: int | None
    rows: tuple[PaintedRow, ...]
    names: tuple[str, ...]
    others: str
    caption: str
    revision: str


COLOURS = len(PALETTES[Theme.LIGHT].donors)


def painted_generation_data(
    chains: Sequence[Chain],
    painted: Mapping[Slot, Sequence[Painted]],
    colours: Colours = Colours.CHAINS,
    *,
    run: str = "",
) -> PaintedGenerationData:
    """The children of one generation: ``chains`` in slot order, ``painted`` by slot."""
    t = chains[0].slot.t if chains else None
    shares = shares_of_donors(step for chain in chains for step in painted.get(chain.slot, ()))
    given: dict[int | Slot, float] = dict(shares)
    if colours is Colours.POSITIONS:
        width = max((len(chain.parents) for chain in chains), default=0)
        named: list[int | Slot] = list(range(1, min(width, COLOURS) + 1))
        left = width - len(named)
    else:
        named = list(given)[:COLOURS]
        left = len(given) - len(named)
    places = {what: place for place, what in enumerate(named)}
    rows = tuple(
        PaintedRow(
            chain.id,
            chain.slot,
            chain.verdict,
            chain.status,
            tuple(_bands(step, places, colours) for step in painted.get(chain.slot, ())[:LONGEST]),
        )
        for chain in chains
    )
    names = tuple(f"position {what}" if isinstance(what, int) else f"chain {what}" for what in named)
    unit = "position" if colours is Colours.POSITIONS else "chain"
    total = sum(len(painted.get(chain.slot, ())) for chain in chains)
    return PaintedGenerationData(
        t, rows, names, counted(left, f"other {unit}") if left else "", _caption(t, rows, shares, total),
        f"{run} {t}".strip(),
    )  # fmt: skip


def _bands(step: Painted, places: Mapping[int | Slot, int], colours: Colours) -> tuple[tuple[int, float], ...]:
    def place(donor: Donor) -> int:
        return places.get(donor.position if colours is Colours.POSITIONS else donor.slot, len(places))

    return tuple(sorted((place(donor), step.each) for donor in step.donors))


def _caption(t: int | None, rows: Sequence[PaintedRow], shares: Mapping[Slot, float], total: int) -> str:
    if t is None or not total:
        return "No child with steps to paint."
    inherited = sum(shares.values())
    with_steps = sum(bool(row.steps) for row in rows)
    head = f"Generation {t}: {counted(total, 'step')} of {counted(with_steps, 'chain')}"
    if not inherited:
        return (
            f"{head}; nothing speaks for inheritance: none stands in a parent more often than chains write it anyway."
        )
    best = [f"chain {slot} {percent(share / total)}" for slot, share in list(shares.items())[:3]]
    cut = (
        " Of long chains only the first 400 steps are drawn." if any(len(row.steps) == LONGEST for row in rows) else ""
    )
    return (
        f"{head}, of which {percent(inherited / total)} can be expected to be inherited, from "
        f"{counted(len(shares), 'donor')}. Most gave {joined(best)} of all steps.{cut} Similarity, not proof."
    )


def painted_generation_figure(data: PaintedGenerationData, theme: Theme) -> go.Figure:
    """One heatmap, finer than its cells, with transparent marks over it; each mark carries the child."""
    palette = PALETTES[theme]
    figure = go.Figure()
    longest = max((len(row.steps) for row in data.rows), default=0)
    height = max(1, len(data.rows))
    row_px = min(HIGHEST_ROW, ROOM / height)
    if longest:
        figure.add_trace(_colours(data, longest, row_px, palette))
        figure.add_trace(_marks(data, row_px))
        legend = [*zip(data.names, palette.donors, strict=False), (data.others, palette.other)]
        for name, colour in [*legend, ("new, or found again", palette.abstained)]:
            if name:
                figure.add_scatter(
                    x=[None], y=[None], mode="markers", name=name, hoverinfo="skip",
                    marker={"symbol": "square", "size": 15, "color": colour},
                )  # fmt: skip
    dress(figure, theme, height=round(max(row_px * height, 90)) + 116, revision=data.revision)
    if longest:
        legend_above(figure)
    else:
        say(figure, theme, "No child to paint.<br>Children appear as they end.")
    figure.update_layout(hovermode="closest")
    tick = next(step for step in (1, 2, 5, 10, 20, 50) if longest / step <= 20)
    figure.update_xaxes(
        title_text="step", range=[0.5, max(longest, 8) + 0.5], showgrid=False,
        tickvals=sorted({1, *range(tick, longest + 1, tick)}) if longest else [],
    )  # fmt: skip
    apart = 1 if row_px >= NAMED_ROW else max(2, round(height / 24))
    named = list(range(0, len(data.rows), apart))
    figure.update_yaxes(
        title_text="child", range=[height - 0.45, -0.55], showgrid=False, showline=False, tickvals=named,
        ticktext=[_name(data.rows[place]) for place in named],
    )  # fmt: skip
    return figure


def _name(row: PaintedRow) -> str:
    return f"{row.slot} {MARKS[row.verdict] if row.status is ChainStatus.DONE else row.status.value}"


def _colours(data: PaintedGenerationData, longest: int, row_px: float, palette: Palette) -> go.Heatmap:
    """A cell is ``fine`` parts high, and a free one lies between two rows."""
    fine = max(2, min(FINEST, round(row_px / 2)))
    free = 1 if row_px > 6 else 0
    own = len(data.names)
    codes = np.zeros((len(data.rows) * (fine + free), longest), dtype=np.int8)
    for place, row in enumerate(data.rows):
        bottom = (place + 1) * (fine + free) - free
        for step, bands in enumerate(row.steps):
            codes[bottom - fine : bottom, step] = 1
            filled = 0.0
            for colour, share in bands:
                low, high = round(filled * fine), round((filled + share) * fine)
                codes[bottom - high : bottom - low, step] = 2 + colour
                filled += share
    colours = [palette.background, palette.abstained, *palette.donors[:own], palette.other]
    scale = [[(number + end) / len(colours), colour] for number, colour in enumerate(colours) for end in (0, 1)]
    size = 1 / (fine + free)
    return go.Heatmap(
        x=np.arange(1, longest + 1, dtype=np.int16), y0=-0.5 + size / 2, dy=size, z=codes, zmin=-0.5,
        zmax=len(colours) - 0.5, colorscale=scale, showscale=False, hoverinfo="skip",
        xgap=2 if longest <= 120 else 0, ygap=0,
    )  # fmt: skip


def _marks(data: PaintedGenerationData, row_px: float) -> go.Scatter | go.Scattergl:
    stride = 1 + sum(len(row.steps) for row in data.rows) // MARKED_CELLS
    cells = [
        (row, place, step) for place, row in enumerate(data.rows) for step in range(0, len(row.steps), stride)
    ]  # fmt: skip
    names = [*data.names, data.others or "another"]
    return (go.Scatter if len(cells) < MARKED_CELLS // 4 else go.Scattergl)(
        x=[step + 1 for _, _, step in cells], y=[place for _, place, _ in cells], mode="markers", showlegend=False,
        customdata=[(row.id, str(row.slot)) for row, _, _ in cells],
        hovertext=[_told(row, step, names) for row, _, step in cells],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"size": max(row_px, 5), "symbol": "square", "opacity": 0},
    )  # fmt: skip


def _told(row: PaintedRow, step: int, names: Sequence[str]) -> str:
    bands = row.steps[step]
    parts = [f"{names[colour]} {percent(share)}" for colour, share in bands]
    return f"chain {row.slot}, step {step + 1}: {', '.join(parts) if parts else 'in no parent'}"
