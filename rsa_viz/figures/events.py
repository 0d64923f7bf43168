"""Events by generation: how many children became right, and how many right parents were lost on a child."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.ledger import Event, EventKind, ledger
from ..analysis.telling import counted
from ..core.chain import Chain, Verdict
from .canvas import generation_axis, point_out, say
from .style import PALETTES, TEXT_SIZE, Palette, Theme, dress, ink_on

TURNS = (EventKind.GAIN, EventKind.RESCUE, EventKind.LOSS, EventKind.CORRUPTION)
"""What is drawn, from the middle line outwards: upwards what won the right answer, downwards what lost it."""

MARKS: Mapping[EventKind, str] = {
    EventKind.RESCUE: "▲",
    EventKind.GAIN: "+",
    EventKind.LOSS: "−",
    EventKind.CORRUPTION: "✕",
}
MEANINGS: Mapping[EventKind, str] = {
    EventKind.RESCUE: "no parent right",
    EventKind.GAIN: "some parents right",
    EventKind.LOSS: "some parents right",
    EventKind.CORRUPTION: "all parents right",
}
PATTERNS: Mapping[EventKind, str] = {EventKind.RESCUE: "/", EventKind.CORRUPTION: "x"}
LABELLED = 0.07  # the least part of the whole height at which a bar has room for its number
WON = (EventKind.RESCUE, EventKind.GAIN)


@dataclass(frozen=True, slots=True)
class EventsRow:
    """One kind in one generation: how often, and its first chain as (id, "t.i"), which the bar stands for."""

    t: int
    kind: EventKind
    count: int
    first: tuple[int, str]


@dataclass(frozen=True, slots=True)
class EventsData:
    """What the picture of events shows: rows of TURNS by kind and generation, those that happened. ``judged`` is false
    when no child has a verdict; ``last`` is the last generation, ``chosen`` the one that the viewer looks at."""

    rows: tuple[EventsRow, ...]
    last: int
    judged: bool
    chosen: int | None
    caption: str
    revision: str


def events_data(
    chains: Sequence[Chain], chosen: int | None = None, *, events: Sequence[Event] | None = None, run: str = ""
) -> EventsData:
    """The turns of a run's ``chains`` (slot order) by generation. ``events``, its ledger, saves reading it again."""
    found = ledger(chains) if events is None else events
    ids = {chain.slot: chain.id for chain in chains}
    groups: dict[tuple[int, EventKind], list[Event]] = {}
    for event in found:
        if event.kind in TURNS:
            groups.setdefault((event.t, event.kind), []).append(event)
    rows = tuple(
        EventsRow(t, kind, len(group), (ids[group[0].slot], str(group[0].slot)))
        for (t, kind), group in sorted(groups.items(), key=lambda one: (one[0][0], TURNS.index(one[0][1])))
        if group[0].slot is not None
    )
    children = [chain for chain in chains if chain.ended and chain.available]
    judged = any(chain.verdict is not Verdict.UNKNOWN for chain in children)
    last = chains[-1].slot.t if chains else 1
    return EventsData(rows, last, judged, chosen, _caption(rows, bool(children), judged, found), run)


def _caption(rows: Sequence[EventsRow], children: bool, judged: bool, events: Sequence[Event]) -> str:
    if not children:
        return "No child has ended yet."
    if not judged:
        return "No child has a verdict, so nobody can say what was rescued or lost. Unknown is not wrong."
    sums = {kind: sum(row.count for row in rows if row.kind is kind) for kind in TURNS}
    words = [
        f"{counted(sums[EventKind.RESCUE], 'rescue')} and {counted(sums[EventKind.GAIN], 'gain')} against "
        f"{counted(sums[EventKind.LOSS], 'loss', 'losses')} and {counted(sums[EventKind.CORRUPTION], 'corruption')}."
    ]
    for kind, name in ((EventKind.RESCUE, "rescue"), (EventKind.CORRUPTION, "corruption")):
        slots = [event.slot for event in events if event.kind is kind]
        if slots:
            words.append(f"The first {name} is chain {slots[0]}.")
    by_t: dict[int, int] = {}
    for row in rows:
        if row.kind not in WON:
            by_t[row.t] = by_t.get(row.t, 0) + row.count
    if by_t:
        worst = max(by_t, key=lambda t: (by_t[t], -t))
        words.append(f"Most right parents were lost on children in generation {worst}: {by_t[worst]}.")
    return " ".join(words)


