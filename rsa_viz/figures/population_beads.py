"""Beads of a population: every chain as a row of its steps, generations under one another, one heatmap.

What the colours and marks say of a step stands in ``step_state``, the strip of the chains' answers in ``answer_strip``.
Steps that state a chosen fragment are framed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from ..analysis.telling import counted, joined
from ..analysis.verdicts_by import KNOWN, VerdictsBy
from ..core.chain import Chain, ChainStatus, Slot, Step
from .answer_strip import Answered, strip_in_words, strip_traces, strip_width
from .canvas import say
from .step_state import STATE_MARKS, STATES, StepState, legend_above, legend_entries, state_fill, state_of
from .style import MARKS, PALETTES, Palette, Theme, dress, ink_on
from .words import safe_lines, why_line

ROOM = 460  # px that the rows share
HIGHEST_ROW = 26.0  # px
MARKED_ROW = 15.0  # px; lower rows carry no marks
NAMED_ROW = 17.0  # px; in lower rows generations are named and no chains
MARKED_STEPS = 64  # steps; in longer strings cells are too narrow for a mark
MARKED_CELLS = 20_000  # in larger pictures only some steps of a chain have a mark for the pointer
TOLD = 6_000  # cells; in larger pictures a hover names the step and does not read it
LONGEST = 400  # steps of a chain that are drawn
STEP_CAP = 160  # letters of a step that a hover shows


@dataclass(frozen=True, slots=True)
class BeadRow:
    """One chain: its cells (at most LONGEST of its ``steps``), and of each cell the hover's words, escaped.

    Where the picture is too large to read there are no words. ``framed`` are the places (from 0) of the steps that
    state the chosen fragment.
    """

    answered: Answered
    steps: int
    cells: tuple[StepState, ...]
    words: tuple[str, ...]
    framed: tuple[int, ...]

    @property
    def slot(self) -> Slot:
        """Where its chain stands."""
        return self.answered.slot


@dataclass(frozen=True, slots=True)
class PopulationBeadsData:
    """The rows in slot order; of one generation when ``t`` is given. ``by``: whose verdicts they are."""

    rows: tuple[BeadRow, ...]
    t: int | None
    fragment: str | None
    caption: str
    revision: str
    by: VerdictsBy = KNOWN


def population_beads_data(
    chains: Sequence[Chain],
    steps: Mapping[Slot, Sequence[Step]],
    texts: Mapping[Slot, str],
    t: int | None = None,
    *,
    fragment: str | None = None,
    by: VerdictsBy = KNOWN,
    run: str = "",
) -> PopulationBeadsData:
    """The beads of a run's ``chains`` (slot order), or of generation ``t`` alone.

    ``steps`` and ``texts`` are by slot; a chain that is missing in ``steps`` has none, one that is missing in ``texts``
    is not read by hovers. ``fragment`` names the steps that are framed, ``by`` whose verdicts the
    steps carry.
    """
    shown = [chain for chain in chains if t is None or chain.slot.t == t]
    told = sum(min(len(steps.get(chain.slot, ())), LONGEST) for chain in shown) <= TOLD
    rows = tuple(_row(chain, steps.get(chain.slot, ()), texts.get(chain.slot), told, fragment) for chain in shown)
    caption = " ".join(filter(None, (_caption(rows, t, fragment), by.told)))
    return PopulationBeadsData(rows, t, fragment, caption, run, by)


def _row(chain: Chain, steps: Sequence[Step], text: str | None, told: bool, fragment: str | None) -> BeadRow:
    drawn = steps[:LONGEST]
    cells = tuple(state_of(step) for step in drawn)
    words: tuple[str, ...] = ()
    if told and text is not None:
        words = tuple(
            f"chain {chain.slot}, step {place} of {len(steps)} · {cell.value}<br>"
            f"{safe_lines(text[step.start : step.end].strip(), STEP_CAP)}" + why_line(step.judgement)
            for place, (step, cell) in enumerate(zip(drawn, cells, strict=True), start=1)
        )
    framed = tuple(place for place, step in enumerate(drawn) if fragment is not None and step.fragment == fragment)
    return BeadRow(Answered.of(chain), len(steps), cells, words, framed)


def _caption(rows: Sequence[BeadRow], t: int | None, fragment: str | None) -> str:
    total = sum(row.steps for row in rows)
    if not total:
        return "No step to show."
    with_steps = sum(row.steps > 0 for row in rows)
    sums = {cell: sum(row.cells.count(cell) for row in rows) for cell in STATES}
    parts = [f"{sums[cell]:,} {cell.value}" for cell in STATES if sums[cell]]
    where = "" if t is None else f"Generation {t}: "
    words = [f"{where}{counted(total, 'step')} of {counted(with_steps, 'chain')}: {joined(parts)}."]
    first, last = rows[0].slot.t, max(row.slot.t for row in rows if row.steps)
    if first < last and sums[StepState.WRONG]:
        before, after = (_wrong(rows, end) for end in (first, last))
        words.append(f"Wrong steps: {before} in generation {first}, {after} in generation {last}.")
    if sums[StepState.CONSISTENT]:
        words.append("Consistent arithmetic does not make a step right.")
    cut = sum(row.steps > LONGEST for row in rows)
    words.append(strip_in_words([row.answered for row in rows]))
    if cut:
        words.append(f"Of {counted(cut, 'chain')} only the first {LONGEST} steps are drawn.")
    if fragment is not None:
        framed = sum(bool(row.framed) for row in rows)
        words.append(f"Framed: the steps of {counted(framed, 'chain')} that state the chosen fragment.")
    return " ".join(filter(None, words))


def _wrong(rows: Sequence[BeadRow], t: int) -> str:
    """``3 of 40 that are judged``; where nothing is ever right, because the task cannot say so, ``3`` alone."""
    cells = [cell for row in rows if row.slot.t == t for cell in row.cells]
    wrong, right = cells.count(StepState.WRONG), cells.count(StepState.RIGHT)
    if not any(StepState.RIGHT in row.cells for row in rows):
        return f"{wrong:,}"
    return f"{wrong:,} of {wrong + right:,} that are judged"


def population_beads_figure(data: PopulationBeadsData, theme: Theme) -> go.Figure:
    """One heatmap with transparent marks over it that read the step and can be clicked; each carries its chain and its
    step: [chain id, "t.i", step from 1]. Those of the strip at the left carry the chain alone."""
    palette = PALETTES[theme]
    figure = go.Figure()
    longest = max((len(row.cells) for row in data.rows), default=0)
    places = _places(data.rows)
    height = (places[-1] + 1) if places else 1
    row_px = min(HIGHEST_ROW, ROOM / height)
    width = max(longest, 8)
    if longest:
        figure.add_trace(_colours(data, places, height, longest, row_px, palette))
        figure.add_trace(_marks(data, places, longest, row_px, palette))
        if (frames := _frames(data, places, row_px, longest, palette)) is not None:
            figure.add_trace(frames)
        for entry in legend_entries({cell for row in data.rows for cell in row.cells}, palette, data.by):
            figure.add_trace(entry)
        answered = [row.answered for row in data.rows]
        for trace in strip_traces(answered, places, width, row_px, palette, marked=row_px >= MARKED_ROW):
            figure.add_trace(trace)
    dress(figure, theme, height=round(max(row_px * height, 110)) + 116, revision=f"{data.revision} {data.t}")
    if not longest:
        say(figure, theme, "No step to show.<br>Steps appear as chains end.")
    if longest:
        legend_above(figure)
    # a cell is larger than its mark: wherever it is pointed at, its mark is the nearest
    figure.update_layout(hovermode="closest", hoverdistance=-1)
    tick = next(step for step in (1, 2, 5, 10, 20, 50) if longest / step <= 20)
    figure.update_xaxes(
        title_text="step",
        range=[0.5 - strip_width(width), width + 0.5],
        showgrid=False,
        tickvals=sorted({1, *range(tick, longest + 1, tick)}) if longest else [],
    )
    figure.update_yaxes(range=[height - 0.4, -0.6], showgrid=False, showline=False, **_row_names(data, places, row_px))
    return figure


def _places(rows: Sequence[BeadRow]) -> list[int]:
    """The row of the picture in which each chain stands: between two generations some are left free."""
    sizes: dict[int, int] = {}
    for row in rows:
        sizes[row.slot.t] = sizes.get(row.slot.t, 0) + 1
    gap = max(1, round(max(sizes.values(), default=1) / 12))
    before: dict[int, int] = {}
    place = 0
    for number, (t, size) in enumerate(sizes.items()):
        before[t] = place + number * gap
        place += size
    found = []
    for row in rows:
        found.append(before[row.slot.t])
        before[row.slot.t] += 1
    return found


def _colours(
    data: PopulationBeadsData, places: Sequence[int], height: int, longest: int, row_px: float, palette: Palette
) -> go.Heatmap:
    codes = np.zeros((height, longest), dtype=np.uint8)
    numbers = {cell: number for number, cell in enumerate(STATES, start=1)}
    for row, place in zip(data.rows, places, strict=True):
        codes[place, : len(row.cells)] = [numbers[cell] for cell in row.cells]
    colours = [palette.background, *(state_fill(cell, palette) for cell in STATES)]
    scale = [
        [(number + end) / len(colours), colour] for number, colour in enumerate(colours) for end in (0, 1)
    ]  # fmt: skip
    wide = longest <= 120
    return go.Heatmap(
        x=np.arange(1, longest + 1, dtype=np.int16), y=np.arange(height, dtype=np.int32), z=codes, zmin=-0.5,
        zmax=len(colours) - 0.5, colorscale=scale, showscale=False, hoverinfo="skip",
        xgap=(3 if row_px > 8 else 1) if wide else 0, ygap=3 if row_px > 12 else 1 if row_px > 6 else 0,
    )  # fmt: skip


def _marks(
    data: PopulationBeadsData, places: Sequence[int], longest: int, row_px: float, palette: Palette
) -> go.Scatter | go.Scattergl:
    stride = 1 + sum(len(row.cells) for row in data.rows) // MARKED_CELLS
    cells = [
        (row, place, step)
        for row, place in zip(data.rows, places, strict=True)
        for step in range(0, len(row.cells), stride)
    ]
    names = {row.slot: (row.answered.id, str(row.slot)) for row in data.rows}
    marked = row_px >= MARKED_ROW and longest <= MARKED_STEPS
    told = any(row.words for row in data.rows)
    common = {
        "x": np.array([step + 1 for _, _, step in cells], dtype=np.int16),
        "y": np.array([place for _, place, _ in cells], dtype=np.int32),
        "customdata": [(*names[row.slot], step + 1) for row, _, step in cells],
        "marker": {"size": max(row_px, 5), "symbol": "square", "color": palette.ink, "opacity": 0},
        "selected": {"marker": {"opacity": 0}},
        "unselected": {"marker": {"opacity": 0}},
        "showlegend": False,
    }
    if told:
        common["hovertext"] = [
            row.words[step] if row.words else f"chain {row.slot}, step {step + 1}" for row, _, step in cells
        ]
        common["hovertemplate"] = "%{hovertext}<extra></extra>"
    else:
        near = "" if stride == 1 else "near "
        common["hovertemplate"] = f"chain %{{customdata[1]}}, {near}step %{{x}}<extra></extra>"
    if not marked:
        return (go.Scatter if len(cells) <= TOLD else go.Scattergl)(mode="markers", **common)
    inks = {cell: ink_on(state_fill(cell, palette)) for cell in STATES}
    return go.Scatter(
        mode="markers+text",
        text=[STATE_MARKS[row.cells[step]] for row, _, step in cells],
        textposition="middle center",
        textfont={"size": min(15, row_px * 0.6), "color": [inks[row.cells[step]] for row, _, step in cells]},
        **common,
    )


def _frames(
    data: PopulationBeadsData, places: Sequence[int], row_px: float, longest: int, palette: Palette
) -> go.Scatter | None:
    framed = [(row, place, step) for row, place in zip(data.rows, places, strict=True) for step in row.framed]
    if not framed:
        return None
    size = max(6.0, min(row_px, 760 / max(longest, 8)))
    return go.Scatter(
        x=[step + 1 for _, _, step in framed], y=[place for _, place, _ in framed], mode="markers", name="chosen",
        hoverinfo="skip", customdata=[(row.answered.id, str(row.slot), step + 1) for row, _, step in framed],
        marker={
            "symbol": "square-open", "size": size, "color": palette.accent,
            "line": {"width": 3 if row_px > 8 else 2, "color": palette.accent},
        },
    )  # fmt: skip


def _row_names(data: PopulationBeadsData, places: Sequence[int], row_px: float) -> dict[str, object]:
    """Ticks: chains by name where there is room, else generations at their middle row."""
    if row_px >= NAMED_ROW:
        return {
            "tickvals": list(places),
            "ticktext": [f"{row.slot} {_state(row)}" for row in data.rows],
            "title_text": "chain",
        }
    middles: dict[int, list[int]] = {}
    for row, place in zip(data.rows, places, strict=True):
        middles.setdefault(row.slot.t, []).append(place)
    step = max(1, round(len(middles) / 24))
    named = [t for t in middles if t == 1 or len(middles) <= 24 or t % step == 0]
    return {
        "tickvals": [(middles[t][0] + middles[t][-1]) / 2 for t in named],
        "ticktext": [str(t) for t in named],
        "title_text": "generation",
    }


def _state(row: BeadRow) -> str:
    done = row.answered.status is ChainStatus.DONE
    return MARKS[row.answered.verdict] if done else row.answered.status.value
