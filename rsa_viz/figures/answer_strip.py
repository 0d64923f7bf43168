"""A narrow strip at the left of the rows of a picture, one row a chain: the verdict on the chain's answer.

Its marks carry the chain and no step. Knows no step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from ..analysis.telling import joined
from ..core.chain import Chain, ChainStatus, Slot, Verdict
from .style import MARKS, Palette, ink_on
from .words import told

PART = 0.016  # of the picture's width
GAP = 0.008


@dataclass(frozen=True, slots=True)
class Answered:
    """One chain: its id and slot, the verdict on its answer, how far it is, and its hover, which is safe for Plotly."""

    id: int
    slot: Slot
    verdict: Verdict
    status: ChainStatus
    told: str

    @classmethod
    def of(cls, chain: Chain) -> Answered:
        """What the strip says of a chain."""
        return cls(chain.id, chain.slot, chain.verdict, chain.status, told(chain))


_KINDS = ("right answer", "wrong answer", "unknown answer", "failed")


def _kind(row: Answered) -> str | None:
    """Which of the kinds it is; None while it is neither done nor failed."""
    if row.status is ChainStatus.FAILED:
        return "failed"
    return f"{row.verdict.value} answer" if row.status is ChainStatus.DONE else None


def _fills(palette: Palette) -> dict[str, str]:
    verdicts = (Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN)
    return dict(zip(_KINDS, (*(palette.verdicts[one] for one in verdicts), palette.failed), strict=True))


_MARK = dict(zip(_KINDS, (*(MARKS[one] for one in (Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN)), ""), strict=True))


def strip_in_words(rows: Sequence[Answered]) -> str:
    """What stands at the left edge, with its counts; empty without a chain that is done."""
    kinds = [_kind(row) for row in rows]
    parts = [f"{kinds.count(kind):,} {kind.split()[0]}" for kind in _KINDS[:3] if kind in kinds]
    return f"At the left edge the verdict on each chain's answer: {joined(parts)}." if parts else ""


def strip_width(width: float) -> float:
    """The room that the strip takes left of a picture that is ``width`` wide, in the units of its x axis."""
    return (PART + 2 * GAP) * width


def strip_traces(
    rows: Sequence[Answered], places: Sequence[int], width: float, row_px: float, palette: Palette, *, marked: bool
) -> Iterator[go.Heatmap | go.Scatter | go.Scattergl]:
    """The strip left of x = 0.5, its marks, and its entries of the legend.

    ``places`` are the rows' y, ``width`` that of the picture in units of x. With ``marked`` there is room for the
    verdict's mark. Nothing where nothing is done or failed.
    """
    fills = _fills(palette)
    shown = [(row, place, kind) for row, place in zip(rows, places, strict=True) if (kind := _kind(row)) is not None]
    if not shown:
        return
    right = 0.5 - GAP * width
    left = right - PART * width
    height = max(places) + 1
    codes = np.zeros((height, 1), dtype=np.uint8)
    for _, place, kind in shown:
        codes[place, 0] = 1 + _KINDS.index(kind)
    colours = [palette.background, *fills.values()]
    scale = [[(number + end) / len(colours), colour] for number, colour in enumerate(colours) for end in (0, 1)]
    yield go.Heatmap(
        x=[left, right], y=np.arange(height, dtype=np.int32), z=codes, zmin=-0.5, zmax=len(colours) - 0.5,
        colorscale=scale, showscale=False, hoverinfo="skip", ygap=3 if row_px > 12 else 1 if row_px > 6 else 0,
        name="answers",
    )  # fmt: skip
    marks = {
        "x": [(left + right) / 2] * len(shown), "y": [place for _, place, _ in shown],
        "customdata": [(row.id, str(row.slot)) for row, _, _ in shown],
        "hovertext": [row.told for row, _, _ in shown], "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"size": max(row_px, 5), "symbol": "square", "color": palette.ink, "opacity": 0},
        "selected": {"marker": {"opacity": 0}}, "unselected": {"marker": {"opacity": 0}}, "showlegend": False,
    }  # fmt: skip
    if marked:
        yield go.Scatter(
            mode="markers+text", text=[_MARK[kind] for _, _, kind in shown], textposition="middle center",
            textfont={"size": min(13, row_px * 0.55), "color": [ink_on(fills[kind]) for _, _, kind in shown]}, **marks,
        )  # fmt: skip
    else:
        yield (go.Scatter if len(shown) <= SVG else go.Scattergl)(mode="markers", **marks)
    for kind in _KINDS:
        if any(kind == one for _, _, one in shown):
            yield go.Scatter(
                x=[None], y=[None], mode="markers", name=f"{_MARK[kind]} {kind}".strip(), hoverinfo="skip",
                marker={"symbol": "line-ns", "size": 16, "color": fills[kind],
                        "line": {"width": 6, "color": fills[kind]}},
            )  # fmt: skip


SVG = 400  # marks; more of them are drawn by WebGL
