"""The board: generation on x, slot on y, one cell a chain, from the first planned cell to the last verdict.

Cells are a heatmap, so that they fill the plane at any size and zoom; over them lies one trace of selectable markers
that carries the marks (● ✕ ?). Chains being written are drawn as bars that fill.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import plotly.graph_objects as go

from ..core.aside import Aside
from ..core.chain import Chain, ChainOrigin, ChainStatus, InFlight, Slot, Verdict
from .said_of_chains import ACCEPTED, about
from .style import MARKS, PALETTES, TEXT_SIZE, Palette, Theme, dress


class Cell(StrEnum):
    """What a cell of the board says of its chain; the words stand in the legend."""

    PLANNED = "planned"
    WRITING = "being written"
    WAITING = "waiting to retry"
    FAILED = "failed"
    ABSTAINED = "no answer"
    UNKNOWN = "unknown"
    WRONG = "wrong"
    RIGHT = "right"


CELLS = tuple(Cell)
NO_MARK = "\u00a0"  # a space; plotly would not bring a mark back where the text was empty before
MARK: Mapping[Cell, str] = {
    Cell.PLANNED: NO_MARK,
    Cell.WRITING: NO_MARK,
    Cell.WAITING: "↻",
    Cell.FAILED: "!",
    Cell.ABSTAINED: "–",
    Cell.UNKNOWN: MARKS[Verdict.UNKNOWN],
    Cell.WRONG: MARKS[Verdict.WRONG],
    Cell.RIGHT: MARKS[Verdict.RIGHT],
}
PLANTED = "✎"  # after the mark of a chain that a person wrote
CUT = "…"  # after the mark of a chain that was cut at its token limit

ROOM = 440  # px that the rows share
HIGHEST_ROW = 26  # px
MARKED_ROW = 11  # px; marks are dropped in lower rows
FULL_WIDTH_FROM = 9  # generations; a board of fewer keeps the cell width of this many
TOLD = 2500  # cells; in larger boards the hover text leaves out the answers
BARS = 256  # chains being written; more of them, or in rows lower than BAR_ROW px, are drawn as plain cells
BAR_ROW = 4


@dataclass(frozen=True, slots=True)
class BoardCell:
    """One chain as the board shows it.

    ``progress`` is how far a chain being written has come, in 0..1, against the mean length of those that are done
    (0.5 while none is); None for other cells. ``truncated``: it was cut at its token limit.
    ``planted``: a person wrote it. ``accepted``: what its verification said, None without one that can be read.
    """

    id: int
    slot: Slot
    cell: Cell
    answer: str | None = None
    truncated: bool = False
    fresh: bool = False
    progress: float | None = None
    planted: bool = False
    accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class BoardData:
    """A board: its cells in slot order, generations, the widest generation, and the chain under the eye."""

    cells: tuple[BoardCell, ...]
    generations: int
    slots: int
    eye: Slot | None
    caption: str
    revision: str


def board_data(
    chains: Sequence[Chain],
    in_flight: Sequence[InFlight] = (),
    *,
    asides: Sequence[Aside] = (),
    eye: Slot | None = None,
    revision: str = "board",
) -> BoardData:
    """The board of a run's chains (planned ones included, in slot order), of what is being written, and of what the
    calls about the chains said.

    ``revision`` names the run: while it stays, a refresh keeps the viewer's zoom. No chains give an empty board.
    """
    flying = {flight.slot: flight for flight in in_flight}
    lengths = [chain.characters for chain in chains if chain.status is ChainStatus.DONE and chain.characters]
    usual = sum(lengths) / len(lengths) if lengths else None
    said = {aside.slot: aside.accepted for aside in asides}
    cells = tuple(_cell(chain, flying.get(chain.slot), usual, said.get(chain.slot)) for chain in chains)
    return BoardData(
        cells=cells,
        generations=max((cell.slot.t for cell in cells), default=0),
        slots=max((cell.slot.i for cell in cells), default=0),
        eye=eye,
        caption=" ".join([_caption(cells), *about(asides, in_flight)]),
        revision=revision,
    )


def _cell(chain: Chain, flight: InFlight | None, usual: float | None, accepted: bool | None) -> BoardCell:
    progress = None
    if chain.status is ChainStatus.FAILED:
        cell = Cell.FAILED
    elif chain.status is ChainStatus.DONE:
        cell = Cell.ABSTAINED if chain.answer is None else Cell(chain.verdict.value)
    elif flight is None:
        cell = Cell.PLANNED
    elif flight.waiting_until is not None:
        cell = Cell.WAITING
    else:
        cell = Cell.WRITING
        progress = min(1.0, flight.characters / usual) if usual else 0.5
    planted = chain.origin is ChainOrigin.PLANTED
    return BoardCell(
        chain.id, chain.slot, cell, chain.answer, chain.truncated, chain.fresh, progress, planted, accepted
    )


def _caption(cells: Sequence[BoardCell]) -> str:
    if not cells:
        return "No chains are planned."
    counts = {kind: sum(cell.cell is kind for cell in cells) for kind in CELLS}
    open_cells = counts[Cell.PLANNED] + counts[Cell.WRITING] + counts[Cell.WAITING]
    ended = len(cells) - open_cells
    told = [
        f"{counts[kind]:,} {kind.value}"
        for kind in (Cell.RIGHT, Cell.WRONG, Cell.UNKNOWN, Cell.ABSTAINED, Cell.FAILED)
        if counts[kind]
    ]
    words = "1 chain has" if len(cells) == 1 else f"{len(cells):,} chains have"
    sentence = f"{ended:,} of {words} ended" + (f": {', '.join(told)}." if told else ".")
    cut = sum(cell.truncated for cell in cells)
    if cut:
        sentence += f" {cut:,} {'was' if cut == 1 else 'were'} cut at the token limit ({CUT})."
    planted = sum(cell.planted for cell in cells)
    if planted:
        sentence += f" {planted:,} {'was' if planted == 1 else 'were'} planted by a person ({PLANTED})."
    if counts[Cell.WRITING]:
        sentence += f" {counts[Cell.WRITING]:,} {'is' if counts[Cell.WRITING] == 1 else 'are'} being written."
    return sentence


def board_figure(data: BoardData, theme: Theme) -> go.Figure:
    """Draw the board. Its markers carry customdata [chain id, "t.i"]."""
    palette = PALETTES[theme]
    row = min(HIGHEST_ROW, max(1.4, ROOM / max(data.slots, 1)))
    figure = go.Figure()
    figure.add_trace(_colours(data, palette, row))
    figure.add_trace(_markers(data, palette, row))
    for kind in reversed(CELLS):
        if any(cell.cell is kind for cell in data.cells):
            figure.add_trace(_legend_entry(kind, palette))
    if any(cell.accepted for cell in data.cells):
        figure.add_trace(_legend_words(f"{ACCEPTED} accepted by its verification"))
    dress(figure, theme, height=round(max(row * data.slots, 60) + 128), revision=data.revision)
    figure.update_layout(
        shapes=_shapes(data, palette, row),
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"size": TEXT_SIZE},
        },
        margin={"t": 48},
    )
    wide = min(1.0, max(data.generations, 1) / FULL_WIDTH_FROM)
    figure.update_xaxes(
        title_text="generation",
        range=[0.5, max(data.generations, 1) + 0.5],
        domain=[0, wide],
        dtick=1 if data.generations <= 25 else None,
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        title_text="slot",
        range=[max(data.slots, 1) + 0.5, 0.5],
        dtick=_tick(data.slots),
        tick0=1 if data.slots <= 20 else 0,
        showgrid=False,
        zeroline=False,
    )
    if not data.cells:
        figure.add_annotation(text="no chains are planned", showarrow=False, font={"size": TEXT_SIZE}, x=1, y=1)
    return figure


def _tick(slots: int) -> int:
    return next((step for step in (1, 2, 4, 8, 16, 50, 100, 200, 500) if slots / step <= 16), 1000)


def _fill(kind: Cell, palette: Palette, bars: bool = True) -> str:
    if kind in (Cell.RIGHT, Cell.WRONG, Cell.UNKNOWN):
        return palette.verdicts[Verdict(kind.value)]
    if kind is Cell.FAILED:
        return palette.failed
    if kind is Cell.WRITING and not bars:
        return palette.muted
    return palette.abstained if kind is Cell.ABSTAINED else palette.planned


def _ink(kind: Cell, palette: Palette) -> str:
    return palette.background if kind in (Cell.RIGHT, Cell.WRONG, Cell.UNKNOWN, Cell.FAILED) else palette.ink


def _edge(kind: Cell, palette: Palette) -> str:
    return palette.ink if kind is Cell.WRITING else palette.muted


def _colours(data: BoardData, palette: Palette, row: float) -> go.Heatmap:
    codes: list[list[int | None]] = [[None] * data.generations for _ in range(data.slots)]
    for cell in data.cells:
        codes[cell.slot.i - 1][cell.slot.t - 1] = CELLS.index(cell.cell)
    scale: list[list[object]] = []
    for code, kind in enumerate(CELLS):
        colour = _fill(kind, palette, _bars(data, row))
        scale += [[code / len(CELLS), colour], [(code + 1) / len(CELLS), colour]]
    return go.Heatmap(
        x=list(range(1, data.generations + 1)),
        y=list(range(1, data.slots + 1)),
        z=codes,
        zmin=-0.5,
        zmax=len(CELLS) - 0.5,
        colorscale=scale,
        showscale=False,
        hoverinfo="skip",
        xgap=4 if data.generations <= 25 else 1 if data.generations <= 100 else 0,
        ygap=3 if row > 16 else 1 if row > 4 else 0,
    )


def _markers(data: BoardData, palette: Palette, row: float) -> go.Scatter | go.Scattergl:
    told = len(data.cells) <= TOLD
    marked = row >= MARKED_ROW and told
    markers = {
        "x": [cell.slot.t for cell in data.cells],
        "y": [cell.slot.i for cell in data.cells],
        "customdata": [[cell.id, str(cell.slot)] for cell in data.cells],
        "hovertext": [_hover(cell, told) for cell in data.cells],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"size": max(row, 4), "symbol": "square", "color": palette.ink, "opacity": 0},
        "selected": {"marker": {"opacity": 0}},
        "unselected": {"marker": {"opacity": 0}},
        "showlegend": False,
    }
    if not marked:
        return (go.Scatter if told else go.Scattergl)(mode="markers", **markers)
    return go.Scatter(
        mode="markers+text",
        text=[_mark(cell) for cell in data.cells],
        textposition="middle center",
        textfont={"size": min(16, row * 0.62), "color": [_ink(cell.cell, palette) for cell in data.cells]},
        **markers,
    )


def _mark(cell: BoardCell) -> str:
    return (
        MARK[cell.cell]
        + (CUT if cell.truncated else "")
        + (ACCEPTED if cell.accepted else "")
        + (PLANTED if cell.planted else "")
    )


def _hover(cell: BoardCell, told: bool) -> str:
    words = f"chain {cell.slot}: {cell.cell.value}"
    if told and cell.answer is not None:
        answer = cell.answer if len(cell.answer) <= 60 else cell.answer[:59] + "…"
        words += f"<br>answer {html.escape(answer)}"
    if cell.truncated:
        words += "<br>cut at the token limit"
    if cell.fresh:
        words += "<br>sampled afresh"
    if cell.accepted is not None:
        words += "<br>accepted by its verification" if cell.accepted else "<br>rejected by its verification"
    if cell.planted:
        words += "<br>planted by a person"
    return words


def _legend_entry(kind: Cell, palette: Palette) -> go.Scatter:
    mark = MARK[kind]
    return go.Scatter(
        x=[None],
        y=[None],
        mode="markers",
        name=f"{mark} {kind.value}".strip(),
        hoverinfo="skip",
        marker={
            "symbol": "square",
            "size": 15,
            "color": _fill(kind, palette, bars=False),
            "line": {"width": 3 if kind is Cell.WRITING else 1, "color": _edge(kind, palette)},
        },
    )


def _legend_words(words: str) -> go.Scatter:
    """A line of the legend for a mark that cells of several kinds may carry."""
    marker = {"symbol": "square", "size": 1, "color": "rgba(0, 0, 0, 0)"}
    return go.Scatter(x=[None], y=[None], mode="markers", name=words, hoverinfo="skip", marker=marker)


def _bars(data: BoardData, row: float) -> bool:
    return row >= BAR_ROW and sum(cell.progress is not None for cell in data.cells) <= BARS


def _shapes(data: BoardData, palette: Palette, row: float) -> list[dict[str, object]]:
    writing = [cell for cell in data.cells if cell.progress is not None]
    shapes: list[dict[str, object]] = []
    for cell in writing if _bars(data, row) else ():
        left, top = cell.slot.t - 0.44, cell.slot.i - 0.38
        right, bottom = cell.slot.t + 0.44, cell.slot.i + 0.38
        filled = left + (right - left) * (cell.progress or 0.0)
        edge = {"type": "rect", "y0": top, "y1": bottom, "x0": left}
        shapes.append({**edge, "x1": filled, "fillcolor": palette.ink, "line": {"width": 0}, "opacity": 0.55})
        shapes.append({**edge, "x1": right, "line": {"width": 2 if row > 10 else 1, "color": palette.ink}})
    if data.eye is not None and any(cell.slot == data.eye for cell in data.cells):
        t, i = data.eye
        frame = {"type": "rect", "x0": t - 0.5, "x1": t + 0.5, "y0": i - 0.5, "y1": i + 0.5}
        shapes.append({**frame, "line": {"width": 4, "color": palette.ink}})
    return shapes
