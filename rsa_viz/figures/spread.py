"""The spread of a few fragments as curves, and what right and wrong fragments hold of all that is carried.

The grey band is what blind copying of one random parent would give the chosen fragment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ..analysis.drift import Drift
from ..analysis.fragments import Fragment, Kinds, Spread, kinds_by_generation
from ..analysis.telling import counted
from ..core.chain import Chain, Verdict
from .canvas import end_labels, first_of_generations, generation_axis, percent_axis, say
from .fragments import FragmentRow, Mark, fragment_hover, fragment_row
from .spoken import keep_words
from .style import ANSWER_COLOURS, MARKS, PALETTES, SYMBOLS, Theme, dress, veil
from .words import one_line, percent, safe

CURVES = 6
NAME_CAP = 24  # letters of a fragment at its line's end


@dataclass(frozen=True, slots=True)
class SpreadData:
    """The curves of some fragments, the chosen one first, and the neutral band of that one."""

    rows: tuple[FragmentRow, ...]
    band: tuple[Drift, ...]
    generations: int
    caption: str
    revision: str


def spread_data(
    chains: Sequence[Chain],
    found: Spread,
    keys: Sequence[str],
    band: Sequence[Drift] = (),
    *,
    run: str = "",
) -> SpreadData:
    """The spread of the fragments ``keys``, at most CURVES of them; ``band`` is the neutral spread of the first."""
    ids = {chain.slot: chain.id for chain in chains}
    chosen = [one for key in keys[:CURVES] if (one := found.find(key)) is not None]
    caption = _spread_caption(chosen[0], band) if chosen else "No fragment is chosen."
    return SpreadData(tuple(fragment_row(one, ids) for one in chosen), tuple(band), len(found.done), caption, run)


def _spread_caption(one: Fragment, band: Sequence[Drift]) -> str:
    there = [(t, share) for t, share in enumerate(one.shares, start=1) if share is not None and t >= one.first.t]
    (begun, first), (last, final) = there[0], there[-1]
    words = [f"{one_line(one.key, 60)} ({one.verdict.value}) first stands in chain {one.first}:"]
    words.append(
        f"{percent(first)} of generation {begun}."
        if begun == last
        else f"{percent(first)} of generation {begun}, {percent(final)} of generation {last}."
    )
    if one.fixed_at is not None and len(one.shares) > 1:
        words.append(f"In every chain from generation {one.fixed_at} on.")
    if one.lost_at is not None:
        words.append(f"Died out in generation {one.lost_at}.")
    neutral = next((drifted for drifted in band if drifted.t == last), None)
    if neutral is not None and neutral.low is not None and neutral.high is not None and last > begun:
        where = "above" if final > neutral.high else "below" if final < neutral.low else "within"
        words.append(
            f"Copying one random parent would give {percent(neutral.low)} to {percent(neutral.high)} there "
            f"(90 % band); it ended {where} it."
        )
    if one.judged:
        words.append(f"Of its carriers {one.right:,} of {one.judged:,} are right: an association, no cause.")
    return " ".join(words)


def spread_figure(data: SpreadData, theme: Theme) -> go.Figure:
    """The chosen fragment as a thick line over its neutral band; the others are thin."""
    palette = PALETTES[theme]
    figure = go.Figure()
    banded = [one for one in data.band if one.low is not None]
    if data.rows and banded:
        figure.add_scatter(
            x=[one.t for one in banded] + [one.t for one in reversed(banded)],
            y=[one.high for one in banded] + [one.low for one in reversed(banded)],
            fill="toself", fillcolor=veil(palette.muted, 0.22), mode="lines", hoverinfo="skip",
            line={"width": 0 if len(banded) > 1 else 12, "color": veil(palette.muted, 0.22)},
        )  # fmt: skip
        figure.add_scatter(
            x=[one.t for one in banded], y=[one.expected for one in banded], mode="lines", hoverinfo="skip",
            line={"width": 2, "dash": "dot", "color": palette.muted},
        )  # fmt: skip
    labels: list[tuple[float, str, str]] = []
    for number, row in enumerate(data.rows):
        colour = palette.accent if number == 0 else ANSWER_COLOURS[number - 1]
        there = [t for t in range(1, data.generations + 1) if row.shares[t - 1] is not None]
        figure.add_scatter(
            x=there, y=[row.shares[t - 1] for t in there], mode="lines+markers",
            line={"width": 4 if number == 0 else 2.5, "color": colour},
            marker={"size": 11 if number == 0 else 8, "color": colour, "symbol": SYMBOLS[row.verdict]},
            customdata=[row.marks[t - 1] for t in there], hovertext=[fragment_hover(row, t) for t in there],
            hoverinfo="text", cliponaxis=False,
        )  # fmt: skip
        if there:
            name = f"{safe(row.key, NAME_CAP)} {MARKS[row.verdict]}"
            labels.append((row.shares[there[-1] - 1] or 0.0, name, palette.ink if number else colour))
    dress(figure, theme, height=340, revision=data.revision)
    generation_axis(figure, max(data.generations, 1))
    percent_axis(figure, "chains that carry it")
    keep_words(figure, (name for _, name, _ in labels))
    if banded and data.rows and len(data.rows) == 1 and banded[-1].expected is not None:
        labels.append((banded[-1].expected, "blind copying", palette.muted))
    if labels:
        end_labels(figure, labels, x=data.generations, gap=0.1, low=0, high=1)
    else:
        say(figure, theme, "Choose a fragment in the table or the heatmap.")
    figure.update_layout(hovermode="closest")
    return figure


@dataclass(frozen=True, slots=True)
class KindsData:
    """The total share of right, wrong and unknown fragments by generation, and each generation's first chain."""

    rows: tuple[Kinds, ...]
    firsts: Mapping[int, Mark]
    caption: str
    revision: str


