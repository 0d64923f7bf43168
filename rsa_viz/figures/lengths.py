"""Lengths: how long the chains of each generation are, and how many were cut, empty or lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..analysis.generations import Generation, LengthUnit, by_generation, chain_length, length_unit
from ..analysis.intervals import Quartiles
from ..analysis.telling import counted, joined
from ..core.chain import Chain, ChainOrigin, ChainStatus
from .canvas import end_labels, first_of_generations, generation_axis, point_out, say
from .style import PALETTES, TEXT_SIZE, Theme, dress, veil
from .words import told

TROUBLES = ("truncated", "empty", "failed")
MOST_DOTS = 2_000  # beyond them single chains would be a smear and slow; the boxes say it all


@dataclass(frozen=True, slots=True)
class LengthsRow:
    """One generation: quartiles of its done chains' lengths (None while none is done), how many lengths that counts,
    and how many chains were truncated, empty, failed."""

    t: int
    first: tuple[int, str]
    spread: Quartiles | None
    measured: int
    troubles: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class LengthsData:
    """What the picture of lengths shows.

    ``dots`` are the done chains with their lengths, empty when they are too many to be told apart; ``width`` the number
    of slots of the widest generation; ``unit`` one for the whole run: characters where a server told no token counts.
    """

    rows: tuple[LengthsRow, ...]
    dots: tuple[tuple[Chain, int], ...]
    width: int
    unit: LengthUnit
    chosen: int | None
    caption: str
    revision: str


def lengths_data(
    chains: Sequence[Chain],
    chosen: int | None = None,
    *,
    generations: Sequence[Generation] | None = None,
    run: str = "",
) -> LengthsData:
    """The lengths of a run's ``chains`` (slot order) by generation. ``generations`` saves counting them again."""
    firsts = first_of_generations(chains)
    rows = tuple(
        LengthsRow(one.t, firsts[one.t], one.lengths, one.done, (one.truncated, one.empty, one.failed))
        for one in (by_generation(chains) if generations is None else generations)
    )
    unit = length_unit(chains)
    done = [chain for chain in chains if chain.status is ChainStatus.DONE and chain.origin is not ChainOrigin.PLANTED]
    dots = tuple((chain, chain_length(chain, unit)) for chain in done) if len(done) <= MOST_DOTS else ()
    width = max((chain.slot.i for chain in chains), default=1)
    return LengthsData(rows, dots, width, unit, chosen, _caption(rows, unit), run)


def _caption(rows: Sequence[LengthsRow], unit: str) -> str:
    known = [row for row in rows if row.spread]
    if not known:
        return "No chain has ended yet."
    ends = (known[0], known[-1]) if len(known) > 1 else (known[0],)
    words = [
        " → ".join(f"Generation {row.t}: median {row.spread.median:,.0f} {unit}" for row in ends if row.spread) + "."
    ]
    sums = [sum(row.troubles[place] for row in rows) for place in range(len(TROUBLES))]
    found = [f"{number:,} {name}" for number, name in zip(sums, TROUBLES, strict=True) if number]
    words.append(f"{joined(found)} of {counted(sum(row.measured + row.troubles[2] for row in rows), 'chain')}."
                 if found else "No chain was truncated, empty or failed.")  # fmt: skip
    if unit == "characters":
        words.append("Lengths are in characters, because the server told no token counts.")
    return " ".join(words)


def lengths_figure(data: LengthsData, theme: Theme) -> go.Figure:
    """Above: a box a generation from quartile to quartile, and every chain as a dot. Below: counts of troubles."""
    palette = PALETTES[theme]
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.68, 0.32], vertical_spacing=0.06)
    known = [(row, row.spread) for row in data.rows if row.spread is not None]
    last = data.rows[-1].t if data.rows else 1
    if known:
        figure.add_bar(
            x=[row.t for row, _ in known],
            base=[spread.low for _, spread in known],
            y=[spread.high - spread.low for _, spread in known],
            width=0.7, marker={"color": veil(palette.muted, 0.22), "line": {"width": 2, "color": palette.muted}},
            hoverinfo="skip", row=1, col=1,
        )  # fmt: skip
        if data.dots:
            figure.add_scatter(
                x=[chain.slot.t + 0.6 * ((chain.slot.i - 0.5) / data.width - 0.5) for chain, _ in data.dots],
                y=[length for _, length in data.dots], mode="markers",
                marker={"size": 7 if len(data.dots) <= 600 else 4, "color": palette.ink, "opacity": 0.55},
                customdata=[(chain.id, str(chain.slot)) for chain, _ in data.dots],
                hovertext=[told(chain) for chain, _ in data.dots], hoverinfo="text", row=1, col=1,
            )  # fmt: skip
        figure.add_scatter(
            x=[row.t for row, _ in known], y=[spread.median for _, spread in known], mode="lines+markers",
            line={"width": 3, "color": palette.accent},
            marker={"size": 13 if last <= 24 else 6, "color": palette.accent, "symbol": "diamond",
                    "line": {"width": 1.5, "color": palette.background}},
            customdata=[row.first for row, _ in known],
            hovertext=[_hover(row, data.unit) for row, _ in known], hoverinfo="text", row=1, col=1,
        )  # fmt: skip
    ended = [row for row in data.rows if row.measured or row.troubles[2]]
    if ended:
        _strip(figure, ended, theme)
    else:
        say(figure, theme, "No chain has ended yet.")
    point_out(figure, data.chosen, last, palette.accent)
    dress(figure, theme, height=400, revision=data.revision)
    generation_axis(figure, last)
    figure.update_xaxes(title_text="", row=1, col=1)
    figure.update_yaxes(title_text=f"{data.unit} out", rangemode="tozero", tickformat=",d", nticks=6, row=1, col=1)
    figure.update_yaxes(range=[-0.6, 2.6], tickvals=[2, 1, 0], ticktext=list(TROUBLES), showgrid=False, row=2, col=1)
    if known:
        middle = known[-1][1].median
        label = (middle, f"median<br>{middle:,.0f}", palette.accent)
        end_labels(figure, [label], x=known[-1][0].t + 0.36, gap=0, low=0, high=middle)
    return figure


def _strip(figure: go.Figure, rows: Sequence[LengthsRow], theme: Theme) -> None:
    palette = PALETTES[theme]
    for place, name in enumerate(TROUBLES):
        numbers = [row.troubles[place] for row in rows]
        figure.add_scatter(
            x=[row.t for row in rows],
            y=[len(TROUBLES) - 1 - place] * len(rows),
            mode="markers+text" if rows[-1].t <= 24 else "markers",
            text=[f"{number}" if number else "" for number in numbers],
            textfont={"size": TEXT_SIZE, "weight": 700, "color": palette.ink},
            marker={
                "symbol": "square",
                "size": [26 if number else 5 for number in numbers],
                "color": [palette.grid if number else palette.muted for number in numbers],
                "line": {"width": [2 if number else 0 for number in numbers], "color": palette.muted},
            },
            customdata=[row.first for row in rows],
            hovertext=[
                f"generation {row.t}<br>{counted(number, 'chain')} {name}"
                for row, number in zip(rows, numbers, strict=True)
            ],
            hoverinfo="text",
            row=2,
            col=1,
        )


def _hover(row: LengthsRow, unit: str) -> str:
    if row.spread is None:
        return f"generation {row.t}<br>no length yet"
    return (
        f"generation {row.t}<br>median {row.spread.median:,.0f} {unit}"
        f"<br>half of {counted(row.measured, 'chain')}: {row.spread.low:,.0f} to {row.spread.high:,.0f}"
    )
