"""Answers: how the population's answers move over generations, and how they stand in one of them.

Answer classes keep their colours for the whole run: the eight most frequent, in order of first appearance. All
others are drawn together, and chains without an answer apart: an abstention is no class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from ..analysis.answers import AnswerClass, answer_classes, vote
from ..analysis.telling import counted
from ..core.chain import Chain, ChainStatus, Verdict
from .canvas import end_labels, generation_axis, percent_axis, point_out, say
from .spoken import keep_words
from .style import ANSWER_COLOURS, MARKS, PALETTES, TEXT_SIZE, Theme, dress, ink_on
from .words import NO_ANSWER, one_line, percent, safe

NAME_CAP = 18  # letters of an answer in a label


@dataclass(frozen=True, slots=True)
class Band:
    """One answer class, "other" or "no answer", over all generations.

    ``place`` is its colour (0..7), None for other and no answer. ``counts`` are chains by generation; ``firsts`` its
    first chain in each generation, or in none that has it: what its marks stand for.
    """

    name: str
    place: int | None
    verdict: Verdict
    counts: tuple[int, ...]
    firsts: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class AnswersData:
    """What both pictures of answers show. ``bands`` from the bottom up, ``totals`` done chains by generation."""

    bands: tuple[Band, ...]
    generations: tuple[int, ...]
    totals: tuple[int, ...]
    chosen: int | None
    caption: str
    revision: str


def answer_places(chains: Sequence[Chain]) -> Mapping[str, int]:
    """The colour place (0..7) of each coloured answer class, by key: the eight classes with the most chains in the
    whole run (ties: who came first), in order of first appearance."""
    return _places(answer_classes(chains))


def _places(classes: Sequence[AnswerClass]) -> dict[str, int]:
    order = {one.key: place for place, one in enumerate(classes)}
    kept = sorted(classes, key=lambda one: (-one.chains, order[one.key]))[: len(ANSWER_COLOURS)]
    return {key: place for place, key in enumerate(sorted((one.key for one in kept), key=order.__getitem__))}


def answers_data(chains: Sequence[Chain], chosen: int | None = None, *, run: str = "") -> AnswersData:
    """The answers of a run's ``chains`` (slot order). Only done chains count; failed and planned ones have none."""
    found = answer_classes(chains)
    places, classes = _places(found), {one.key: one for one in found}
    generations = tuple(sorted({chain.slot.t for chain in chains}))
    rows: dict[str | int, list[list[Chain]]] = {}
    for chain in chains:
        if chain.status is ChainStatus.DONE:
            key: str | int = _ABSTAINED if chain.answer_key is None else chain.answer_key
            if isinstance(key, str) and key not in places:
                key = _OTHER
            rows.setdefault(key, [[] for _ in generations])[chain.slot.t - 1].append(chain)
    bands = [
        _band(
            f"{_mark(classes[key].verdict)}{safe(classes[key].text, NAME_CAP)}", place, classes[key].verdict, rows[key]
        )
        for key, place in places.items()
    ]
    others = len(classes) - len(places)
    for key, name in ((_OTHER, f"other ({others})"), (_ABSTAINED, NO_ANSWER)):
        if key in rows:
            bands.append(_band(name, None, Verdict.UNKNOWN, rows[key]))
    totals = tuple(sum(band.counts[index] for band in bands) for index in range(len(generations)))
    return AnswersData(tuple(bands), generations, totals, chosen, _caption(chains, totals, len(classes)), run)


def distribution_data(chains: Sequence[Chain], chosen: int, *, run: str = "") -> AnswersData:
    """The answers of generation ``chosen``, drawn by ``distribution_figure``; the rest is for scale and colours."""
    data = answers_data(chains, chosen, run=run)
    here = [chain for chain in chains if chain.slot.t == chosen]
    done = sum(chain.status is ChainStatus.DONE for chain in here)
    won = vote(here)
    words = [f"Generation {chosen}: {done} of {counted(len(here), 'chain')} done."]
    if won is not None:
        tie = ", in a tie" if won.tied else ""
        words.append(f"{one_line(won.text, 40)} is given most often{tie}: {won.votes} of the {won.of} that answer.")
    if won is not None and won.abstained:
        words.append(f"{counted(won.abstained, 'chain')} without an answer.")
    return replace(data, caption=" ".join(words))


_OTHER, _ABSTAINED = 1, 2  # row keys that no answer's key can equal