def kinds_data(chains: Sequence[Chain], found: Spread, *, run: str = "") -> KindsData:
    """What right, wrong and unknown fragments hold of all that is carried."""
    rows = tuple(row for row in kinds_by_generation(found) if row.total)
    return KindsData(rows, first_of_generations(chains), _kinds_caption(rows), run)


def _kinds_caption(rows: Sequence[Kinds]) -> str:
    if not rows:
        return "No chain states a fragment."
    first, last = rows[0], rows[-1]
    parts = []
    for verdict in Verdict:
        before, after = first.share(verdict) or 0.0, last.share(verdict) or 0.0
        if any(row.share(verdict) for row in rows):
            parts.append(f"{verdict.value} {percent(before)}" + ("" if first is last else f" → {percent(after)}"))
    where = f"Generation {first.t}" if first is last else f"From generation {first.t} to generation {last.t}"
    return f"{where}, of all fragments that are carried: {', '.join(parts)}."


def kinds_figure(data: KindsData, theme: Theme) -> go.Figure:
    """One line a verdict, with its mark; they sum to 100 %."""
    palette = PALETTES[theme]
    figure = go.Figure()
    last = data.rows[-1].t if data.rows else 1
    labels = []
    for verdict in Verdict:
        if not any(row.share(verdict) for row in data.rows):
            continue
        colour = palette.verdicts[verdict]
        shares = [row.share(verdict) or 0.0 for row in data.rows]
        figure.add_scatter(
            x=[row.t for row in data.rows], y=shares, mode="lines+markers",
            line={"width": 4, "color": colour, "dash": "dot" if verdict is Verdict.UNKNOWN else "solid"},
            marker={"size": 12 if last <= 24 else 7, "color": colour, "symbol": SYMBOLS[verdict]},
            customdata=[data.firsts[row.t] for row in data.rows],
            hovertext=[
                f"generation {row.t}<br>{verdict.value}: {percent(share)} of {counted(row.total, 'carried fragment')}"
                for row, share in zip(data.rows, shares, strict=True)
            ],
            hoverinfo="text", cliponaxis=False,
        )  # fmt: skip
        labels.append((shares[-1], f"{MARKS[verdict]} {verdict.value} {percent(shares[-1])}", colour))
    dress(figure, theme, height=300, revision=data.revision)
    generation_axis(figure, last)
    percent_axis(figure, "carried fragments")
    if labels:
        end_labels(figure, labels, x=last, gap=0.12, low=0, high=1)
    else:
        say(figure, theme, "No fragment yet.")
    return figure
