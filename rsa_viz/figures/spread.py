"""The spread of a few fragments as curves, and what right and wrong fragments hold of all that is carried.

The grey band is what blind copying of one random parent would give the chosen fragment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from ..analysis.drift import Drift
from ..analysis.fragments import Fragment, Kinds, Spread, kinds_by_generation
from ..analysis.telling import counted
from ..analysis.verdicts_by import KNOWN, Source, VerdictsBy
from ..core.chain import Chain, Verdict, VerdictSource
from .canvas import end_labels, first_of_generations, generation_axis, percent_axis, say
from .fragments import FragmentRow, Mark, fragment_hover, fragment_row, fragment_state
from .spoken import keep_words
from .step_state import STATE_MARKS, STATE_SYMBOLS, StepState, state_by, state_fill
from .style import ANSWER_COLOURS, PALETTES, Palette, Theme, dress, veil
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
    by: VerdictsBy = KNOWN,
    run: str = "",
) -> SpreadData:
    """The spread of the fragments ``keys``, at most CURVES of them; ``band`` is the neutral spread of the first, ``by``
    whose verdicts they carry."""
    ids = {chain.slot: chain.id for chain in chains}
    chosen = [one for key in keys[:CURVES] if (one := found.find(key)) is not None]
    caption = f"{_spread_caption(chosen[0], band)} {by.named}" if chosen else "No fragment is chosen."
    return SpreadData(tuple(fragment_row(one, ids) for one in chosen), tuple(band), len(found.done), caption, run)


def _spread_caption(one: Fragment, band: Sequence[Drift]) -> str:
    there = [(t, share) for t, share in enumerate(one.shares, start=1) if share is not None and t >= one.first.t]
    (begun, first), (last, final) = there[0], there[-1]
    words = [f"{one_line(one.key, 60)} ({fragment_state(one).value}) first stands in chain {one.first}:"]
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
            marker={"size": 11 if number == 0 else 8, "color": colour, "symbol": STATE_SYMBOLS[row.state]},
            customdata=[row.marks[t - 1] for t in there], hovertext=[fragment_hover(row, t) for t in there],
            hoverinfo="text", cliponaxis=False,
        )  # fmt: skip
        if there:
            name = f"{safe(row.key, NAME_CAP)} {STATE_MARKS[row.state]}"
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
class Kind:
    """One line of the picture of kinds: its name and mark, how it is drawn, and its share by generation."""

    name: str
    mark: str
    symbol: str
    colour: Callable[[Palette], str]
    dash: str
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class KindsData:
    """The generations in which something is carried with all that is carried there, the lines, and each generation's
    first chain."""

    rows: tuple[Kinds, ...]
    lines: tuple[Kind, ...]
    firsts: Mapping[int, Mark]
    caption: str
    revision: str


def kinds_data(chains: Sequence[Chain], found: Spread, *, by: VerdictsBy = KNOWN, run: str = "") -> KindsData:
    """What right, wrong and unknown fragments hold of all that is carried, with the verdicts ``by`` a source.

    Where nothing is right or nothing is wrong, the unknown ones are told apart by whether they stand in right chains
    more often, or less, than the run's chains are right. That is an association and no verdict, and is said so.
    """
    rows = tuple(row for row in kinds_by_generation(found) if row.total)
    told = {verdict for verdict in Verdict if any(row.share(verdict) for row in rows)}
    judged = [_kind_of(verdict, rows, by) for verdict in (Verdict.RIGHT, Verdict.WRONG) if verdict in told]
    split = len(judged) < 2 and any(row.with_right or row.with_wrong for row in rows)
    unknown = [_kind_of(Verdict.UNKNOWN, rows, by)] if Verdict.UNKNOWN in told else []
    beside = [
        Kind(name, mark, symbol, _ASSOCIATED[name], "dash", shares)
        for name, mark, symbol, shares in (
            (WITH_RIGHT, "▲", "triangle-up", tuple(row.with_right / row.total for row in rows)),
            (WITH_WRONG, "▼", "triangle-down", tuple(row.with_wrong / row.total for row in rows)),
        )
        if split and any(shares)
    ]
    others = tuple((row.unknown - row.with_right - row.with_wrong) / row.total for row in rows)
    if split:
        unknown = [replace(unknown[0], name=WITH_BOTH, shares=others)] if any(others) else []
    words = [_kinds_caption(rows, by), _association(found, beside) if split else "", by.named if rows else ""]
    return KindsData(
        rows, (*judged, *beside, *unknown), first_of_generations(chains), " ".join(filter(None, words)), run
    )


WITH_RIGHT, WITH_WRONG, WITH_BOTH = "more in right chains", "more in wrong chains", "in both alike"
_ASSOCIATED: Mapping[str, Callable[[Palette], str]] = {
    WITH_RIGHT: lambda palette: palette.shades[2],
    WITH_WRONG: lambda palette: palette.ink,
}


def _state(verdict: Verdict, by: VerdictsBy) -> StepState:
    return state_by(verdict, VerdictSource.CONSENSUS if by.source is Source.CONSENSUS else VerdictSource.NONE)


def _kind_of(verdict: Verdict, rows: Sequence[Kinds], by: VerdictsBy) -> Kind:
    state = _state(verdict, by)
    unknown = verdict is Verdict.UNKNOWN
    return Kind(
        state.value,
        STATE_MARKS[state],
        STATE_SYMBOLS[state],
        lambda palette: palette.verdicts[verdict] if unknown else state_fill(state, palette),
        "dot" if unknown else "solid",
        tuple(row.share(verdict) or 0.0 for row in rows),
    )


def _kinds_caption(rows: Sequence[Kinds], by: VerdictsBy) -> str:
    if not rows:
        return "No chain states a fragment."
    first, last = rows[0], rows[-1]
    parts = [
        f"{_state(verdict, by).value} {_course([row.share(verdict) or 0.0 for row in rows])}"
        for verdict in Verdict
        if any(row.share(verdict) for row in rows)
    ]
    where = f"Generation {first.t}" if first is last else f"From generation {first.t} to generation {last.t}"
    return f"{where}, of all fragments that are carried: {', '.join(parts)}."


def _course(shares: Sequence[float]) -> str:
    """``35 % → 55 %``, or ``35 %`` of a single generation."""
    return percent(shares[0]) + (f" → {percent(shares[-1])}" if len(shares) > 1 else "")


def _association(found: Spread, beside: Sequence[Kind]) -> str:
    """What the unknown fragments stand with, and of how many that is said."""
    unknown = [one for one in found.fragments if one.verdict is Verdict.UNKNOWN]
    sides = {WITH_RIGHT: (Verdict.RIGHT, "more"), WITH_WRONG: (Verdict.WRONG, "less")}
    words = [f"Of all chains {found.right:,} of {found.judged:,} are right."]
    for line in beside:
        verdict, often = sides[line.name]
        count = sum(found.stands_with(one) is verdict for one in unknown)
        words.append(
            f"Of the unknown fragments {count:,} of {len(unknown):,} stand in right chains {often} often than that and "
            f"hold {_course(line.shares)}."
        )
    return " ".join([*words, "That is an association and no verdict."])


def kinds_figure(data: KindsData, theme: Theme) -> go.Figure:
    """One line a kind, with its mark; they sum to 100 %."""
    palette = PALETTES[theme]
    figure = go.Figure()
    last = data.rows[-1].t if data.rows else 1
    labels = []
    for line in data.lines:
        colour = line.colour(palette)
        figure.add_scatter(
            x=[row.t for row in data.rows], y=line.shares, mode="lines+markers",
            line={"width": 4, "color": colour, "dash": line.dash},
            marker={"size": 12 if last <= 24 else 7, "color": colour, "symbol": line.symbol},
            customdata=[data.firsts[row.t] for row in data.rows],
            hovertext=[
                f"generation {row.t}<br>{line.name}: {percent(share)} of {counted(row.total, 'carried fragment')}"
                for row, share in zip(data.rows, line.shares, strict=True)
            ],
            hoverinfo="text", cliponaxis=False,
        )  # fmt: skip
        labels.append((line.shares[-1], f"{line.mark} {line.name} {percent(line.shares[-1])}", colour))
    dress(figure, theme, height=300, revision=data.revision)
    generation_axis(figure, last)
    percent_axis(figure, "carried fragments")
    if labels:
        end_labels(figure, labels, x=last, gap=0.12, low=0, high=1)
    else:
        say(figure, theme, "No fragment yet.")
    return figure