def _mark(verdict: Verdict) -> str:
    return f"{MARKS[verdict]} " if verdict is Verdict.RIGHT else ""


def _band(name: str, place: int | None, verdict: Verdict, row: Sequence[Sequence[Chain]]) -> Band:
    fallback = next(chain for chains in row for chain in chains)
    firsts = tuple(
        (chains[0].id, str(chains[0].slot)) if chains else (fallback.id, str(fallback.slot)) for chains in row
    )
    return Band(name, place, verdict, tuple(len(chains) for chains in row), firsts)


def _caption(chains: Sequence[Chain], totals: Sequence[int], classes: int) -> str:
    ended = [t for t, total in enumerate(totals, start=1) if total]
    if not ended:
        return "No answer yet."
    last = ended[-1]
    words = [f"{counted(classes, 'different answer')} in {counted(sum(totals), 'chain')}."]
    won = vote([chain for chain in chains if chain.slot.t == last])
    if won is None:
        words.append(f"Generation {last}: no chain gives an answer.")
    elif won.tied:
        words.append(f"Generation {last}: a tie, {one_line(won.text, 40)} has {won.votes} of {won.of}.")
    else:
        words.append(
            f"Generation {last}: the largest answer is {one_line(won.text, 40)}, with {won.votes} of {won.of}."
        )
    if any(chain.verdict is Verdict.RIGHT for chain in chains):
        words.append(f"{MARKS[Verdict.RIGHT]} is the right answer.")
    return " ".join(words)


def answers_figure(data: AnswersData, theme: Theme) -> go.Figure:
    """Shares of all done chains as areas that fill 100 % of each generation; bars when there is one generation."""
    palette = PALETTES[theme]
    figure = go.Figure()
    shown = [index for index, total in enumerate(data.totals) if total]
    for band in data.bands:
        fill = _fill(band, theme)
        looks = {
            "name": band.name,
            "x": [data.generations[index] for index in shown],
            "y": [band.counts[index] / data.totals[index] for index in shown],
            "customdata": [band.firsts[index] for index in shown],
            "hovertext": [_hover(data, band, index) for index in shown],
            "hoverinfo": "text",
        }
        edge = {"color": palette.background, "width": 2}
        if len(shown) == 1:
            figure.add_bar(**looks, width=0.5, marker={"color": fill["fgcolor"], "pattern": fill, "line": edge})
            continue
        figure.add_scatter(
            **looks, stackgroup="answers", mode="lines+markers", fillpattern=fill, fillcolor=fill["fgcolor"], line=edge,
            marker={"size": 7, "color": fill["fgcolor"], "line": {"width": 1, "color": palette.background}},
            hoveron="points",
        )  # fmt: skip
    dress(figure, theme, height=440, revision=data.revision)
    last = data.generations[-1] if data.generations else 1
    generation_axis(figure, last, room=0.1 if last > 1 else 0.6)
    percent_axis(figure, "chains")
    figure.update_yaxes(range=[0, 1.01])
    figure.update_layout(barmode="stack", hovermode="closest")
    if shown:
        keep_words(figure, _answers(data))
        _label_areas(figure, data, shown, theme)
        _label_ends(figure, data, shown[-1], theme)
    else:
        say(figure, theme, "No answer yet.<br>The areas fill with the first chains that end.")
    point_out(figure, data.chosen if shown else None, last, palette.ink, layer="above")
    return figure


def _label_ends(figure: go.Figure, data: AnswersData, index: int, theme: Theme) -> None:
    """Name every band at the right edge, at its height in the last generation."""
    labels: list[tuple[float, str, str]] = []
    below = 0.0
    for band in data.bands:
        share = band.counts[index] / data.totals[index]
        patch = f'<span style="color:{_fill(band, theme)["fgcolor"]}">■</span>'
        number = f" · {percent(share)}" if share else ""
        labels.append(
            (below + share / 2, f"{patch} {band.name}{number}", PALETTES[theme].ink if share else PALETTES[theme].muted)
        )
        below += share
    end_labels(figure, labels, x=data.generations[index], gap=0.062, low=0.02, high=0.98)


