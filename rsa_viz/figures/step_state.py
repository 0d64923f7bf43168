"""How a step is drawn, on every page alike: its colour, its mark, and what the legend says of it.

Arithmetic that holds by itself is no verdict: a grey of its own, and a mark that is not the right one's.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from enum import StrEnum

import plotly.graph_objects as go

from ..core.chain import Step, Verdict, VerdictSource
from .style import MARKS, TEXT_SIZE, Palette


class StepState(StrEnum):
    """What is known of a step, in the words of captions and hovers."""

    RIGHT = "right"
    WRONG = "wrong"
    CONSISTENT = "arithmetic consistent"
    UNKNOWN = "unknown"


STATES = tuple(StepState)
STATE_MARKS: Mapping[StepState, str] = {
    StepState.RIGHT: MARKS[Verdict.RIGHT],
    StepState.WRONG: MARKS[Verdict.WRONG],
    StepState.CONSISTENT: "=",
    StepState.UNKNOWN: MARKS[Verdict.UNKNOWN],
}
_LEGEND: Mapping[StepState, str] = {
    StepState.CONSISTENT: "holds by itself; not proof that it is right",
}


def state_of(step: Step) -> StepState:
    """How a step is drawn."""
    if step.judgement.verdict is not Verdict.UNKNOWN:
        return StepState(step.judgement.verdict.value)
    return StepState.CONSISTENT if step.judgement.source is VerdictSource.ARITHMETIC else StepState.UNKNOWN


def state_fill(state: StepState, palette: Palette) -> str:
    """The colour of a step: both kinds of unknown are greys."""
    if state is StepState.CONSISTENT:
        return palette.other
    return palette.abstained if state is StepState.UNKNOWN else palette.verdicts[Verdict(state.value)]


def legend_entries(there: Container[StepState], palette: Palette) -> Iterator[go.Scatter]:
    """Traces without a point: of each state that is ``there``, its colour, its mark and its words."""
    for state in STATES:
        if state in there:
            yield go.Scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=f"{STATE_MARKS[state]} {_LEGEND.get(state, state.value)}",
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
