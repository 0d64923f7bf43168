"""Correctness by generation: the share of right chains with its interval, pass@N and the majority's verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..analysis.events import Transitions, transitions
from ..analysis.generations import Generation, by_generation
from ..analysis.telling import counted, joined
from ..core.chain import Chain, Slot, Verdict
from .canvas import end_labels, first_of_generations, generation_axis, percent_axis, point_out, say
from .style import PALETTES, TEXT_SIZE, Theme, dress, ink_on, veil
from .words import percent, safe

NAMED = 3  # chains that a caption names before it only counts them


@dataclass(frozen=True, slots=True)
class CorrectnessRow:
    """One generation: counts of verdicts, the mean with its 95 % interval (shares in 0..1, None while nothing is
    known), pass@N and the majority's verdict (None unknown), and its first chain, which its marks stand for.

    ``planted`` chains, which a person wrote, are in none of these numbers."""

    t: int
    first: tuple[int, str]
    ended: int
    planned: int
    right: int
    wrong: int
    unknown: int
    mean: float | None
    low: float | None
    high: float | None
    pass_at_n: bool | None
    majority: bool | None
    majority_answer: str | None
    planted: int = 0


@dataclass(frozen=True, slots=True)
class CorrectnessData:
    """What the picture of correctness shows; ``chosen`` is the generation that the viewer looks at."""

    rows: tuple[CorrectnessRow, ...]
    chosen: int | None
    caption: str
    revision: str


def correctness_data(
    chains: Sequence[Chain],
    chosen: int | None = None,
    *,
    generations: Sequence[Generation] | None = None,
    run: str = "",
) -> CorrectnessData:
    """Correctness of a run's ``chains`` (slot order) by generation. ``generations`` saves counting them again."""
    counted_rows = by_generation(chains) if generations is None else generations
    firsts = first_of_generations(chains)
    rows = tuple(
        CorrectnessRow(
            t=one.t,
            first=firsts[one.t],
            ended=one.done + one.failed,
            planned=one.planned,
            right=one.right,
            wrong=one.wrong,
            unknown=one.unknown,
            mean=one.mean,
            low=one.mean_low,
            high=one.mean_high,
            pass_at_n=one.pass_at_n,
            majority=one.majority,
            majority_answer=one.majority_answer,
            planted=one.planted,
        )
        for one in counted_rows
    )
    return CorrectnessData(rows, chosen, _caption(rows, transitions(chains)), run)


def _caption(rows: Sequence[CorrectnessRow], changes: Sequence[Transitions]) -> str:
    known = [row for row in rows if row.mean is not None]
    if not known:
        if any(row.ended for row in rows):
            return "Nobody can say which chains are right: there is no verdict. Unknown does not count as wrong."
        return "No chain has ended yet."
    first, last = known[0], known[-1]
    if first is last:
        planted = "".join(f" {_planted(row)}" for row in rows if row.planted)
        return f"Generation {first.t}: right {_of(first)} ({_interval(first)}).{planted}"
    words = [f"From generation {first.t} to generation {last.t}: right {_of(first)} → {_of(last)} ({_interval(last)})."]
    by_t = {row.t: row for row in known}
    moves = [one for one in changes if one.t in by_t and one.t - 1 in by_t]
    if moves:
        move = max(moves, key=lambda one: abs(_mean(by_t[one.t]) - _mean(by_t[one.t - 1])))
        words.append(
            f"The largest step is generation {move.t}: right {_of(by_t[move.t - 1])} → {_of(by_t[move.t])}; "
            f"{counted(len(move.rescues), 'rescue')}{_named(move.rescues)}, "
            f"{counted(len(move.corruptions), 'corruption')}{_named(move.corruptions)}."
        )
    words += [_planted(row) for row in rows if row.planted]
    unknown = sum(row.unknown for row in rows)
    if unknown:
        words.append(f"{counted(unknown, 'chain')} without a verdict {'is' if unknown == 1 else 'are'} left out.")
    return " ".join(words)


def _planted(row: CorrectnessRow) -> str:
    has = f"In generation {row.t} {counted(row.planted, 'chain')} {'was' if row.planted == 1 else 'were'}"
    return f"{has} planted by a person; the share leaves {'it' if row.planted == 1 else 'them'} out."


def _mean(row: CorrectnessRow) -> float:
    return row.mean or 0.0


def _of(row: CorrectnessRow) -> str:
    return f"{row.right}/{row.right + row.wrong}"


def _interval(row: CorrectnessRow) -> str:
    return f"{percent(_mean(row))}, 95 % interval {percent(row.low or 0.0)} to {percent(row.high or 0.0)}"


def _named(slots: Sequence[Slot]) -> str:
    return f" ({joined([f'chain {slot}' for slot in slots])})" if 0 < len(slots) <= NAMED else ""