def events_figure(data: EventsData, theme: Theme) -> go.Figure:
    """Bars by generation from a middle line: up gains and rescues, down losses and corruptions."""
    palette = PALETTES[theme]
    figure = go.Figure()
    most = [_highest(data.rows, won) for won in (True, False)]
    least = sum(most) * LABELLED if data.last <= 24 else math.inf
    for kind in TURNS:
        rows = [row for row in data.rows if row.kind is kind]
        if rows:
            figure.add_trace(_bars(kind, rows, least, palette))
    point_out(figure, data.chosen, data.last, palette.accent)
    dress(figure, theme, height=360, revision=data.revision)
    room = max(1.0, 0.12 * max(*most, 4))
    generation_axis(figure, data.last, room=0.6)
    step = next(step for scale in (1, 10, 100, 1000) for step in (scale, 2 * scale, 5 * scale) if sum(most) / step <= 8)
    ticks = list(range(-(most[1] // step) * step, most[0] + 1, step))
    figure.update_yaxes(
        title_text="children", range=[-most[1] - room, most[0] + room], tickvals=ticks,
        ticktext=[f"{abs(tick):,}" for tick in ticks], zeroline=True, zerolinecolor=palette.ink, zerolinewidth=2,
    )  # fmt: skip
    figure.update_layout(
        barmode="relative", bargap=0.25, showlegend=bool(data.rows), margin={"t": 72},
        legend={"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top", "font": {"size": TEXT_SIZE},
                "itemclick": False, "itemdoubleclick": False, "traceorder": "normal"},
    )  # fmt: skip
    if not data.rows:
        say(figure, theme, "No child was rescued, gained, lost or corrupted." if data.judged else "No verdicts yet.")
    return figure


def _highest(rows: Sequence[EventsRow], won: bool) -> int:
    """The most children of one generation that won the right answer, or that lost it."""
    sums: dict[int, int] = {}
    for row in rows:
        if (row.kind in WON) is won:
            sums[row.t] = sums.get(row.t, 0) + row.count
    return max(sums.values(), default=0)


def _bars(kind: EventKind, rows: Sequence[EventsRow], least: float, palette: Palette) -> go.Bar:
    won = kind in WON
    colour = palette.verdicts[Verdict.RIGHT if won else Verdict.WRONG]
    stripes = {"fgcolor": palette.background, "bgcolor": colour, "size": 12, "solidity": 0.12}
    pattern = {"shape": PATTERNS.get(kind, ""), **stripes}
    return go.Bar(
        x=[row.t for row in rows], y=[row.count if won else -row.count for row in rows],
        name=f"{MARKS[kind]} {kind.value} ({MEANINGS[kind]})",
        marker={"color": colour, "line": {"width": 1, "color": palette.background}, "pattern": pattern},
        text=[f"{MARKS[kind]} {row.count}" if row.count >= least else "" for row in rows], textposition="inside",
        insidetextanchor="middle", textangle=0, textfont={"size": TEXT_SIZE - 1, "color": ink_on(colour)},
        constraintext="none",
        customdata=[row.first for row in rows],
        hovertext=[
            f"generation {row.t}<br>{counted(row.count, kind.value, 'losses' if kind is EventKind.LOSS else None)}"
            f"<br>{'right' if won else 'wrong'}, {MEANINGS[kind]}" for row in rows
        ],
        hoverinfo="text",
    )  # fmt: skip
