"""Copy or synthesis: each child by the number of parents it used and the largest share of one parent.

Four fields are the four kinds of ``analysis.synthesis``; colour and mark are the verdict. Similarity, not proof of
cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.synthesis import NEARLY_ALL, USES, Kind, Taken
from ..analysis.telling import counted, joined
from ..core.chain import Chain, Slot, Verdict
from .canvas import say
from .step_state import legend_above
from .style import MARKS, PALETTES, SYMBOLS, TEXT_SIZE, Theme, dress, veil
from .words import percent

WIDTH_PX, HEIGHT_PX = 900, 330  # of the fields on a usual screen
TOP = 1.24  # of the fields, in shares: above 1 stand their names
ROWS = 2  # that marks of one place are spread over, upwards and downwards
OWN = (0.0, 0.8)  # where children stand that used no parent, or one, and whose answer no parent gives
WIDTHS = (0.8, 2.2, 1.6)  # of the columns of children that used 0, 1 or 2 parents
GAP, WIDE = 0.5, 1.0  # between the two, and a column of more parents


@dataclass(frozen=True, slots=True)
class SynthesisData:
    """The children, with the id of each chain; ``t`` is their generation, None for all. ``widest`` is the largest
    number of parents used that has a column."""

    children: tuple[Taken, ...]
    ids: Mapping[Slot, int]
    widest: int
    t: int | None
    chosen: Slot | None
    caption: str
    revision: str


def synthesis_data(
    chains: Sequence[Chain], taken: Sequence[Taken], t: int | None = None, *, chosen: Slot | None = None, run: str = ""
) -> SynthesisData:
    """The children of generation ``t``, or all, of those that ``analysis.synthesis.copy_or_synthesis`` found among a
    run's ``chains``."""
    children = tuple(one for one in taken if t is None or one.slot.t == t)
    ids = {chain.slot: chain.id for chain in chains}
    k = max((len(chain.parents) for chain in chains), default=0)
    widest = max(2, min(k, 3), max((one.used for one in children), default=0))
    return SynthesisData(children, ids, widest, t, chosen, _caption(children, t), run)


def _caption(children: Sequence[Taken], t: int | None) -> str:
    if not children:
        return "No child with steps yet, so nothing is copied."
    of = "all generations" if t is None else f"generation {t}"
    kinds = [
        f"{kind.value} {number} ({percent(number / len(children))})" for kind, number in _numbers(children).items()
    ]
    words = [f"{counted(len(children), 'child', 'children')} of {of}: {joined(kinds)}."]
    judged = []
    for kind in Kind:
        known = [one.verdict for one in children if one.kind is kind and one.verdict is not Verdict.UNKNOWN]
        if known:
            judged.append(f"{kind.value} {known.count(Verdict.RIGHT)}/{len(known)}")
    if judged:
        words.append(f"Right: {joined(judged)}.")
    most = max(children, key=lambda one: (one.used, -one.slot.t, -one.slot.i))
    if most.used > 1:
        words.append(f"Most parents, {most.used}, were used by chain {most.slot}.")
    drifted = next((one for one in children if one.kind is Kind.DRIFT), None)
    if drifted is not None:
        words.append(f"The first that drifted is chain {drifted.slot}.")
    return " ".join(words) + " A step counts for every parent in which it stands most alike. Similarity, not proof."


def _numbers(children: Sequence[Taken]) -> Mapping[Kind, int]:
    return {kind: sum(one.kind is kind for one in children) for kind in Kind}


