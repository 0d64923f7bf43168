"""Copy or synthesis by generation: how many children of each kind, and how many donors they have in effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..analysis.synthesis import Kind, Taken, TakenIn, taken_by_generation
from ..analysis.telling import counted
from ..core.chain import Chain
from .canvas import generation_axis, say
from .step_state import legend_above
from .style import PALETTES, TEXT_SIZE, Palette, Theme, dress, ink_on, veil
from .words import percent


@dataclass(frozen=True, slots=True)
class SynthesisCourseData:
    """The rows by generation; ``firsts`` are, of each kind in each generation, its first chain as (id, "t.i")."""

    rows: tuple[TakenIn, ...]
    firsts: Mapping[tuple[int, Kind], tuple[int, str]]
    k: int
    last: int
    caption: str
    revision: str


def synthesis_course_data(chains: Sequence[Chain], taken: Sequence[Taken], *, run: str = "") -> SynthesisCourseData:
    """The children ``taken`` of a run's ``chains`` by generation."""
    ids = {chain.slot: chain.id for chain in chains}
    firsts: dict[tuple[int, Kind], tuple[int, str]] = {}
    for one in taken:
        firsts.setdefault((one.slot.t, one.kind), (ids[one.slot], str(one.slot)))
    rows = taken_by_generation(taken)
    k = max((len(chain.parents) for chain in chains), default=1)
    last = max((chain.slot.t for chain in chains), default=1)
    return SynthesisCourseData(rows, firsts, k, last, _caption(rows), run)


def _caption(rows: Sequence[TakenIn]) -> str:
    if not rows:
        return "No child with steps yet, so nothing is copied."
    first, last = rows[0], rows[-1]
    words = [f"Generation {last.t}: {_kinds(last)}."]
    if first is not last:
        words = [f"From generation {first.t} to generation {last.t}: {_kinds(first)} → {_kinds(last)}."]
    donors = last.effective_donors
    words.append(
        f"In generation {last.t} half of the children have {donors.low:.1f} to {donors.high:.1f} donors in effect "
        f"(median {donors.median:.1f}), and {last.used:.1f} parents used on average."
    )
    words.append(
        "Of a step that stands in several parents each counts as its donor, so alike parents make many donors."
    )
    return " ".join(words)


def _kinds(row: TakenIn) -> str:
    return f"{row.kinds[Kind.CLONE]}/{row.children} clones, {row.kinds[Kind.SYNTHESIS]}/{row.children} syntheses"


def kind_colours(palette: Palette) -> Mapping[Kind, str]:
    """A colour a kind, none of them that of right or wrong."""
    donors = palette.donors
    return dict(zip(Kind, (donors[0], donors[2], donors[1], donors[5]), strict=True))


def synthesis_course_figure(data: SynthesisCourseData, theme: Theme) -> go.Figure:
    """Above: stacked bars with counts. Below: the median of donors in effect in the band of the middle half, and the
    mean number of parents used."""
    palette = PALETTES[theme]
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.58, 0.42], vertical_spacing=0.09)
    written = data.last <= 24
    for kind, colour in kind_colours(palette).items():
        rows = [row for row in data.rows if row.kinds[kind]]
        if not rows:
            continue
        figure.add_bar(
            x=[row.t for row in rows], y=[row.kinds[kind] for row in rows], name=kind.value, width=0.8,
            marker={"color": colour, "line": {"width": 1, "color": palette.background}},
            text=[str(row.kinds[kind]) if written and row.kinds[kind] * 12 >= row.children else "" for row in rows],
            textposition="inside", insidetextanchor="middle", textangle=0, constraintext="none",
            textfont={"size": TEXT_SIZE - 1, "color": ink_on(colour)},
            customdata=[data.firsts[row.t, kind] for row in rows],
            hovertext=[
                f"generation {row.t}<br>{kind.value} {row.kinds[kind]} of {counted(row.children, 'child', 'children')} "
                f"({percent(row.kinds[kind] / row.children)})"
                for row in rows
            ],
            hoverinfo="text", row=1, col=1,
        )  # fmt: skip
    if data.rows:
        _donors(figure, data.rows, palette)
    dress(figure, theme, height=470, revision=data.revision)
    if data.rows:
        legend_above(figure)
    else:
        say(figure, theme, "No child with steps yet.")
    generation_axis(figure, data.last)
    figure.update_xaxes(title_text="", row=1, col=1)
    figure.update_yaxes(title_text="children", tickformat=",d", nticks=5, row=1, col=1)
    figure.update_yaxes(title_text="donors", range=[0, max(data.k, 2) + 0.3], tickformat=",d", nticks=5, row=2, col=1)
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    return figure


def _donors(figure: go.Figure, rows: Sequence[TakenIn], palette: Palette) -> None:
    times, ink = [row.t for row in rows], palette.shades[3]
    firsts = [(0, f"{row.t}.1") for row in rows]
    figure.add_scatter(
        x=[*times, *reversed(times)], mode="lines", fill="toself", fillcolor=veil(ink, 0.25),
        name="half of the children",
        y=[row.effective_donors.high for row in rows] + [row.effective_donors.low for row in reversed(rows)],
        line={"width": 0 if len(rows) > 1 else 10, "color": veil(ink, 0.25)}, hoverinfo="skip", row=2, col=1,
    )  # fmt: skip
    for name, dash, symbol, colour, values in (
        ("donors in effect", "solid", "circle", ink, [row.effective_donors.median for row in rows]),
        ("parents used", "dot", "square", palette.ink, [row.used for row in rows]),
    ):
        figure.add_scatter(
            x=times, y=values, mode="lines+markers", name=name, line={"width": 3, "dash": dash, "color": colour},
            marker={"size": 9, "symbol": symbol, "color": colour}, customdata=firsts, hoverinfo="text",
            hovertext=[
                f"generation {row.t}<br>median {row.effective_donors.median:.1f} donors in effect<br>"
                f"half of {counted(row.children, 'child', 'children')}: {row.effective_donors.low:.1f} to "
                f"{row.effective_donors.high:.1f}<br>{row.used:.1f} parents used on average"
                for row in rows
            ],
            row=2, col=1,
        )  # fmt: skip
