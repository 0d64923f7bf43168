"""A generation painted: every child as a row of its steps, each in the colours of those it was inherited from.

Colours are chains of the generation before, or prompt positions. A cell is filled from below by the chance that its
step was inherited; what is left is grey, and darker where it can not be told. Donors without a colour of their own
are striped. Similarity, not proof of cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..analysis.painting import Donor, Painted, most_doubt, shares_of_donors
from ..analysis.telling import counted, joined
from ..core.chain import Chain, ChainStatus, Slot, Verdict
from .canvas import say
from .painting import HARDLY, UNTOLD
from .step_state import legend_above
from .style import MARKS, PALETTES, Palette, Theme, dress
from .words import percent

ROOM = 520  # px that the rows share
HIGHEST_ROW = 34.0  # px
NAMED_ROW = 15.0  # px; of lower rows only some are named
LONGEST = 400  # steps of a chain that are drawn
FINEST = 16  # parts of a cell
STRIPES = 16  # parts into which stripes cut a cell that has no colour of its own
MARKED_CELLS = 20_000  # in larger pictures only some steps of a chain have a mark for the pointer


class Colours(StrEnum):
    """What a colour stands for."""

    CHAINS = "chains"
    POSITIONS = "positions"


@dataclass(frozen=True, slots=True)
class PaintedRow:
    """One child: of each step (LONGEST at most) its bands from the bottom up, as (place in ``names``, share); the place
    after those of all names and of the others is of what can not be told."""

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

    @property
    def untold(self) -> int:
        """The place of what can not be told."""
        return len(self.names) + 1

    @property
    def doubtful(self) -> bool:
        """Whether there is such a step."""
        return any(colour == self.untold for row in self.rows for bands in row.steps for colour, _ in bands)


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
        t, rows, names, counted(left, f"other {unit}") if left else "",
        _caption(t, rows, shares, total, *most_doubt(step for chain in chains for step in painted.get(chain.slot, ()))),
        f"{run} {t}".strip(),
    )  # fmt: skip


def _bands(step: Painted, places: Mapping[int | Slot, int], colours: Colours) -> tuple[tuple[int, float], ...]:
    def place(donor: Donor) -> int:
        return places.get(donor.position if colours is Colours.POSITIONS else donor.slot, len(places))

    if step.probability is None:
        return ((len(places) + 1, 1.0),)
    return tuple(sorted((place(donor), step.each) for donor in step.donors))


def _caption(
    t: int | None, rows: Sequence[PaintedRow], shares: Mapping[Slot, float], total: int, untold: int, doubt: str | None
) -> str:
    if t is None or not total:
        return "No child with steps to paint."
    inherited = sum(shares.values())
    with_steps = sum(bool(row.steps) for row in rows)
    head = f"Generation {t}: {counted(total, 'step')} of {counted(with_steps, 'chain')}"
    doubtful = f" Of {counted(untold, 'step')} it cannot be told: {doubt}." if untold else ""
    if untold and not inherited:
        return f"{head}.{doubtful}"
    if inherited < HARDLY * (total - untold):
        return (
            f"{head}; nothing speaks for inheritance: none stands in a parent more often than chains write it anyway."
            f"{doubtful}"
        )
    best = [f"chain {slot} {percent(share / total)}" for slot, share in list(shares.items())[:3]]
    cut = (
        " Of long chains only the first 400 steps are drawn." if any(len(row.steps) == LONGEST for row in rows) else ""
    )
    return (
        f"{head}, of which {percent(inherited / total)} can be expected to be inherited, from "
        f"{counted(len(shares), 'donor')}. Most gave {joined(best)} of all steps.{doubtful}{cut} Similarity, not proof."
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
        for name, colour in zip(data.names, palette.donors, strict=False):
            figure.add_scatter(**_square(name), marker={"symbol": "square", "size": 15, "color": colour})
        if data.others:
            pattern = {
                "shape": "|",
                "fgcolor": palette.background,
                "bgcolor": palette.other,
                "size": 5,
                "solidity": 0.3,
            }
            figure.add_bar(
                x=[None], y=[None], name=data.others, hoverinfo="skip",
                marker={"color": palette.other, "line": {"width": 0}, "pattern": pattern},
            )  # fmt: skip
        figure.add_scatter(
            **_square("new, or found again"), marker={"symbol": "square", "size": 15, "color": palette.abstained}
        )
        if data.doubtful:
            figure.add_scatter(**_square(UNTOLD), marker={"symbol": "square", "size": 15, "color": palette.muted})
    dress(figure, theme, height=round(max(row_px * height, 90)) + 116, revision=data.revision)
    if longest:
        legend_above(figure)
    else:
        say(figure, theme, "No child to paint.<br>Children appear as they end.")
    # A cell is wider than its mark: wherever the pointer is, its mark is the nearest.
    figure.update_layout(hovermode="closest", hoverdistance=-1)
    if data.others:
        figure.update_layout(shapes=[_hatching(data, row_px, palette)])
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


def _square(name: str) -> dict[str, Any]:
    """A trace without a point, for the legend."""
    return {"x": [None], "y": [None], "mode": "markers", "name": name, "hoverinfo": "skip"}


def _name(row: PaintedRow) -> str:
    return f"{row.slot} {MARKS[row.verdict] if row.status is ChainStatus.DONE else row.status.value}"


def _parts(row_px: float) -> tuple[int, float]:
    """How many parts a cell is high, and how high a part is where a row is 1; a free one may lie between two rows."""
    fine = max(2, min(FINEST, round(row_px / 2)))
    return fine, 1 / (fine + (1 if row_px > 6 else 0))


def _colours(data: PaintedGenerationData, longest: int, row_px: float, palette: Palette) -> go.Heatmap:
    fine, size = _parts(row_px)
    free = round(1 / size) - fine
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
    colours = [palette.background, palette.abstained, *palette.donors[:own], palette.other, palette.muted]
    scale = [[(number + end) / len(colours), colour] for number, colour in enumerate(colours) for end in (0, 1)]
    return go.Heatmap(
        x=np.arange(1, longest + 1, dtype=np.int16), y0=-0.5 + size / 2, dy=size, z=codes, zmin=-0.5,
        zmax=len(colours) - 0.5, colorscale=scale, showscale=False, hoverinfo="skip",
        xgap=2 if longest <= 120 else 0, ygap=0,
    )  # fmt: skip


def _hatching(data: PaintedGenerationData, row_px: float, palette: Palette) -> dict[str, object]:
    """Upright stripes over what donors without a colour of their own gave, as one path: no second plain grey."""
    fine, size = _parts(row_px)
    own, stripes = len(data.names), []
    for place, row in enumerate(data.rows):
        bottom = place - 0.5 + fine * size
        for step, bands in enumerate(row.steps, start=1):
            filled = 0.0
            for colour, share in bands:
                low, high = round(filled * fine), round((filled + share) * fine)
                filled += share
                if colour == own and high > low:
                    stripes += [
                        f"M{step + at:.3f},{bottom - low * size:.4f}V{bottom - high * size:.4f}"
                        for at in (number / STRIPES - 0.5 for number in range(1, STRIPES))
                    ]
    return {
        "type": "path", "path": "".join(stripes) or "M0,0", "xref": "x", "yref": "y",
        "line": {"width": 2, "color": palette.background},
    }  # fmt: skip


def _marks(data: PaintedGenerationData, row_px: float) -> go.Scatter | go.Scattergl:
    stride = 1 + sum(len(row.steps) for row in data.rows) // MARKED_CELLS
    cells = [
        (row, place, step) for place, row in enumerate(data.rows) for step in range(0, len(row.steps), stride)
    ]  # fmt: skip
    names = [*data.names, data.others or "another", UNTOLD]
    return (go.Scatter if len(cells) < MARKED_CELLS // 4 else go.Scattergl)(
        x=[step + 1 for _, _, step in cells], y=[place for _, place, _ in cells], mode="markers", showlegend=False,
        customdata=[(row.id, str(row.slot)) for row, _, _ in cells],
        hovertext=[_told(row, step, names) for row, _, step in cells],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"size": max(row_px, 5), "symbol": "square", "opacity": 0},
    )  # fmt: skip


def _told(row: PaintedRow, step: int, names: Sequence[str]) -> str:
    bands = row.steps[step]
    parts = [
        names[colour] if colour == len(names) - 1 else f"{names[colour]} {percent(share)}" for colour, share in bands
    ]
    return f"chain {row.slot}, step {step + 1}: {', '.join(parts) if parts else 'in no parent'}"
