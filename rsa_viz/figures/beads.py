"""Beads: a chain as a string of its steps, alone or under the strings of its parents.

A bead is a step. Blue is right, orange ✕ wrong, grey = consistent by itself, an open grey ? unknown. Ringed beads stand
both in the child and in a parent. That is similarity, not proof of where they came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.inheritance import step_key
from ..analysis.telling import counted, joined
from ..analysis.verdicts_by import KNOWN, VerdictsBy
from ..core.chain import Chain, Judgement, Slot, Step, Verdict
from .canvas import say
from .step_state import STATE_MARKS, STATES, StepState, legend_above, legend_entries, state_fill, state_of
from .style import MARKS, PALETTES, TEXT_SIZE, Theme, dress, ink_on, veil
from .words import safe_lines, why_line

STEP_CAP = 200  # letters of a step that a hover shows
LARGEST, SMALLEST = 26.0, 5.0  # px of a bead
MARKED = 15.0  # px; smaller beads carry no mark
RINGED = 9.0  # px; a ring would hide the colour of a smaller bead
STRING_PX = 640  # the length that the beads of a string share on a usual screen


@dataclass(frozen=True, slots=True)
class Bead:
    """One step as drawn: its state, why, and its text (capped, not yet escaped). ``shared``: it stands both in the
    child and in a parent; among parents' beads, in this one."""

    state: StepState
    judgement: Judgement
    text: str
    shared: bool


@dataclass(frozen=True, slots=True)
class String:
    """One chain's beads. ``position`` is its place in the child's prompt, None for the child itself."""

    id: int
    slot: Slot
    verdict: Verdict
    position: int | None
    beads: tuple[Bead, ...]


@dataclass(frozen=True, slots=True)
class BeadsData:
    """The strings from top to bottom: parents in prompt order, then the child. ``by``: whose verdicts they are.
    ``chosen`` is the child's step, from 1, that is framed, or None."""

    strings: tuple[String, ...]
    caption: str
    revision: str
    by: VerdictsBy = KNOWN
    chosen: int | None = None


def beads_data(
    child: Chain,
    steps: Sequence[Step],
    parents: Sequence[tuple[Chain, Sequence[Step]]] = (),
    *,
    by: VerdictsBy = KNOWN,
    chosen: int | None = None,
    run: str = "",
) -> BeadsData:
    """The string of ``child``, and above it those of ``parents`` in prompt order.

    The chains must have their texts; a chain without text or steps has an empty string. Steps are the same when
    ``analysis.inheritance.step_key`` says so; ``by`` is whose verdicts they carry, ``chosen`` a step of the child, from
    1, that is framed.
    """
    child_keys = _keys(child, steps)
    parent_keys = [_keys(chain, found) for chain, found in parents]
    strings = [
        _string(chain, found, keys, frozenset(child_keys), child.parents.index(chain.slot) + 1)
        for (chain, found), keys in zip(parents, parent_keys, strict=True)
    ]
    own = _string(child, steps, child_keys, frozenset().union(*parent_keys), None)
    framed = f"Framed: step {chosen}." if chosen is not None else ""
    caption = " ".join(filter(None, (_caption(own, bool(strings)), framed, by.told)))
    return BeadsData((*strings, own), caption, run, by, chosen)


def _keys(chain: Chain, steps: Sequence[Step]) -> list[str]:
    return [step_key(step, chain.text) for step in steps] if chain.text else []


def _string(
    chain: Chain, steps: Sequence[Step], keys: Sequence[str], others: frozenset[str], position: int | None
) -> String:
    beads = tuple(
        Bead(
            state_of(step),
            step.judgement,
            (chain.text or "")[step.start : step.end].strip()[: 4 * STEP_CAP],
            key in others,
        )
        for step, key in zip(steps, keys, strict=False)
    )
    return String(chain.id, chain.slot, chain.verdict, position, beads)


def _caption(own: String, with_parents: bool) -> str:
    if not own.beads:
        return f"Chain {own.slot} has no step to show."
    sums = {state: sum(bead.state is state for bead in own.beads) for state in STATES}
    parts = [f"{sums[state]} {state.value}" for state in STATES if sums[state]]
    words = [f"Chain {own.slot}: {counted(len(own.beads), 'step')}, {joined(parts)}."]
    wrong = next((place for place, bead in enumerate(own.beads, start=1) if bead.state is StepState.WRONG), None)
    if wrong is not None:
        words.append(f"The first wrong one is step {wrong}.")
    if with_parents:
        shared = sum(bead.shared for bead in own.beads)
        words.append(f"Ringed steps stand in a parent too ({shared} of {len(own.beads)}). Similarity, not proof.")
    return " ".join(words)