def _label_areas(figure: go.Figure, data: AnswersData, shown: Sequence[int], theme: Theme) -> None:
    """Write each class's name into its area where it is thickest, if it is thick enough to hold a name."""
    if len(shown) < 2:
        return
    inner = shown if len(shown) <= 4 else shown[1:-1]
    below = dict.fromkeys(inner, 0.0)
    for band in data.bands:
        shares = {index: band.counts[index] / data.totals[index] for index in inner}
        thickest = max(inner, key=lambda index: shares[index])
        fill = _fill(band, theme)
        if shares[thickest] >= 0.09:
            figure.add_annotation(
                x=data.generations[thickest], y=below[thickest] + shares[thickest] / 2, text=band.name,
                showarrow=False, bgcolor=fill["bgcolor"] if fill["shape"] else None,
                font={"size": TEXT_SIZE, "weight": 700, "color": ink_on(fill["bgcolor"])},
                xanchor={shown[0]: "left", shown[-1]: "right"}.get(thickest, "center"),
            )  # fmt: skip
        for index in inner:
            below[index] += shares[index]


def distribution_figure(data: AnswersData, theme: Theme) -> go.Figure:
    """The answers of the chosen generation (default: the last that has any) as bars.

    Rows (in the order of the areas) and scale are the same for every generation, so that stepping through them moves
    bars and nothing else.
    """
    palette = PALETTES[theme]
    ended = [t for t, total in zip(data.generations, data.totals, strict=True) if total]
    chosen = data.chosen if data.chosen is not None else (ended[-1] if ended else 1)
    index = data.generations.index(chosen) if chosen in data.generations else 0
    figure = go.Figure()
    bands = data.bands
    if bands:
        fills = [_fill(band, theme) for band in bands]
        total = data.totals[index]
        figure.add_bar(
            orientation="h",
            x=[band.counts[index] for band in bands],
            y=list(range(len(bands))),
            # Hollow, not hatched: plotly.js 4.1 cannot move patterned bars.
            marker={
                "color": [fill["bgcolor"] for fill in fills],
                "line": {
                    "width": [2 if band.place is None and band.counts[index] else 0 for band in bands],
                    "color": [fill["fgcolor"] for fill in fills],
                },
            },
            text=[
                f"{band.counts[index]} ({_share(band, total, index)})" if band.counts[index] else "" for band in bands
            ],
            textposition="outside",
            textfont={"size": TEXT_SIZE, "color": palette.ink},
            cliponaxis=False,
            customdata=[band.firsts[index] for band in bands],
            hovertext=[_hover(data, band, index) for band in bands],
            hoverinfo="text",
            width=0.72,
        )
        if not total:
            say(figure, theme, f"Generation {chosen} has no chain that ended.")
    else:
        say(figure, theme, "No answer yet.")
    dress(figure, theme, height=max(240, 110 + 33 * len(bands)), revision=data.revision)
    most = max((count for band in data.bands for count in band.counts), default=1)
    figure.update_xaxes(
        title_text=f"chains in generation {chosen}", range=[0, max(most * 1.06, 1.06)], tickformat=",d", nticks=6
    )
    if most < 6:
        figure.update_xaxes(dtick=1)
    figure.update_yaxes(
        tickvals=list(range(len(bands))), ticktext=[band.name for band in bands], showgrid=False, ticksuffix=" "
    )
    keep_words(figure, _answers(data))
    figure.update_layout(transition={"duration": 350, "easing": "cubic-in-out"}, bargap=0.2)
    return figure


def _answers(data: AnswersData) -> list[str]:
    return [band.name for band in data.bands if band.place is not None]


def _fill(band: Band, theme: Theme) -> dict[str, str]:
    """A band's plotly pattern: plain in its class's colour; other and no answer are hatched, unlike any class."""
    palette = PALETTES[theme]
    if band.place is not None:
        colour = ANSWER_COLOURS[band.place]
        return {"shape": "", "fgcolor": colour, "bgcolor": colour}
    if band.name == NO_ANSWER:
        return {"shape": ".", "fgcolor": palette.muted, "bgcolor": palette.planned}
    return {"shape": "/", "fgcolor": palette.other, "bgcolor": palette.planned}


def _share(band: Band, total: int, index: int) -> str:
    return percent(band.counts[index] / total) if total else "none ended"


def _hover(data: AnswersData, band: Band, index: int) -> str:
    count, total = band.counts[index], data.totals[index]
    return (
        f"generation {data.generations[index]}<br>{band.name}: {count} of {counted(total, 'chain')} "
        f"({_share(band, total, index)})"
    )
