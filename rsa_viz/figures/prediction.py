"""Prediction: the real curve over what transmission alone, and what copying alone, would have made of the population.

Everything here but the real curve is the answer of a model, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from ..analysis.drift import Drift, drift
from ..analysis.forecast import ASSUMES, Asked, Forecast, forecast_run, k_since, own_numbers
from ..analysis.generations import Generation, by_generation
from ..analysis.telling import counted
from ..core.chain import Chain, Verdict
from .canvas import end_labels, first_of_generations, generation_axis, percent_axis, say
from .style import ANSWER_COLOURS, PALETTES, Theme, dress, veil
from .words import percent

MOST_STEPS = 3_000_000  # chains times simulations of drift: under a second


@dataclass(frozen=True, slots=True)
class RealRow:
    """One generation of the run: right chains of the judged ones, and its first chain, which its mark stands for."""

    t: int
    right: int
    judged: int
    first: tuple[int, str]

    @property
    def share(self) -> float | None:
        """The share of right chains, 0..1; None while nothing is judged."""
        return self.right / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class PredictionData:
    """What the picture of the prediction shows.

    ``forecast`` starts at generation ``start`` with the population that the run had there; its rates are counted up to
    generation ``seen``. It is of ``asked``, the run's ``own`` numbers or others. ``drift`` is empty when others are
    asked, for its genealogy is the run's own. ``since`` is the first generation with the run's last K (see
    ``forecast.k_since``).
    """

    own: Asked | None
    asked: Asked | None
    rows: tuple[RealRow, ...]
    drift: tuple[Drift, ...]
    forecast: Forecast | None
    start: int
    seen: int
    caption: str
    revision: str
    since: int = 2

    @property
    def what_if(self) -> bool:
        """Numbers that the run did not have are asked."""
        return self.asked != self.own


def drift_of(chains: Sequence[Chain]) -> tuple[Drift, ...]:
    """Neutral drift with as many simulations as take under a second, 200 at least."""
    return drift(chains, repeats=max(200, min(2000, MOST_STEPS // max(1, len(chains)))))


def prediction_data(
    chains: Sequence[Chain],
    asked: Asked | None = None,
    *,
    seen: int | None = None,
    generations: Sequence[Generation] | None = None,
    drifts: Sequence[Drift] | None = None,
    run: str = "",
) -> PredictionData:
    """The prediction for a run's ``chains`` (slot order).

    Without ``seen`` the rates are counted in all generations and the curve starts at the first: it explains. With it,
    only what had happened up to generation ``seen`` (2 or later) is known, and the curve starts there: it predicts.
    ``asked`` are other numbers than the run's own. ``generations`` and ``drifts`` save counting them again.
    """
    own = own_numbers(chains)
    asked = asked or own
    firsts = first_of_generations(chains)
    counted_rows = by_generation(chains) if generations is None else generations
    rows = tuple(RealRow(one.t, one.right, one.right + one.wrong, firsts[one.t]) for one in counted_rows)
    if own is None or asked is None:
        return PredictionData(None, None, (), (), None, 1, 1, "No chain is planned.", run)
    found = forecast_run(chains, asked, seen)
    neutral = () if asked.n != own.n or asked.k != own.k else drift_of(chains) if drifts is None else tuple(drifts)
    since = k_since(chains)
    data = PredictionData(own, asked, rows, neutral, found.forecast, found.start, found.seen, "", run, since)
    return replace(data, caption=_caption(data, seen is not None))


def _caption(data: PredictionData, ahead: bool) -> str:
    judged = [row for row in data.rows if row.judged]
    if not judged:
        return "No chain has a verdict, so nothing can be predicted. Unknown is not wrong."
    found, own, asked = data.forecast, data.own, data.asked
    if asked is not None and asked.t < data.start:
        return f"The prediction starts in generation {data.start}; {counted(asked.t, 'generation')} end before it."
    if found is None or own is None or asked is None:
        return "No child with known verdicts yet; the rates that a prediction needs are counted from children."
    end = data.start + len(found.expected) - 1
    first = data.rows[data.start - 1]
    counts = f"{counted(found.children, 'child', 'children')}{f' up to generation {data.seen}' if ahead else ''}"
    band = f"{percent(found.expected[-1])} right in generation {end}, 90 % band {_band(found.low[-1], found.high[-1])}"
    words = [f"From {first.right}/{first.judged} right in generation {data.start} and {counts}, the model expects"]
    if data.what_if:
        words = [
            f"What if N = {asked.n}, K = {asked.k}, T = {asked.t} instead of {own.n}, {own.k}, {own.t}? {words[0]}"
        ]
    words[0] += f" {band}; a right majority with {percent(found.majority[-1])} chance."
    real = judged[-1]
    if data.what_if:
        words.append(f"The run itself came to {real.right}/{real.judged} in generation {real.t}.")
    elif data.start < real.t <= end and real.share is not None:
        place = real.t - data.start
        inside = found.low[place] <= real.share <= found.high[place]
        where = f"{'inside' if inside else 'outside'} the band there"
        words.append(f"It came to {real.right}/{real.judged} in generation {real.t}, {where}.")
    copied = next((one for one in reversed(data.drift) if one.expected is not None and one.t == end), None)
    if copied is not None and copied.expected is not None and copied.low is not None and copied.high is not None:
        words.append(f"Copying a random parent: {percent(copied.expected)}, band {_band(copied.low, copied.high)}.")
    if data.since > 2 and not ahead:
        words.append(f"K is {own.k} since generation {data.since}, so the curve starts in generation {data.start}.")
    words.append(ASSUMES)
    if asked.n != own.n:
        words.append("The starting population is drawn anew.")
    if asked.k != own.k:
        words.append(f"Rates for K = {asked.k} were never seen: they are read at the same share of right parents.")
    return " ".join(words)


def _band(low: float, high: float) -> str:
    return f"{percent(low)} to {percent(high)}"


def prediction_figure(data: PredictionData, theme: Theme) -> go.Figure:
    """The real curve solid and blue; the prediction dashed and green in its band; neutral drift dotted and grey."""
    palette = PALETTES[theme]
    blue, green, grey = palette.verdicts[Verdict.RIGHT], ANSWER_COLOURS[2], palette.muted
    figure = go.Figure()
    known = [row for row in data.rows if row.judged]
    last = max(data.rows[-1].t if data.rows else 1, data.asked.t if data.asked and data.forecast else 1)
    labels: list[tuple[float, str, str]] = []
    copied = [one for one in data.drift if one.expected is not None] if known else []
    if copied:
        times = [one.t for one in copied]
        _band_of(
            figure, times, [one.low or 0.0 for one in copied], [one.high or 0.0 for one in copied], veil(grey, 0.16)
        )
        figure.add_scatter(
            x=times, y=[one.expected for one in copied], mode="lines", hoverinfo="skip",
            line={"width": 2, "dash": "dot", "color": grey},
        )  # fmt: skip
        labels.append((copied[-1].expected or 0.0, f"copying alone<br>{percent(copied[-1].expected or 0.0)}", grey))
    if data.forecast is not None:
        found = data.forecast
        times = list(range(data.start, data.start + len(found.expected)))
        _band_of(figure, times, found.low, found.high, veil(green, 0.22))
        marks = {row.t: row.first for row in data.rows}
        mark = data.rows[-1].first
        figure.add_scatter(
            x=times, y=found.expected, mode="lines+markers", line={"width": 3, "dash": "dash", "color": green},
            marker={"size": 7, "symbol": "diamond", "color": green}, cliponaxis=False,
            customdata=[marks.get(t, mark) for t in times],
            hovertext=[
                f"generation {t}, predicted<br>{percent(mean)} right, 90 % band {_band(low, high)}"
                for t, mean, low, high in zip(times, found.expected, found.low, found.high, strict=True)
            ],
            hoverinfo="text",
        )  # fmt: skip
        labels.append((found.expected[-1], f"predicted<br>{percent(found.expected[-1])}", green))
    if known:
        figure.add_scatter(
            x=[row.t for row in data.rows], y=[row.share for row in data.rows], mode="lines+markers",
            line={"width": 4, "color": blue},
            marker={"size": 12 if last <= 24 else 7, "color": blue, "line": {"width": 2, "color": palette.background}},
            customdata=[row.first for row in data.rows], hovertext=[_hover(row) for row in data.rows],
            hoverinfo="text", cliponaxis=False,
        )  # fmt: skip
        labels.append((known[-1].share or 0.0, f"this run<br>{percent(known[-1].share or 0.0)}", blue))
    dress(figure, theme, height=440, revision=data.revision)
    generation_axis(figure, last)
    percent_axis(figure, "right chains")
    if labels:
        end_labels(figure, labels, x=last, gap=0.14, low=0, high=1)
    if data.forecast is None:
        say(figure, theme, "Nothing to predict from yet:<br>it takes children with known verdicts.")
    return figure


def _band_of(figure: go.Figure, times: Sequence[int], low: Sequence[float], high: Sequence[float], fill: str) -> None:
    figure.add_scatter(
        x=[*times, *reversed(times)], y=[*high, *reversed(low)], fill="toself", fillcolor=fill, mode="lines",
        line={"width": 0 if len(times) > 1 else 12, "color": fill}, hoverinfo="skip",
    )  # fmt: skip


def _hover(row: RealRow) -> str:
    if row.share is None:
        return f"generation {row.t}<br>nothing known yet"
    return f"generation {row.t}, this run<br>right {row.right}/{row.judged} ({percent(row.share)})"