def synthesis_figure(data: SynthesisData, theme: Theme) -> go.Figure:
    """A mark a child; marks of one place lie beside each other, as near to it as there is room."""
    palette = PALETTES[theme]
    figure = go.Figure()
    centres = [_centre(used) for used in range(data.widest + 1)]
    first, last = OWN[0] - 0.5, centres[-1] + _width(data.widest) / 2 + 0.1
    between, second = OWN[1] + 0.4 + GAP / 2, centres[1] + _width(1) / 2
    split = NEARLY_ALL / USES
    numbers = _numbers(data.children)
    for kind, x0, x1, y0, y1, told in (
        (Kind.CLONE, first, second, split, TOP, "80 % or more in one parent"),
        (Kind.DRIFT, first, between, -0.05, split, "answer of no parent"),
        (Kind.REWRITE, between, second, -0.05, split, "answer of a parent"),
        (Kind.SYNTHESIS, second, last, -0.05, TOP, "20 % or more from each of several"),
    ):
        figure.add_shape(
            type="rect", x0=x0, x1=x1, y0=y0, y1=y1, layer="below", line={"width": 2, "color": palette.grid},
            fillcolor=veil(palette.muted, 0.1 if kind in (Kind.CLONE, Kind.DRIFT) else 0.03),
        )  # fmt: skip
        figure.add_annotation(
            x=x0, y=y1, xanchor="left", yanchor="top", showarrow=False, align="left", xshift=4,
            text=f"<b>{kind.value} {numbers[kind]}</b><br>{told}", font={"size": TEXT_SIZE - 1, "color": palette.muted},
        )  # fmt: skip
    size = 11.0 if len(data.children) <= 200 else 9.0 if len(data.children) <= 500 else 6.0
    places = _places(data.children, size, last - first)
    by_verdict = {verdict: [one for one in data.children if one.verdict is verdict] for verdict in Verdict}
    for verdict, shown in sorted(by_verdict.items(), key=lambda one: -len(one[1])):  # what is rare lies on top
        if shown:
            figure.add_scatter(
                x=[places[one.slot][0] for one in shown], y=[places[one.slot][1] for one in shown], mode="markers",
                name=verdict.value, hoverinfo="text", hovertext=[_hover(one) for one in shown],
                customdata=[(data.ids[one.slot], str(one.slot)) for one in shown], cliponaxis=False,
                marker={
                    "symbol": SYMBOLS[verdict], "size": size * (0.85 if verdict is Verdict.WRONG else 1),
                    "opacity": 0.9, "color": palette.verdicts[verdict],
                    "line": {"width": 2 if verdict is Verdict.UNKNOWN else 0, "color": palette.verdicts[verdict]},
                },
            )  # fmt: skip
    if data.chosen is not None and data.chosen in places:
        x, y = places[data.chosen]
        figure.add_scatter(
            x=[x], y=[y], mode="markers", name="chosen", hoverinfo="skip", cliponaxis=False,
            marker={"symbol": "circle-open", "size": size + 14, "color": palette.accent, "line": {"width": 3}},
        )  # fmt: skip
    dress(figure, theme, height=HEIGHT_PX + 150, revision=data.revision)
    if data.children:
        legend_above(figure)
    else:
        say(figure, theme, "No child with steps yet.")
    columns = [*zip(OWN, (0, 1), strict=True), *zip(centres, range(data.widest + 1), strict=True)]
    figure.update_xaxes(
        title_text="parents used (on the left: no parent gives the answer)", range=[first, last],
        tickvals=[x for x, _ in columns], ticktext=[str(used) for _, used in columns], showgrid=False, showline=False,
    )  # fmt: skip
    figure.update_yaxes(
        title_text="largest share of one parent", range=[-0.05, TOP], tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1],
        ticktext=["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"], showgrid=False, showline=False,
    )  # fmt: skip
    figure.update_layout(hovermode="closest", hoverdistance=16)
    return figure


def _width(used: int) -> float:
    return WIDTHS[used] if used < len(WIDTHS) else WIDE


def _centre(used: int) -> float:
    """The middle of the column of the children that used so many parents."""
    return OWN[1] + 0.4 + GAP + sum(_width(fewer) for fewer in range(used)) + _width(used) / 2


def _places(children: Sequence[Taken], size: float, wide: float) -> Mapping[Slot, tuple[float, float]]:
    """Where the marks lie: at their column and share, and where that is taken beside it, then above and below it."""
    across, up = (size + 1) * wide / WIDTH_PX, (size + 1) * (TOP + 0.05) / HEIGHT_PX
    rows = sorted(range(-ROWS, ROWS + 1), key=lambda row: (abs(row), -row))
    taken: dict[tuple[float, int, int], int] = {}
    places = {}
    for one in children:
        own = one.kind is not Kind.SYNTHESIS and not one.answer_taken
        column, width = (OWN[one.used], 0.8) if own else (_centre(one.used), _width(one.used))
        seats = max(1, int(0.94 * width / across))
        beside = sorted(range(-(seats // 2), seats - seats // 2), key=lambda seat: (abs(seat), seat))
        level = round(one.largest / up)
        free = [(taken.get((column, level + row, seat), 0), row, seat) for row in rows for seat in beside]
        least, row, seat = min(free, key=lambda place: place[0])  # of equal ones the first
        taken[column, level + row, seat] = least + 1
        places[one.slot] = (column + seat * across, max(0.0, one.largest + row * up))
    return places


def _hover(one: Taken) -> str:
    lines = [f"chain {one.slot} · {MARKS[one.verdict]} {one.verdict.value}", f"{one.kind.value}"]
    if one.donor is not None:
        lines.append(f"{percent(one.largest)} of its {counted(one.steps, 'step')} stand in chain {one.donor}")
    else:
        lines.append(f"none of its {counted(one.steps, 'step')} stands in a parent")
    lines.append(f"{counted(one.used, 'parent')} used, {one.effective_donors:.1f} donors in effect")
    lines.append("its answer is that of a parent" if one.answer_taken else "no parent gives its answer")
    return "<br>".join(lines)
