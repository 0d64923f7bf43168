"""How a step is drawn, on every page alike: its colour, its mark, and what the legend says of it.

Arithmetic that holds by itself is no verdict: a grey of its own, and a mark that is not the right one's. Nor is what
the other chains say: it has colours and marks that are neither the right one's nor the wrong one's.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from enum import StrEnum

import plotly.graph_objects as go

from ..analysis.verdicts_by import KNOWN, Source, VerdictsBy
from ..core.chain import Step, Verdict, VerdictSource
from .style import MARKS, SYMBOLS, TEXT_SIZE, Palette
from .words import safe


class StepState(StrEnum):
    """What is known of a step, in the words of captions and hovers."""

    RIGHT = "right"
    WRONG = "wrong"
    AGREES = "like most others"
    DIFFERS = "unlike most others"
    CONSISTENT = "arithmetic consistent"
    UNKNOWN = "unknown"


STATES = tuple(StepState)
STATE_MARKS: Mapping[StepState, str] = {
    StepState.RIGHT: MARKS[Verdict.RIGHT],
    StepState.WRONG: MARKS[Verdict.WRONG],
    StepState.AGREES: "≈",
    StepState.DIFFERS: "≠",
    StepState.CONSISTENT: "=",
    StepState.UNKNOWN: MARKS[Verdict.UNKNOWN],
}
STATE_SYMBOLS: Mapping[StepState, str] = {
    StepState.RIGHT: SYMBOLS[Verdict.RIGHT],
    StepState.WRONG: SYMBOLS[Verdict.WRONG],
    StepState.AGREES: "diamond",
    StepState.DIFFERS: "diamond-x",
    StepState.CONSISTENT: SYMBOLS[Verdict.UNKNOWN],
    StepState.UNKNOWN: SYMBOLS[Verdict.UNKNOWN],
}
_LEGEND: Mapping[StepState, str] = {
    StepState.CONSISTENT: "holds by itself; not proof that it is right",
    StepState.AGREES: "like most other chains of its generation; no proof",
    StepState.DIFFERS: "unlike them; no proof",
}
_PROVEN: Mapping[StepState, str] = {
    StepState.RIGHT: "recomputed, or stands in the worked solution",
    StepState.WRONG: "fails when it is recomputed",
    StepState.CONSISTENT: _LEGEND[StepState.CONSISTENT],
}
_IN_SOLUTION: Mapping[StepState, str] = {
    StepState.RIGHT: "stands in the worked solution",
    StepState.WRONG: "contradicts it",
    StepState.UNKNOWN: "unknown",
}


def legend_words(state: StepState, by: VerdictsBy) -> str:
    """What the legend says of a state when the verdicts are ``by`` this source."""
    if by.source is Source.JUDGE and state is not StepState.UNKNOWN:
        return f"{state.value}, says {safe(by.model, 40)}"
    said = {Source.REFERENCE: _IN_SOLUTION, Source.PROVEN: _PROVEN}.get(by.source, _LEGEND)
    return said.get(state, state.value)


def state_of(step: Step) -> StepState:
    """How a step is drawn."""
    return state_by(step.judgement.verdict, step.judgement.source)


def state_by(verdict: Verdict, source: VerdictSource) -> StepState:
    """How what has this verdict from this source is drawn: a step, or a fragment."""
    if verdict is Verdict.UNKNOWN:
        return StepState.CONSISTENT if source is VerdictSource.ARITHMETIC else StepState.UNKNOWN
    if source is VerdictSource.CONSENSUS:
        return StepState.AGREES if verdict is Verdict.RIGHT else StepState.DIFFERS
    return StepState(verdict.value)


def state_fill(state: StepState, palette: Palette) -> str:
    """The colour of a step: both kinds of unknown are greys, and what others say is neither blue nor orange."""
    if state is StepState.AGREES:
        return palette.shades[2]
    if state is StepState.DIFFERS:
        return palette.ink
    if state is StepState.CONSISTENT:
        return palette.other
    return palette.abstained if state is StepState.UNKNOWN else palette.verdicts[Verdict(state.value)]


def legend_entries(there: Container[StepState], palette: Palette, by: VerdictsBy = KNOWN) -> Iterator[go.Scatter]:
    """Traces without a point: of each state that is ``there``, its colour, its mark and its words."""
    for state in STATES:
        if state in there:
            yield go.Scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=f"{STATE_MARKS[state]} {legend_words(state, by)}",
                hoverinfo="skip",
                marker={
                    "symbol": "square",
                    "size": 15,
                    "color": state_fill(state, palette),
                    "line": {"width": 1, "color": palette.muted},
                },
            )


def legend_above(figure: go.Figure) -> None:
    """Put the legend in one line over the picture; call it after ``dress``, which hides legends."""
    figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top", "itemclick": False,
            "itemdoubleclick": False, "font": {"size": TEXT_SIZE},
        },
        margin={"t": 48},
    )  # fmt: skip
