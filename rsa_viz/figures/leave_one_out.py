"""Which parent mattered: the right share with all parents and without each, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.leave_one_out import Condition, LeaveOneOut, leave_one_out, leave_one_out_in_words
from ..core.chain import Chain, Verdict
from .canvas import say
from .style import PALETTES, TEXT_SIZE, Theme, dress
from .words import percent

TOLD = 24  # conditions whose rows have room for words


@dataclass(frozen=True, slots=True)
class LeaveOneOutData:
    """The conditions of a leave-one-out run; None when the chains are of no such run."""

    found: LeaveOneOut | None
    caption: str
    revision: str


def leave_one_out_data(chains: Sequence[Chain], *, run: str = "") -> LeaveOneOutData:
    """The conditions of a leave-one-out run's ``chains`` (slot order)."""
    found = leave_one_out(chains)
    if found is None:
        return LeaveOneOutData(None, "No child was written again without one of its parents.", run)
    return LeaveOneOutData(found, leave_one_out_in_words(found), run)


def label(one: Condition) -> str:
    """A condition as its row is called: ``all parents``, ``without 2: chain 3.7``."""
    return f"without {one.position}: chain {one.original or one.left_out}" if one.left_out else "all parents"


def leave_one_out_figure(data: LeaveOneOutData, theme: Theme) -> go.Figure:
    """A row a condition: its share with its 95 % interval; the dotted line is the share with all parents. A condition
    that differs by more than noise is filled and marked."""
    palette = PALETTES[theme]
    figure = go.Figure()
    conditions = data.found.conditions if data.found else ()
    known = [one for one in conditions if one.share is not None]
    dress(figure, theme, height=140 + min(46 * max(len(conditions), 2), 900), revision=data.revision)
    figure.update_xaxes(
        title_text="right repeats", range=[-0.03, 1.05], tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=["0 %", "25 %", "50 %", "75 %", "100 %"],
    )  # fmt: skip
    order = {id(one): place for place, one in enumerate(conditions)}
    figure.update_yaxes(range=[max(len(conditions), 1) - 0.5, -0.6], showgrid=False)
    if len(conditions) <= TOLD:
        figure.update_yaxes(tickvals=list(range(len(conditions))), ticktext=[label(one) for one in conditions])
    if not known:
        say(
            figure,
            theme,
            "No repeat is judged yet.<br>Unknown is not wrong." if conditions else "Nothing to compare yet.",
        )
        return figure
    if conditions[0].share is not None:
        figure.add_vline(x=conditions[0].share, line={"width": 2, "dash": "dot", "color": palette.muted}, layer="below")
    colours = [palette.accent if one.matters else palette.verdicts[Verdict.RIGHT] for one in known]
    for one, colour in zip(known, colours, strict=True):
        figure.add_shape(
            type="line", x0=one.low, x1=one.high, y0=order[id(one)], y1=order[id(one)],
            line={"width": 4, "color": colour}, layer="below",
        )  # fmt: skip
    figure.add_scatter(
        x=[one.share for one in known],
        y=[order[id(one)] for one in known],
        mode="markers+text" if len(conditions) <= TOLD else "markers",
        text=[f"{one.right}/{one.right + one.wrong}{' *' if one.matters else ''}" for one in known],
        textposition="top center",
        textfont={"size": TEXT_SIZE, "color": palette.ink},
        marker={
            "size": 15,
            "color": [
                colour if one.matters or not one.left_out else palette.background
                for one, colour in zip(known, colours, strict=True)
            ],
            "line": {"width": 3, "color": colours},
        },
        cliponaxis=False,
        customdata=[(one.first[0], str(one.first[1])) for one in known],
        hovertext=[_hover(one) for one in known],
        hoverinfo="text",
    )
    return figure


def _hover(one: Condition) -> str:
    lines = [
        label(one),
        f"right {one.right} of {one.right + one.wrong} ({percent(one.share or 0.0)})",
        f"95 % interval {percent(one.low)} to {percent(one.high)}",
    ]
    if one.difference is not None:
        low, high = 100 * (one.difference_low or 0.0), 100 * (one.difference_high or 0.0)
        lines.append(
            f"{100 * one.difference:+.0f} points against all parents, {low:+.0f} to {high:+.0f}"
            f"<br>{'more than noise' if one.matters else 'could be noise'}"
        )
    return "<br>".join(lines)