def correctness_figure(data: CorrectnessData, theme: Theme) -> go.Figure:
    """Above: the mean as a line in its 95 % band. Below: pass@N and the majority as one mark a generation."""
    palette = PALETTES[theme]
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.76, 0.24], vertical_spacing=0.06)
    last = data.rows[-1].t if data.rows else 1
    blue = palette.verdicts[Verdict.RIGHT]
    for stretch in _stretches(data.rows):
        figure.add_scatter(
            x=[row.t for row in stretch] + [row.t for row in reversed(stretch)],
            y=[row.high for row in stretch] + [row.low for row in reversed(stretch)],
            fill="toself", fillcolor=veil(blue, 0.2),
            line={"width": 0 if len(stretch) > 1 else 12, "color": veil(blue, 0.2)},
            mode="lines", hoverinfo="skip", row=1, col=1,
        )  # fmt: skip
    if data.rows:
        figure.add_scatter(
            x=[row.t for row in data.rows],
            y=[row.mean for row in data.rows],
            mode="lines+markers+text" if last <= 12 else "lines+markers",
            text=[_of(row) if row.mean is not None else "" for row in data.rows],
            textposition=["bottom center" if _mean(row) > 0.85 else "top center" for row in data.rows],
            textfont={"size": TEXT_SIZE, "color": palette.ink},
            cliponaxis=False,
            line={"width": 4, "color": blue},
            marker={"size": 12 if last <= 24 else 7, "color": blue, "line": {"width": 2, "color": palette.background}},
            customdata=[row.first for row in data.rows],
            hovertext=[_hover(row) for row in data.rows],
            hoverinfo="text",
            row=1, col=1,
        )  # fmt: skip
        _strip(figure, [row for row in data.rows if row.ended], theme)
    point_out(figure, data.chosen, last, palette.accent)
    dress(figure, theme, height=460, revision=data.revision)
    generation_axis(figure, last)
    figure.update_xaxes(title_text="", row=1, col=1)
    percent_axis(figure, "right chains", row=1, col=1)
    known = [row for row in data.rows if row.mean is not None]
    if known:
        label = f"right chains<br>{percent(_mean(known[-1]))}"
        end_labels(figure, [(_mean(known[-1]), label, blue)], x=known[-1].t, aside=34, gap=0.1, low=0, high=1)
    elif not any(row.ended for row in data.rows):
        say(figure, theme, "No chain has ended yet.<br>The curve grows with the first generation.")
    else:
        say(figure, theme, "No verdicts: the problem has no gold answer.<br>Unknown is not wrong.")
    figure.update_yaxes(
        range=[-0.6, 1.6],
        tickvals=[0, 1],
        ticktext=["majority right", "one right (pass@N)"],
        showgrid=False,
        row=2,
        col=1,
    )
    return figure


def _stretches(rows: Sequence[CorrectnessRow]) -> list[list[CorrectnessRow]]:
    """Runs of neighbouring generations of which something is known: the band has gaps where the line has."""
    found: list[list[CorrectnessRow]] = [[]]
    for row in rows:
        if row.mean is None:
            found.append([])
        else:
            found[-1].append(row)
    return [stretch for stretch in found if stretch]


_SAID = {True: Verdict.RIGHT, False: Verdict.WRONG, None: Verdict.UNKNOWN}


def _strip(figure: go.Figure, rows: Sequence[CorrectnessRow], theme: Theme) -> None:
    palette = PALETTES[theme]
    marks = {True: "✓", False: "✕", None: "?"}
    size = 26 if not rows or rows[-1].t <= 24 else 12
    for y, name, told_of in (
        (1, "at least one chain right (pass@N)", [row.pass_at_n for row in rows]),
        (0, "majority answer right", [row.majority for row in rows]),
    ):
        colours = [palette.verdicts[_SAID[one]] for one in told_of]
        fills = [palette.background if one is None else colour for one, colour in zip(told_of, colours, strict=True)]
        inks = [palette.muted if one is None else ink_on(colour) for one, colour in zip(told_of, colours, strict=True)]
        figure.add_scatter(
            x=[row.t for row in rows],
            y=[y] * len(rows),
            mode="markers+text" if size > 12 else "markers",
            text=[marks[one] for one in told_of],
            textfont={"size": TEXT_SIZE, "weight": 700, "color": inks},
            marker={
                "size": size,
                "color": fills,
                "symbol": ["square" if one is False else "circle" for one in told_of],
                "line": {"width": 2, "color": colours},
            },
            customdata=[row.first for row in rows],
            hovertext=[
                f"generation {row.t}<br>{name}: {'unknown' if one is None else 'yes' if one else 'no'}"
                + (f"<br>the vote: {safe(row.majority_answer, 60)}" if y == 0 and row.majority_answer else "")
                for row, one in zip(rows, told_of, strict=True)
            ],
            hoverinfo="text",
            row=2, col=1,
        )  # fmt: skip


def _hover(row: CorrectnessRow) -> str:
    lines = [f"generation {row.t}"]
    lines.append(f"right {_of(row)}: {_interval(row)}" if row.mean is not None else "nothing known yet")
    if row.unknown:
        lines.append(f"{counted(row.unknown, 'chain')} without a verdict")
    if row.planted:
        lines.append(f"{counted(row.planted, 'chain')} planted by a person, left out")
    return "<br>".join(lines)
