"""An experiment at a glance: a cell a run, settings by problems, coloured by its state and then by how right it is.

A setting has a row a seed. Cells are a heatmap, so that they fill the plane at any size; over them lies one trace of
marks that can be clicked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.telling import counted
from ..core.chain import Verdict
from ..core.run import RunStatus
from .canvas import say
from .spoken import keep_words
from .style import PALETTES, TEXT_SIZE, Theme, dress, ink_on
from .words import one_line, percent, safe

BINS = 20  # steps of the right share from 0 to 1
HIGHEST, ROOM = 26, 620  # px: of a row at most, and that all rows share
LOWEST_WRITTEN, MOST_WRITTEN = 15, 40  # px of a row, and problems, with which cells carry their shares as numbers
NAME = 60  # letters of a problem's name in a hover
NAMED = 6  # settings whose shares the caption says
STATES = {
    "planned": frozenset({RunStatus.PLANNED}),
    "running": frozenset({RunStatus.RUNNING}),
    "halted": frozenset({RunStatus.PAUSED, RunStatus.STOPPED, RunStatus.INTERRUPTED}),
    "failed": frozenset({RunStatus.FAILED}),
    "done, unknown": frozenset({RunStatus.DONE}),
}
"""What a cell without a right share says; the words stand in the legend."""


@dataclass(frozen=True, slots=True)
class GridRun:
    """A run as the grid shows it: its setting, its problem's place (from 0) and name, its seed, how far it is, and of
    its last generation the right and the wrong chains (None while there are none)."""

    run_id: str
    setting: str
    problem: int
    label: str
    seed: int
    status: RunStatus
    ended: int
    calls: int
    right: tuple[int, int] | None = None

    @property
    def share(self) -> float | None:
        """The right share of a done run in 0..1, None where it is unknown or not there yet."""
        if self.status is not RunStatus.DONE or self.right is None or not sum(self.right):
            return None
        return self.right[0] / sum(self.right)


@dataclass(frozen=True, slots=True)
class ExperimentGridData:
    """The runs, the settings in order of first appearance, the seeds in rising order, and how many problems they
    have."""

    runs: tuple[GridRun, ...]
    settings: tuple[str, ...]
    seeds: tuple[int, ...]
    problems: int
    caption: str
    revision: str


def experiment_grid_data(runs: Sequence[GridRun], *, revision: str = "experiment") -> ExperimentGridData:
    """The grid of an experiment's runs. ``revision`` names the experiment: while it stays, a refresh keeps the viewer's
    zoom. No runs give an empty grid."""
    return ExperimentGridData(
        runs=tuple(runs),
        settings=tuple(dict.fromkeys(run.setting for run in runs)),
        seeds=tuple(sorted({run.seed for run in runs})),
        problems=max((run.problem + 1 for run in runs), default=0),
        caption=_caption(runs),
        revision=revision,
    )


def _caption(runs: Sequence[GridRun]) -> str:
    if not runs:
        return "No run is planned."
    done = sum(run.status is RunStatus.DONE for run in runs)
    words = f"{done:,} of {counted(len(runs), 'run')} done."
    shares: dict[str, list[float]] = {}
    for run in runs:
        if run.share is not None:
            shares.setdefault(run.setting, []).append(run.share)
    if shares:
        said = [
            f"{one_line(name, 60)} {percent(sum(row) / len(row))} ({len(row):,})"
            for name, row in list(shares.items())[:NAMED]
        ]
        more = f"; and {counted(len(shares) - NAMED, 'setting')} more" if len(shares) > NAMED else ""
        words += f" Right chains in the last generation, on average over (so many) done runs: {'; '.join(said)}{more}."
    unknown = sum(run.status is RunStatus.DONE and run.share is None for run in runs)
    if unknown:
        words += f" Of {counted(unknown, 'done run')} it is unknown."
    return f"{words} What each strategy makes of its chains is compared on the Compare page. A click opens a run."


def experiment_grid_figure(data: ExperimentGridData, theme: Theme) -> go.Figure:
    """The grid: problems on x, settings on y with a row a seed; orange is wrong, blue right, grey between."""
    palette = PALETTES[theme]
    figure = go.Figure()
    lines = {
        (setting, seed): place * (len(data.seeds) + 0.4) + number
        for place, setting in enumerate(data.settings)
        for number, seed in enumerate(data.seeds)
    }
    high = min(HIGHEST, ROOM / max(len(lines), 1))
    colours = _colours(theme)
    written = high >= LOWEST_WRITTEN and data.problems <= MOST_WRITTEN
    if data.runs:
        _cells(figure, data, colours)
        figure.add_scatter(
            x=[run.problem + 1 for run in data.runs], y=[lines[run.setting, run.seed] for run in data.runs],
            mode="markers+text", marker={"symbol": "square", "size": max(4, 0.8 * high), "color": "rgba(0,0,0,0)"},
            text=[_sign(run) if written else "" for run in data.runs],
            textfont={"size": 12, "color": [ink_on(colours[_code(run)]) for run in data.runs]},
            customdata=[(run.run_id, "1.1") for run in data.runs], hovertext=[_hover(run) for run in data.runs],
            hoverinfo="text", showlegend=False, cliponaxis=False,
        )  # fmt: skip
        _legend(figure, colours)
    dress(
        figure,
        theme,
        height=round(130 + max(90, high * (len(lines) + 0.4 * len(data.settings)))),
        revision=data.revision,
    )
    figure.update_xaxes(
        title_text="problem", range=[0.5, max(data.problems, 1) + 0.5], showgrid=False, tickformat="d",
        dtick=max(1, round(data.problems / 16)), tick0=1,
    )  # fmt: skip
    middle = (len(data.seeds) - 1) / 2
    figure.update_yaxes(
        tickvals=[lines[setting, data.seeds[0]] + middle for setting in data.settings],
        ticktext=[safe(setting, 40) for setting in data.settings], showgrid=False, tickfont={"size": TEXT_SIZE - 2},
        range=[max(lines.values(), default=0) + 0.7, -0.7], color=palette.ink,
    )  # fmt: skip
    figure.update_layout(
        hoverdistance=-1,  # a cell is larger than its mark: wherever it is clicked, its mark is the nearest
        showlegend=bool(data.runs), margin={"t": 48},
        legend={"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top", "itemclick": False,
                "itemdoubleclick": False, "font": {"size": TEXT_SIZE - 1}},
    )  # fmt: skip
    keep_words(figure, (safe(run.label, NAME) for run in data.runs))
    if not data.runs:
        say(figure, theme, "No run is planned.")
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
    return figure


def _cells(figure: go.Figure, data: ExperimentGridData, colours: Sequence[str]) -> None:
    """One heatmap a setting would be many elements: this is one, whose rows have the heights of seeds and gaps."""
    step = len(data.seeds) + 1  # the row after a setting's seeds is the gap
    rows: list[list[int | None]] = [[None] * data.problems for _ in range(step * len(data.settings))]
    places = {setting: place for place, setting in enumerate(data.settings)}
    numbers = {seed: number for number, seed in enumerate(data.seeds)}
    for run in data.runs:
        rows[places[run.setting] * step + numbers[run.seed]][run.problem] = _code(run)
    edges: list[float] = []
    for place in range(len(data.settings)):
        first = place * (len(data.seeds) + 0.4)
        edges += [first + number - 0.5 for number in range(len(data.seeds) + 1)]
    edges.append(edges[-1] + 0.4)
    last = len(colours)
    scale = [(at / last, colour) for number, colour in enumerate(colours) for at in (number, number + 1)]
    figure.add_heatmap(
        z=rows, x=[number + 0.5 for number in range(data.problems + 1)], y=edges, zmin=-0.5, zmax=last - 0.5,
        colorscale=scale, showscale=False, hoverinfo="skip", xgap=1, ygap=1,
    )  # fmt: skip


def _sign(run: GridRun) -> str:
    """The right share in per cent, or a mark of what the cell says instead."""
    if run.share is not None:
        return f"{100 * run.share:.0f}"
    return {RunStatus.DONE: "?", RunStatus.FAILED: "!", RunStatus.RUNNING: "▸"}.get(run.status, "")


def _code(run: GridRun) -> int:
    """The place of a run's colour in ``_colours``."""
    if run.share is not None:
        return len(STATES) + round(BINS * run.share)
    return next(place for place, statuses in enumerate(STATES.values()) if run.status in statuses)


