"""Turning points: right chains by generation beside the most common other answer, and where it turned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..analysis.fate_telling import HEADS
from ..analysis.telling import counted
from ..analysis.turning_points import Standing, Turn, TurnKind, standings, turning_points
from ..core.chain import Chain, Verdict
from .canvas import end_labels, first_of_generations, generation_axis, point_out, say
from .spoken import keep_words
from .style import MARKS, PALETTES, TEXT_SIZE, Palette, Theme, dress
from .words import safe

SYMBOLS: Mapping[TurnKind, str] = {
    TurnKind.FOUND: "triangle-up",
    TurnKind.DIED: "x",
    TurnKind.RETURNED: "triangle-up",
    TurnKind.RENEWED: "diamond",
    TurnKind.VOTE_WON: "circle",
    TurnKind.VOTE_LOST: "triangle-down",
}
GOOD = (TurnKind.FOUND, TurnKind.RETURNED, TurnKind.RENEWED, TurnKind.VOTE_WON)
NAMES: Mapping[TurnKind, str] = {**{kind: kind.value for kind in TurnKind}, TurnKind.RENEWED: "lost, found"}
LABELLED = 12  # generations up to which there is room to name each turning point below its mark
MARKED = 24  # generations up to which marks are large
RIVAL = 40  # letters of an answer in a hover


@dataclass(frozen=True, slots=True)
class TurningRow:
    """One generation, and its first chain as (id, "t.i"), which its marks stand for."""

    standing: Standing
    first: tuple[int, str]


@dataclass(frozen=True, slots=True)
class TurningPointsData:
    """What the picture of turning points shows. ``turns`` are in order; ``chosen`` is the generation that the viewer
    looks at; ``size`` the most chains of a generation; ``ended`` is true when any has ended."""

    rows: tuple[TurningRow, ...]
    turns: tuple[Turn, ...]
    size: int
    ended: bool
    chosen: int | None
    caption: str
    revision: str


def turning_points_data(
    chains: Sequence[Chain], chosen: int | None = None, *, turns: Sequence[Turn] | None = None, run: str = ""
) -> TurningPointsData:
    """The turning points of a run's ``chains`` (slot order). ``turns`` saves finding them again."""
    found = turning_points(chains) if turns is None else tuple(turns)
    firsts = first_of_generations(chains)
    rows = tuple(TurningRow(one, firsts[one.t]) for one in standings(chains))
    size = max((chain.slot.i for chain in chains), default=1)
    ended = any(chain.ended for chain in chains)
    caption = _caption([row.standing for row in rows], found, ended)
    return TurningPointsData(rows, found, size, ended, chosen, caption, run)


def _caption(rows: Sequence[Standing], turns: Sequence[Turn], ended: bool) -> str:
    known = [row for row in rows if row.judged]
    if not known:
        if ended:
            return "Nobody can say which chains are right: there is no verdict. Unknown does not count as wrong."
        return "No chain has ended yet."
    first, last = known[0], known[-1]
    if first is last:
        return f"Generation {first.t}: right {first.right}/{first.judged}."
    best = max(known, key=lambda row: (row.right / row.judged, -row.t))
    words = [
        f"From generation {first.t} to generation {last.t}: right {first.right}/{first.judged} → "
        f"{last.right}/{last.judged}, at best {best.right}/{best.judged} in generation {best.t}."
    ]
    voted = [row.vote for row in rows if row.vote is not None]
    if voted:
        words.append(f"The vote is right in {sum(voted)} of {counted(len(voted), 'generation')}.")
    words.append(f"{counted(len({turn.t for turn in turns}), 'generation')} with a turning point.")
    return " ".join(words)


