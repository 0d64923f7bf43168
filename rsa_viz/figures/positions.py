"""Position bias: what was taken from each place in the prompt, with 95 % intervals, against 1/K."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.positions import Measure, PositionEvidence, positions_in_words
from ..analysis.telling import counted
from ..core.chain import Chain
from .canvas import say
from .step_state import legend_above
from .style import ANSWER_COLOURS, PALETTES, Theme, dress
from .words import percent

NAMES = {Measure.TEXT: "of the inherited steps", Measure.ANSWER: "of the answers taken over"}


@dataclass(frozen=True, slots=True)
class PositionsData:
    """The evidence for the K that most children have; ``marks`` are (id, "t.i") of the first child of each measure."""

    k: int
    measures: tuple[PositionEvidence, ...]
    marks: tuple[tuple[int, str], ...]
    caption: str
    revision: str


def positions_data(chains: Sequence[Chain], found: Sequence[PositionEvidence], *, run: str = "") -> PositionsData:
    """The picture of what ``analysis.positions.position_evidence`` found for a run's ``chains``."""
    by_k: dict[int, int] = {}
    for one in found:
        by_k[one.k] = max(by_k.get(one.k, 0), one.children)
    if not by_k:
        return PositionsData(0, (), (), "No child took anything from two parents or more in its prompt yet.", run)
    k = max(by_k, key=lambda one: (by_k[one], one))
    ids = {chain.slot: chain.id for chain in chains}
    measures = tuple(one for one in found if one.k == k)
    words = [positions_in_words(one) for one in measures]
    if others := sum(by_k.values()) - by_k[k]:
        words.append(f"{counted(others, 'child', 'children')} with another number of parents are left out.")
    marks = tuple((ids[one.first], str(one.first)) for one in measures)
    return PositionsData(k, measures, marks, " ".join((*words, "Similarity, not proof.")), run)


def positions_figure(data: PositionsData, theme: Theme) -> go.Figure:
    """Two dots a position, text and answers, beside each other; the dotted line is 1/K."""
    palette = PALETTES[theme]
    figure = go.Figure()
    dress(figure, theme, height=360, revision=data.revision)
    top = 2 / max(data.k, 2)
    for measure, symbol, colour, aside in (
        (Measure.TEXT, "circle", ANSWER_COLOURS[2], -0.09),
        (Measure.ANSWER, "diamond", ANSWER_COLOURS[6], 0.09),
    ):
        for place, one in enumerate(data.measures):
            if one.measure is not measure:
                continue
            highs = [share.share if share.high is None else share.high for share in one.shares]
            lows = [share.share if share.low is None else share.low for share in one.shares]
            top = max(top, *highs)
            figure.add_scatter(
                x=[share.position + aside for share in one.shares], y=[share.share for share in one.shares],
                mode="markers", name=NAMES[measure], cliponaxis=False,
                marker={"size": 13, "symbol": symbol, "color": colour},
                error_y={
                    "type": "data", "symmetric": False, "thickness": 2.5, "width": 7, "color": colour,
                    "array": [high - share.share for high, share in zip(highs, one.shares, strict=True)],
                    "arrayminus": [share.share - low for low, share in zip(lows, one.shares, strict=True)],
                },
                customdata=[data.marks[place]] * len(one.shares),
                hovertext=[
                    f"position {share.position}: {percent(share.share)} {NAMES[measure]}"
                    f"<br>95 % interval {percent(low)} to {percent(high)}"
                    f"<br>{counted(one.children, 'child', 'children')}"
                    for share, low, high in zip(one.shares, lows, highs, strict=True)
                ],
                hoverinfo="text",
            )  # fmt: skip
    if data.measures:
        figure.add_scatter(
            x=[0.5, data.k + 0.5], y=[1 / data.k] * 2, mode="lines", hoverinfo="skip",
            name=f"if the place did not matter: {percent(1 / data.k)}",
            line={"width": 2, "dash": "dot", "color": palette.muted},
        )  # fmt: skip
        legend_above(figure)
    else:
        say(figure, theme, "No child with two parents in its prompt yet.")
    figure.update_xaxes(
        title_text="position in the prompt", range=[0.5, max(data.k, 2) + 0.5], showgrid=False,
        tickvals=list(range(1, max(data.k, 2) + 1)),
    )  # fmt: skip
    step = 0.05 if top <= 0.3 else 0.1 if top <= 0.6 else 0.25
    ticks = [step * number for number in range(int(top / step + 1e-9) + 1)]
    figure.update_yaxes(
        title_text="share", range=[0, min(1.03, top * 1.06)], tickvals=ticks,
        ticktext=[f"{100 * tick:.0f} %" for tick in ticks],
    )  # fmt: skip
    return figure
