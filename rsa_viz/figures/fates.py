"""Fates: of many runs, the share of right chains at the start against that in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import plotly.graph_objects as go

from ..analysis.telling import counted
from ..core.chain import Verdict
from .canvas import say
from .spoken import keep_words
from .style import PALETTES, TEXT_SIZE, Theme, dress
from .words import percent, safe

ASIDE = 0.014  # how far dots of the same place stand apart, in shares
ROW = 20  # dots on each side of the first
NAME = 80  # letters of a run's name in a hover
EDGE = 0.03  # how far beyond 0 and 100 % they may stand


@dataclass(frozen=True, slots=True)
class RunEnds:
    """One run: its first and last generation's right chains of the judged ones, and what it is called.

    ``first`` and ``last`` are (right, judged); ``t`` is the last generation."""

    run_id: str
    name: str
    t: int
    first: tuple[int, int]
    last: tuple[int, int]

    @property
    def known(self) -> bool:
        """Both ends have a verdict, and there are two of them."""
        return self.t > 1 and self.first[1] > 0 and self.last[1] > 0

    @property
    def start(self) -> float:
        """The right share at the start, 0..1; call it when ``known``."""
        return self.first[0] / self.first[1]

    @property
    def end(self) -> float:
        """The right share in the end, 0..1; call it when ``known``."""
        return self.last[0] / self.last[1]


class Fortune(StrEnum):
    """Where a run ended against its start."""

    GAINED = "gained"
    SAME = "the same"
    LOST = "lost"


def fortune(run: RunEnds) -> Fortune:
    """Above, on or below the diagonal; exact, as fractions."""
    difference = run.last[0] * run.first[1] - run.first[0] * run.last[1]
    return Fortune.GAINED if difference > 0 else Fortune.LOST if difference < 0 else Fortune.SAME


@dataclass(frozen=True, slots=True)
class FatesData:
    """The runs whose ends are known; ``chosen`` is the run in view."""

    runs: tuple[RunEnds, ...]
    chosen: str
    caption: str
    revision: str


def fates_data(runs: Sequence[RunEnds], chosen: str = "") -> FatesData:
    """The map of ``runs``; those with one generation or without verdicts are counted in the caption and left out."""
    known = tuple(run for run in runs if run.known)
    return FatesData(known, chosen, _caption(known, len(runs) - len(known)), "fates")


def _caption(runs: Sequence[RunEnds], left_out: int) -> str:
    others = f" {counted(left_out, 'run')} without verdicts or with one generation left out." if left_out else ""
    if not runs:
        return f"No finished run with verdicts at both ends yet.{others}"
    sums = {one: sum(fortune(run) is one for run in runs) for one in Fortune}
    words = (
        f"Of {counted(len(runs), 'finished run')}, {sums[Fortune.GAINED]:,} ended with a larger share of right chains "
        f"than they began with, {sums[Fortune.SAME]:,} with the same, {sums[Fortune.LOST]:,} with a smaller one."
    )
    died = sum(run.first[0] > 0 and run.last[0] == 0 for run in runs)
    if died:
        words += f" In {died:,} the right answer was there at the start and gone in the end."
    return f"{words} A click opens the run.{others}"


def fates_figure(data: FatesData, theme: Theme) -> go.Figure:
    """A dot a run: blue discs above the diagonal, orange crosses below it, rings on it.

    Dots of the same place stand a little apart, so that none hides another; the hover has the exact numbers.
    """
    palette = PALETTES[theme]
    figure = go.Figure()
    figure.add_shape(
        type="path", path="M 0 0 L 1 1 L 1 0 Z", layer="below", line={"width": 0}, fillcolor=palette.planned
    )
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"width": 2, "dash": "dot", "color": palette.muted}, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip
    places = _places(data.runs)
    looks = {
        Fortune.GAINED: ("gained", "circle", palette.verdicts[Verdict.RIGHT]),
        Fortune.SAME: ("the same", "circle-open", palette.muted),
        Fortune.LOST: ("lost", "x", palette.verdicts[Verdict.WRONG]),
    }
    for kind, (name, symbol, colour) in looks.items():
        here = [place for place, run in enumerate(data.runs) if fortune(run) is kind]
        if not here:
            continue
        runs = [data.runs[place] for place in here]
        edge = [palette.accent if run.run_id == data.chosen else palette.background for run in runs]
        plain = symbol == "circle-open"
        figure.add_scatter(
            x=[places[place][0] for place in here], y=[places[place][1] for place in here], mode="markers", name=name,
            marker={
                "size": [18 if run.run_id == data.chosen else 13 for run in runs], "symbol": symbol, "color": colour,
                "opacity": 0.9,
                "line": {"width": 2 if plain else [3 if run.run_id == data.chosen else 1 for run in runs],
                         "color": colour if plain else edge},
            },
            customdata=[(run.run_id, f"{run.t}.1") for run in runs], hovertext=[_hover(run) for run in runs],
            hoverinfo="text", cliponaxis=False,
        )  # fmt: skip
    dress(figure, theme, height=480, revision=data.revision)
    ticks = {"tickvals": [0, 0.25, 0.5, 0.75, 1], "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"]}
    figure.update_xaxes(title_text="right chains in generation 1", range=[-0.04, 1.04], constrain="domain", **ticks)
    figure.update_yaxes(title_text="right chains in the end", range=[-0.04, 1.06], **ticks)
    figure.update_layout(
        showlegend=bool(data.runs), margin={"t": 44},
        legend={"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top", "font": {"size": TEXT_SIZE},
                "itemclick": False, "itemdoubleclick": False},
    )  # fmt: skip
    figure.add_annotation(
        x=0.98, y=0.03, xanchor="right", yanchor="bottom", text="lost: fewer right than at the start", showarrow=False,
        font={"size": TEXT_SIZE, "color": palette.muted},
    )  # fmt: skip
    keep_words(figure, (safe(run.name, NAME) for run in data.runs))
    if not data.runs:
        say(figure, theme, "No finished run with verdicts yet.")
    return figure


def _places(runs: Sequence[RunEnds]) -> list[tuple[float, float]]:
    """Where the dots stand: those with equal ends in a row, as far as they stay on their side of the diagonal."""
    rows: dict[tuple[float, float], list[float]] = {}
    seen: dict[tuple[float, float], int] = {}
    places = []
    for run in runs:
        where = (run.start, run.end)
        if where not in rows:
            low = run.end + ASIDE / 2 if fortune(run) is Fortune.LOST else -EDGE
            high = run.end - ASIDE / 2 if fortune(run) is Fortune.GAINED else 1 + EDGE
            steps = sorted(range(-ROW, ROW + 1), key=lambda step: (abs(step), step))
            free = [x for step in steps if low <= (x := run.start + step * ASIDE) <= high]
            rows[where] = free or [run.start]
        number = seen[where] = seen.get(where, -1) + 1
        places.append((rows[where][number % len(rows[where])], run.end))
    return places


def _hover(run: RunEnds) -> str:
    ends = (("generation 1", run.first, run.start), (f"generation {run.t}", run.last, run.end))
    said = [f"{name}: right {right} of {judged} ({percent(share)})" for name, (right, judged), share in ends]
    return "<br>".join([safe(run.name, NAME), *said, f"run {safe(run.run_id, 12)}"])