def _colours(theme: Theme) -> list[str]:
    """The colours of the states, then of the right shares from 0 to 1."""
    palette = PALETTES[theme]
    shares = []
    for step in range(BINS + 1):
        end = palette.verdicts[Verdict.RIGHT if 2 * step >= BINS else Verdict.WRONG]
        weight = abs(2 * step / BINS - 1)
        mixed = (
            round(int(palette.abstained[at : at + 2], 16) * (1 - weight) + int(end[at : at + 2], 16) * weight)
            for at in (1, 3, 5)
        )
        shares.append("#" + "".join(f"{part:02x}" for part in mixed))
    unknown = palette.verdicts[Verdict.UNKNOWN]
    return [palette.planned, palette.shades[1], palette.shades[3], palette.failed, unknown, *shares]


def _legend(figure: go.Figure, colours: Sequence[str]) -> None:
    named = [*STATES, "0 % right", "50 %", "100 % right"]
    places = [*range(len(STATES)), len(STATES), len(STATES) + BINS // 2, len(STATES) + BINS]
    for name, place in zip(named, places, strict=True):
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=name, hoverinfo="skip",
            marker={"symbol": "square", "size": 13, "color": colours[place]},
        )  # fmt: skip


def _hover(run: GridRun) -> str:
    state = run.status.value if run.status is not RunStatus.DONE else "done"
    lines = [safe(run.label, NAME), f"{safe(run.setting, 60)}, seed {run.seed}"]
    if run.share is not None and run.right is not None:
        lines.append(f"right {run.right[0]} of {sum(run.right)} ({percent(run.share)})")
    else:
        lines.append(f"{state}, {run.ended:,} of {counted(run.calls, 'call')}")
    return "<br>".join(lines)
