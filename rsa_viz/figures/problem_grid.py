"""Problems by arms: how right each arm is on each problem, so that one sees which problems make the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.arm_curves import Cell, GridRow, problem_grid
from ..analysis.arms import Arm
from ..analysis.telling import counted, joined
from ..core.chain import Verdict
from .arm_looks import MOST
from .canvas import say
from .spoken import keep_words
from .style import PALETTES, TEXT_SIZE, Theme, dress, ink_on
from .words import percent, safe

ROWS = 64  # problems that are drawn
ROW_PX = 26
TICK, NAME = 34, 60  # letters of a problem's name beside the grid and in a hover


@dataclass(frozen=True, slots=True)
class GridData:
    """The rows that are drawn, the hardest first, and the arms' labels."""

    rows: tuple[GridRow, ...]
    arms: tuple[str, ...]
    caption: str
    revision: str


def problem_grid_data(arms: Sequence[Arm]) -> GridData:
    """The grid of ``arms``; problems beyond the first ROWS are counted in the caption."""
    rows = problem_grid(arms[:MOST])
    return GridData(rows[:ROWS], tuple(arm.label for arm in arms[:MOST]), _caption(rows), "grid")


def _caption(rows: Sequence[GridRow]) -> str:
    if not rows:
        return "No finished run yet."
    known = [[cell.value for cell in row.cells if cell is not None and cell.value is not None] for row in rows]
    never, always = sum(bool(row) and max(row) == 0 for row in known), sum(bool(row) and min(row) == 1 for row in known)
    words = f"{counted(len(rows), 'problem')}, the hardest first"
    if len(rows) > ROWS:
        words += f"; the {ROWS} hardest are drawn"
    same = [
        f"{counted(number, 'problem')} {how}"
        for number, how in ((never, "no arm gets right"), (always, "every arm always gets right"))
        if number
    ]
    alike = f" {joined(same)}; only the others can make a difference." if same else ""
    unknown = sum(not row for row in known)
    aside = f" Of {counted(unknown, 'problem')} nothing is known." if unknown else ""
    return f"{words}.{alike}{aside} A click opens a run."


def problem_grid_figure(data: GridData, theme: Theme) -> go.Figure:
    """A square a problem and arm with its right share in per cent: orange is wrong, blue right, grey between."""
    palette = PALETTES[theme]
    figure = go.Figure()
    here = [
        (place, row, cell)
        for row in data.rows
        for place, cell in enumerate(row.cells)
        if cell is not None
    ]  # fmt: skip
    lines = {row.problem: number for number, row in enumerate(data.rows)}
    colours = [_colour(cell.value, theme) for _, _, cell in here]
    if here:
        figure.add_scatter(
            x=[place for place, _, _ in here], y=[lines[row.problem] for _, row, _ in here], mode="markers+text",
            marker={"symbol": "square", "size": ROW_PX - 4, "color": colours, "line": {"width": 0}},
            text=[_sign(cell) for _, _, cell in here], textfont={"size": 11, "color": [ink_on(one) for one in colours]},
            customdata=[(cell.run_id, f"{max(cell.t, 1)}.1") for _, _, cell in here],
            hovertext=[_hover(row, cell, data.arms[place]) for place, row, cell in here], hoverinfo="text",
            cliponaxis=False,
        )  # fmt: skip
    dress(figure, theme, height=150 + ROW_PX * max(4, len(data.rows)), revision=data.revision)
    columns = list(range(len(data.arms)))
    figure.update_xaxes(
        tickvals=columns, ticktext=[safe(label, 44).replace(", ", ",<br>") for label in data.arms], side="top",
        range=[-0.6, max(len(columns), 1) - 0.4], showgrid=False, tickfont={"size": TEXT_SIZE - 3},
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(data.rows))), ticktext=[safe(row.label, TICK) for row in data.rows], showgrid=False,
        range=[max(len(data.rows), 1) - 0.4, -0.6], tickfont={"size": 12}, color=palette.ink,
    )  # fmt: skip
    keep_words(figure, (safe(row.label, cap) for row in data.rows for cap in (TICK, NAME)))
    if not here:
        say(figure, theme, "No finished run yet.")
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
    return figure


def _sign(cell: Cell) -> str:
    return "?" if cell.value is None else f"{100 * cell.value:.0f}"


def _colour(value: float | None, theme: Theme) -> str:
    """From wrong over grey to right; unknown has the colour of what is not there."""
    palette = PALETTES[theme]
    if value is None:
        return palette.planned
    grey = palette.abstained
    end = palette.verdicts[Verdict.RIGHT if value >= 0.5 else Verdict.WRONG]
    share = abs(2 * value - 1)
    mixed = (round(int(grey[at : at + 2], 16) * (1 - share) + int(end[at : at + 2], 16) * share) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _hover(row: GridRow, cell: Cell, arm: str) -> str:
    share = "unknown" if cell.value is None else f"right {percent(cell.value)}"
    return f"{safe(row.label, NAME)}<br>{safe(arm, 80)}<br>{share}, {counted(cell.seeds, 'run')}"