def turning_points_figure(data: TurningPointsData, theme: Theme) -> go.Figure:
    """Above: right chains and the most common other answer, as lines. Below: a mark at every turning point."""
    palette = PALETTES[theme]
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.8, 0.2], vertical_spacing=0.04)
    last = data.rows[-1].standing.t if data.rows else 1
    known = [row for row in data.rows if row.standing.judged]
    blue, orange = palette.verdicts[Verdict.RIGHT], palette.verdicts[Verdict.WRONG]
    size = 12 if last <= MARKED else 7
    for colour, symbol, counts in (
        (orange, "x", [row.standing.against for row in known]),
        (blue, "circle", [row.standing.right for row in known]),
    ):
        figure.add_scatter(
            x=[row.standing.t for row in known], y=counts, mode="lines+markers", cliponaxis=False, showlegend=False,
            line={"width": 4, "color": colour, "dash": "solid" if colour == blue else "dot"},
            marker={"size": size, "symbol": symbol, "color": colour,
                    "line": {"width": 2 if colour == blue else 0, "color": palette.background}},
            customdata=[row.first for row in known], hovertext=[_hover(row.standing) for row in known],
            hoverinfo="text", row=1, col=1,
        )  # fmt: skip
    marked = _marked(data.turns)
    if marked:
        _lines(figure, marked, data.size, palette)
    _strip(figure, data, marked, palette, last <= LABELLED)
    point_out(figure, data.chosen, last, palette.accent)
    dress(figure, theme, height=400, revision=data.revision)
    generation_axis(figure, last, room=0.6)
    figure.update_xaxes(title_text="", row=1, col=1)
    figure.update_yaxes(title_text="chains", range=[-0.04 * data.size, 1.06 * data.size], row=1, col=1)
    figure.update_yaxes(range=[-2.2, 1], tickvals=[], showgrid=False, zeroline=False, row=2, col=1)
    figure.update_layout(
        showlegend=last > LABELLED and bool(marked), margin={"t": 56 if last > LABELLED and marked else 24},
        legend={"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top", "font": {"size": TEXT_SIZE},
                "itemclick": False, "itemdoubleclick": False},
    )  # fmt: skip
    if known:
        end = known[-1].standing
        labels = [(float(end.right), f"{MARKS[Verdict.RIGHT]} right<br>{end.right} of {end.judged}", blue)]
        if any(row.standing.against for row in known):
            labels.append((float(end.against), f"✕ most common<br>other answer: {end.against}", orange))
        end_labels(figure, labels, x=end.t, aside=24, gap=0.3 * data.size, low=0.05 * data.size, high=data.size)
        keep_words(figure, (safe(row.standing.rival, RIVAL) for row in known if row.standing.rival is not None))
    elif data.ended:
        say(figure, theme, "No verdicts: the problem has no gold answer.<br>Unknown is not wrong.")
    else:
        say(figure, theme, "No chain has ended yet.<br>The curve grows with the first generation.")
    return figure


def _marked(turns: Iterable[Turn]) -> dict[int, list[Turn]]:
    """The turning points by generation."""
    found: dict[int, list[Turn]] = {}
    for turn in turns:
        found.setdefault(turn.t, []).append(turn)
    return found


def _kind(turns: Sequence[Turn]) -> TurnKind:
    """The one that a generation's mark shows: a death or a return before the vote that goes with it, else the vote."""
    return turns[-1].kind if turns[0].kind is TurnKind.RENEWED else turns[0].kind


def _lines(figure: go.Figure, marked: Iterable[int], size: int, palette: Palette) -> None:
    """A thin line through each turning point, all of them as one element."""
    path = " ".join(f"M {t} {-0.04 * size} L {t} {1.06 * size}" for t in marked)
    figure.add_shape(
        type="path", path=path, layer="below", line={"width": 1, "color": palette.muted}, xref="x", yref="y"
    )


def _strip(
    figure: go.Figure,
    data: TurningPointsData,
    marked: Mapping[int, Sequence[Turn]],
    palette: Palette,
    labelled: bool,
) -> None:
    firsts = {row.standing.t: row.first for row in data.rows}
    for kind in TurnKind:
        here = [t for t, turns in marked.items() if _kind(turns) is kind]
        if not here:
            continue
        colour = palette.verdicts[Verdict.RIGHT if kind in GOOD else Verdict.WRONG]
        figure.add_scatter(
            x=here, y=[0] * len(here), mode="markers+text" if labelled else "markers", name=NAMES[kind],
            text=[NAMES[kind]] * len(here) if labelled else None, textposition="bottom center",
            textfont={"size": TEXT_SIZE, "color": palette.ink}, cliponaxis=False,
            marker={"size": 20 if len(data.rows) <= MARKED else 11, "symbol": SYMBOLS[kind], "color": colour,
                    "line": {"width": 1, "color": palette.background}},
            customdata=[firsts[t] for t in here],
            hovertext=["<br>".join([f"generation {t}", *(HEADS[turn.kind] for turn in marked[t])]) for t in here],
            hoverinfo="text", row=2, col=1,
        )  # fmt: skip


def _hover(one: Standing) -> str:
    lines = [f"generation {one.t}", f"right {one.right} of {one.judged}"]
    if one.rival is not None:
        lines.append(f"the most common other answer: {one.against}")
        lines.append(safe(one.rival, RIVAL))
    if one.vote is not None:
        lines.append(f"the vote is {'right' if one.vote else 'wrong'}{', by a tie' if one.tied else ''}")
    return "<br>".join(lines)
