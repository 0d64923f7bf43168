"""Transmission: how often a child is right when j of its K parents are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.telling import counted
from ..analysis.transmission import CountedChild, Transmission, counted_children, transmission
from ..core.chain import Chain, Verdict
from .canvas import percent_axis, say
from .style import PALETTES, Theme, dress
from .words import percent

COUNTED = 6  # the largest K for which the axis has room for counts; the hover always has them


@dataclass(frozen=True, slots=True)
class TransmissionData:
    """q_j for the K that most children have. ``children`` are those that it counts, by j."""

    k: int
    rows: tuple[Transmission, ...]
    children: Mapping[int, tuple[CountedChild, ...]]
    caption: str
    revision: str


def transmission_data(chains: Sequence[Chain], *, run: str = "") -> TransmissionData:
    """Transmission over all generations of a run's ``chains`` (slot order)."""
    found = transmission(chains)
    by_k: dict[int, int] = {}
    for row in found:
        by_k[row.k] = by_k.get(row.k, 0) + row.children
    if not by_k:
        return TransmissionData(0, (), {}, "No child yet whose verdict and whose parents' verdicts are known.", run)
    k = max(by_k, key=lambda one: (by_k[one], one))
    rows = tuple(row for row in found if row.k == k)
    counts = [child for child in counted_children(chains) if child.k == k]
    children = {row.j: tuple(child for child in counts if child.j == row.j) for row in rows}
    return TransmissionData(k, rows, children, _caption(rows, sum(by_k.values()) - by_k[k]), run)


def _caption(rows: Sequence[Transmission], others: int) -> str:
    k = rows[0].k
    known = {row.j: row for row in rows if row.share is not None}
    words = [
        f"Of the children with {name}, {row.right} of {row.children} are right ({percent(row.share or 0.0)})."
        for j, name in ((0, "no right parent"), (1, f"one right parent of {k}"), (k, f"{k} right parents"))
        if (row := known.get(j)) is not None and (j != 1 or k > 1)
    ]
    words.append("The dotted line is what copying a random parent would give.")
    if others:
        words.append(f"{counted(others, 'child', 'children')} with another number of parents are left out.")
    return " ".join(words)


def children_in_words(data: TransmissionData, j: int, most: int) -> str:
    """Which children have ``j`` right parents, the wrong ones first, as sentences that name up to ``most`` of each."""
    row = next((row for row in data.rows if row.j == j), None)
    if row is None or not row.children:
        return f"No child here had {counted(j, 'right parent')} of {data.k}."
    words = []
    for verdict in (Verdict.WRONG, Verdict.RIGHT):
        slots = [f"chain {child.slot}" for child in data.children[j] if child.verdict is verdict]
        more = f" and {len(slots) - most:,} more" if len(slots) > most else ""
        words.append(f"{len(slots)} {verdict.value}: {', '.join(slots[:most])}{more}." if slots else "")
    head = f"{counted(row.children, 'child', 'children')} with {counted(j, 'right parent')} of {data.k}:"
    return " ".join(filter(None, [head, *words]))


def transmission_figure(data: TransmissionData, theme: Theme) -> go.Figure:
    """Points with 95 % intervals and counts, each carrying its j and its first child.

    The dotted line is what copying a random parent would give.
    """
    palette = PALETTES[theme]
    figure = go.Figure()
    known = [row for row in data.rows if row.share is not None]
    blue = palette.verdicts[Verdict.RIGHT]
    dress(figure, theme, height=400, revision=data.revision)
    if known:
        figure.add_scatter(
            x=[0, data.k], y=[0, 1], mode="lines", hoverinfo="skip",
            line={"width": 2, "dash": "dot", "color": palette.muted},
        )  # fmt: skip
        figure.add_scatter(
            x=[row.j for row in known], y=[row.share for row in known], mode="lines+markers",
            line={"width": 4, "color": blue}, marker={"size": 13, "color": blue}, cliponaxis=False,
            error_y={
                "type": "data", "symmetric": False, "thickness": 2.5, "width": 8, "color": blue,
                "array": [row.high - (row.share or 0.0) for row in known],
                "arrayminus": [(row.share or 0.0) - row.low for row in known],
            },
            customdata=[(row.j, str(data.children[row.j][0].slot)) for row in known],
            hovertext=[
                f"{row.j} of {row.k} parents right<br>{row.right} of {counted(row.children, 'child', 'children')} right"
                f" ({percent(row.share or 0.0)})<br>95 % interval {percent(row.low)} to {percent(row.high)}"
                "<br>click to list them"
                for row in known
            ],
            hoverinfo="text",
        )  # fmt: skip
    else:
        say(figure, theme, "No child with known verdicts yet.")
    figure.update_xaxes(
        title_text=f"right parents of {data.k}" if data.k else "right parents",
        range=[-0.25, max(data.k, 1) + 0.25], showgrid=False, tickformat=",d",
    )  # fmt: skip
    if known and data.k <= COUNTED:
        counts = [f"{row.j}<br>{row.right}/{row.children}" for row in data.rows]
        figure.update_xaxes(tickvals=[row.j for row in data.rows], ticktext=counts)
    percent_axis(figure, "right children")
    return figure