def beads_figure(data: BeadsData, theme: Theme) -> go.Figure:
    """One row a string. The bead's size shrinks with the number of steps, its place is the step's number."""
    palette = PALETTES[theme]
    figure = go.Figure()
    longest = max((len(string.beads) for string in data.strings), default=0)
    size = min(LARGEST, max(SMALLEST, 0.75 * STRING_PX / max(1, longest)))
    rows = len(data.strings)
    for row, string in enumerate(data.strings):
        if not string.beads:
            continue
        places = list(range(1, len(string.beads) + 1))
        colours = [
            palette.verdicts[Verdict.UNKNOWN] if bead.state is StepState.UNKNOWN else state_fill(bead.state, palette)
            for bead in string.beads
        ]
        ringed = [bead.shared and size >= RINGED for bead in string.beads]
        rings = [palette.accent if ring else colour for ring, colour in zip(ringed, colours, strict=True)]
        fills = [
            palette.background if bead.state is StepState.UNKNOWN else colour
            for bead, colour in zip(string.beads, colours, strict=True)
        ]
        figure.add_scatter(
            x=places, y=[row] * len(places),
            mode="lines+markers+text" if size >= MARKED else "lines+markers",
            line={"width": 2.5, "color": veil(palette.muted, 0.6)},
            marker={
                "size": size, "color": fills, "opacity": 1,
                "line": {
                    "width": [min(4, size / 4) if ring else min(2, size / 6) for ring in ringed],
                    "color": rings,
                },
                "symbol": [_SYMBOLS.get(bead.state, "circle") for bead in string.beads],
            },
            text=[_MARK[bead.state] for bead in string.beads],
            textfont={
                "size": min(TEXT_SIZE, 0.62 * size), "weight": 700,
                "color": [palette.muted if bead.state is StepState.UNKNOWN else ink_on(fill)
                          for bead, fill in zip(string.beads, fills, strict=True)],
            },
            customdata=[(string.id, str(string.slot), place) for place in places],
            hovertext=[_hover(string, place, bead) for place, bead in zip(places, string.beads, strict=True)],
            hoverinfo="text", cliponaxis=False, showlegend=False,
        )  # fmt: skip
    for entry in legend_entries({bead.state for string in data.strings for bead in string.beads}, palette, data.by):
        figure.add_trace(entry)
    dress(figure, theme, height=max(162, 106 + 50 * rows), revision=data.revision)
    if data.chosen is not None:
        figure.add_shape(
            type="rect", x0=data.chosen - 0.46, x1=data.chosen + 0.46, y0=rows - 1.44, y1=rows - 0.58,
            line={"width": 3, "color": palette.accent},
        )  # fmt: skip
    if longest:
        legend_above(figure)
    if not longest:
        say(figure, theme, "No step to show.")
    figure.update_xaxes(
        title_text="step", range=[0.3, max(longest, 4) + 0.7], showgrid=False, tickformat=",d",
        tickvals=[1, *range(5, longest + 1, 5)] if longest > 20 else list(range(1, longest + 1)),
    )  # fmt: skip
    if longest > 100:
        figure.update_xaxes(tickmode="auto", nticks=12, tickvals=None)
    figure.update_yaxes(
        range=[rows - 0.45, -0.55], showgrid=False, showline=False, tickvals=list(range(rows)), tickfont_size=TEXT_SIZE,
        ticktext=[_name(string) for string in data.strings], ticksuffix="  ",
    )  # fmt: skip
    return figure


_MARK = {**STATE_MARKS, StepState.RIGHT: ""}
_SYMBOLS = {StepState.WRONG: "square", StepState.DIFFERS: "diamond"}


def _name(string: String) -> str:
    name = f"chain {string.slot} {MARKS[string.verdict]}"
    return f"<b>{name}</b>" if string.position is None else f"{string.position}: {name}"


def _hover(string: String, place: int, bead: Bead) -> str:
    lines = [f"chain {string.slot}, step {place} of {len(string.beads)} · {bead.state.value}"]
    lines.append(safe_lines(bead.text, STEP_CAP))
    return "<br>".join(lines) + why_line(bead.judgement)
