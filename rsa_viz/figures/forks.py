"""What if: the right share of a run and of its forks by generation, drawn once where they share their chains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.forks import Branch, partings_in_words
from ..analysis.telling import counted
from .canvas import end_labels, generation_axis, percent_axis, say
from .spoken import cut_words
from .style import PALETTES, Theme, dress, veil
from .words import one_line, percent, safe

DRAWN = 7  # forks that are drawn, the newest and the one in view; more cannot be told apart
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "solid", "dash")
COLOURS = ("#e69f00", "#009e73", "#cc79a7", "#0072b2", "#d55e00", "#56b4e9")  # Okabe and Ito, what both themes carry
NAME = 34  # letters of a label


@dataclass(frozen=True, slots=True)
class ForksData:
    """The original (None when it is not there), its forks in the order of their making, and the id of the fork that the
    caption tells of: the one in view, else the newest."""

    original: Branch | None
    forks: tuple[Branch, ...]
    told: str
    firsts: dict[tuple[str, int], tuple[int, str]]
    caption: str
    revision: str


def forks_data(original: Branch | None, forks: Sequence[Branch], chosen: str = "", *, run: str = "") -> ForksData:
    """A run and its forks; ``chosen`` is the id of the run in view, whose difference the caption tells."""
    shown = [one for one in forks if one.run_id == chosen]
    shown += [one for one in reversed(forks) if one.run_id != chosen][: DRAWN - len(shown)]
    shown = [one for one in forks if one in shown]
    firsts = {
        (one.run_id, t): (0, f"{t}.1")
        for one in (*([original] if original else ()), *shown)
        for t in range(1, len(one.generations) + 1)
    }
    told = next((one for one in shown if one.run_id == chosen), shown[-1] if shown else None)
    caption = "No fork yet." if told is None else _caption(original, told, len(shown), len(forks))
    return ForksData(original, tuple(shown), told.run_id if told else "", firsts, caption, run)


def _caption(original: Branch | None, told: Branch, shown: int, of: int) -> str:
    words = [f"Forked after generation {told.t} with {one_line(told.name, 160)}."]
    if original is None:
        words.append("The original is not in this database, so there is nothing to compare with.")
    else:
        words.append(partings_in_words(original, told))
    if of > shown:
        words.append(f"{shown} of {counted(of, 'fork')} are drawn.")
    return " ".join(words)


def forks_figure(data: ForksData, theme: Theme) -> go.Figure:
    """Lines from the fork on; before it the one line that all share. The original and the fork of the caption
    have 95 % bands."""
    palette = PALETTES[theme]
    figure = go.Figure()
    branches = [*([data.original] if data.original else []), *data.forks]
    last = max((len(one.generations) for one in branches), default=1)
    dress(figure, theme, height=400, revision=data.revision)
    generation_axis(figure, last)
    percent_axis(figure, "right chains")
    if not any(one.at(t) for one in branches for t in range(1, last + 1)):
        say(figure, theme, "No fork yet." if not data.forks else "Nothing is judged yet.<br>Unknown is not wrong.")
        return figure
    labels: list[tuple[float, str, str]] = []
    for t in sorted({one.t for one in data.forks}):
        figure.add_vline(x=t, line={"width": 2, "dash": "dot", "color": palette.muted}, layer="below")
    # The fork in view comes last, over the others.
    order = sorted(enumerate(branches), key=lambda one: (one[1].run_id == data.told, one[0]))
    for place, one in order:
        own = data.original is not None and place == 0
        colour = palette.ink if own else COLOURS[place % len(COLOURS)]
        shared = 1 if own or data.original is None else one.t
        _line(figure, data, one, shared, colour, "solid" if own else DASHES[place % len(DASHES)], last)
        ends = [row for row in one.generations if row.mean is not None and row.t > one.t]
        if ends:
            name = "original" if own else safe(one.name, NAME)
            labels.append((ends[-1].mean or 0.0, f"{name}<br>{percent(ends[-1].mean or 0.0)}", colour))
    end_labels(figure, labels, x=last, gap=0.13, low=0, high=1)
    full = {safe(one.name, NAME): safe(one.name, 160) for one in data.forks}
    cut_words(figure, {short: name for short, name in full.items() if short != name})
    return figure


def _line(figure: go.Figure, data: ForksData, one: Branch, first: int, colour: str, dash: str, last: int) -> None:
    """A branch from generation ``first`` on, where it leaves the line that it shares; its band begins after that."""
    rows = [row for row in one.generations if row.t >= first and row.mean is not None]
    if data.original is not None and one.planted and (start := data.original.at(first)) is not None:
        rows = [start, *(row for row in rows if row.t > first)]  # where they part, with the chain that was replaced
    told = one is data.original or one.run_id == data.told
    band = [row for row in rows if told and (row.t > first or first == 1)]
    if len(band) > 1:
        figure.add_scatter(
            x=[row.t for row in band] + [row.t for row in reversed(band)],
            y=[row.mean_high for row in band] + [row.mean_low for row in reversed(band)],
            fill="toself", fillcolor=veil(colour, 0.12), line={"width": 0}, mode="lines", hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=[row.t for row in rows],
        y=[row.mean for row in rows],
        mode="lines+markers",
        line={"width": 5 if one.run_id == data.told else 3, "color": colour, "dash": dash},
        marker={"size": 10 if last <= 24 else 6, "color": colour},
        cliponaxis=False,
        customdata=[data.firsts[one.run_id, row.t] for row in rows],
        hovertext=[
            f"{'original' if one is data.original else safe(one.name, 80)}<br>generation {row.t}: right "
            f"{row.right}/{row.right + row.wrong}<br>95 % interval {percent(row.mean_low or 0.0)} to "
            f"{percent(row.mean_high or 0.0)}"
            for row in rows
        ],
        hoverinfo="text",
    )
