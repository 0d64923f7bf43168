"""Advice: which N and T (and K, among those measured) a budget is best spent on, as the forecast sees it.

It rests on what was recorded: how often children are right by how many of their parents are, and what a sample and a
child have cost. A prediction, never a measurement; docs/advice.md says how far it can be trusted.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..core.chain import Chain, ChainStatus
from ..core.price import Price
from .best_buy import SAME
from .budgets import Axis
from .forecast import Asked, Start, forecast, own_numbers
from .generations import by_generation
from .links import in_prompt
from .paired import points
from .subsamples import vote_at
from .telling import amount, counted, joined
from .transmission import Transmission, transmission
from .trials import Samples, samples_of

FEWEST_CHILDREN = 24
"""Children with known verdicts that a run has to have to be counted: with fewer, the forecast repeats its prior."""
MOST_N, MOST_T = 256, 40
SIMULATIONS = 16_000
"""Simulations an N and K, shared out among the runs, 200 to 4,000 each. Their seeds are the same for all candidates."""


class BudgetUnit(StrEnum):
    """What a budget is given in."""

    CALLS = "calls"
    TOKENS = "tokens"  # in and out together
    SECONDS = "seconds"  # on the clock, at the runs' own concurrency
    MONEY = "money"  # by the endpoint's price, in its currency


MEASURED_ON = {BudgetUnit.CALLS: Axis.CALLS, BudgetUnit.TOKENS: Axis.TOKENS}
"""The axis on which what was measured can be held to a budget of that unit. An axis' seconds are those of calls added
up, and no clock's."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one run says: its own numbers, its counted rates, its first generation, and what calls have cost.

    ``rates`` are of the run's K alone. ``sample`` and ``child`` are mean costs of a call, None where servers did not
    tell; ``concurrency`` is the number of calls in flight that it allowed. ``samples`` are the first generation's, and
    ``means`` the measured share of right chains by generation (None unknown).
    """

    problem: str
    own: Asked
    rates: tuple[Transmission, ...]
    start: Start
    sample: Cost
    child: Cost
    concurrency: int
    samples: Samples
    means: tuple[float | None, ...]

    @property
    def children(self) -> int:
        """How many children the rates were counted from."""
        return sum(row.children for row in self.rates)


@dataclass(frozen=True, slots=True)
class Cost:
    """The mean cost of one call; None is unknown."""

    tokens_in: float | None
    tokens_out: float | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: N, K, T, what it would cost in the budget's unit, and how right it would be in the end.

    ``expected`` is the forecast chance that a uniform draw is right, ``low``..``high`` the 90 % band: of the share of
    right chains for one run, of the mean over runs for several, whose own chances are ``by_run``. ``measured`` is what
    those of the runs that were made so reached, None when none was.
    """

    n: int
    k: int
    t: int
    cost: float
    expected: float
    low: float
    high: float
    by_run: tuple[float, ...]
    measured: float | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What is advised for ``budget`` ``unit`` a problem. ``best`` is None when nothing can be said; ``words`` says why.

    ``own`` is what the runs' own N and K would give for the budget, ``others`` the further options, the best first.
    ``runs`` of ``problems`` problems and ``children`` children are what it rests on.
    """

    unit: BudgetUnit
    budget: float
    best: Option | None
    own: Option | None
    others: tuple[Option, ...]
    runs: int
    children: int
    words: tuple[str, ...]


def evidence(chains: Sequence[Chain], problem: str, concurrency: int) -> Evidence | None:
    """What a run's ``chains`` (slot order, links included) say; None without a judged first generation or child."""
    own = own_numbers(chains)
    if own is None or own.t < 2:
        return None
    generations = by_generation(chains)
    first = generations[0]
    if not first.right + first.wrong:
        return None
    rates = tuple(row for row in transmission(chains) if row.k == own.k)
    if not any(row.children for row in rates):
        return None
    done = [chain for chain in chains if chain.status is ChainStatus.DONE]
    return Evidence(
        problem=problem,
        own=own,
        rates=rates,
        start=Start(first.right, first.right + first.wrong, own.n),
        sample=_cost([chain for chain in done if not in_prompt(chain)]),
        child=_cost([chain for chain in done if len(in_prompt(chain)) == own.k]),
        concurrency=concurrency,
        samples=samples_of(chains),
        means=tuple(None if one.planned else one.mean for one in generations),
    )


def _cost(chains: Sequence[Chain]) -> Cost:
    return Cost(*(_mean(getattr(chain, name) for chain in chains) for name in ("tokens_in", "tokens_out", "latency_s")))


def _mean(values: Iterable[float | None]) -> float | None:
    known = list(values)
    told = [value for value in known if value is not None]
    return statistics.fmean(told) if known and len(told) == len(known) else None


def cost_of(seen: Sequence[Evidence], n: int, t: int, unit: BudgetUnit, price: Price | None = None) -> float | None:
    """What a run of ``n`` chains and ``t`` generations would cost, averaged over what was ``seen`` (of one K).

    N samples and N (T - 1) children at their mean costs. Seconds are on the clock: generation after generation, each
    ``max(1, N / concurrency)`` mean call times long, which leaves out the waiting for slow calls. None where a cost is
    not known, or for money without a price.
    """
    costs = [_cost_of(one, n, t, unit, price) for one in seen]
    known = [one for one in costs if one is not None]
    return statistics.fmean(known) if costs and len(known) == len(costs) else None


def _cost_of(one: Evidence, n: int, t: int, unit: BudgetUnit, price: Price | None) -> float | None:
    calls = [_a_call(cost, one, n, unit, price) for cost in (one.sample, one.child)]
    sample, child = calls
    times = 1 if unit is BudgetUnit.SECONDS else n
    if sample is None or (child is None and t > 1):
        return None
    return times * (sample + (t - 1) * (child or 0.0))


def _a_call(cost: Cost, one: Evidence, n: int, unit: BudgetUnit, price: Price | None) -> float | None:
    match unit:
        case BudgetUnit.CALLS:
            return 1.0
        case BudgetUnit.SECONDS:
            return None if cost.seconds is None else cost.seconds * max(1.0, n / one.concurrency)
        case _ if cost.tokens_in is None or cost.tokens_out is None:
            return None
        case BudgetUnit.TOKENS:
            return cost.tokens_in + cost.tokens_out
        case BudgetUnit.MONEY:
            if price is None:
                return None
            return price.of(cost.tokens_in, cost.tokens_out)


def advise(
    seen: Iterable[Evidence], budget: float, unit: BudgetUnit = BudgetUnit.CALLS, price: Price | None = None
) -> Advice:
    """The N, K and T that are expected to be right most often for ``budget`` a problem.

    Candidates: every K of which children were counted, N a power of two (or a run's own N) from K to MOST_N, T from 1
    to what the budget pays for, at most MOST_T. Each run forecasts every candidate with its own rates and their doubt
    (``forecast``), and a candidate counts as the mean over the runs of its K. K is never varied beyond those counted:
    what other K would do was not measured; and several K are compared on the problems that all of them have (see
    ``comparable``). Among candidates within SAME of the best, the cheapest is advised, then the one of fewest
    generations; where all candidates are that close, the runs' own N and K, since nothing speaks for a change.
    """
    given = list(seen)
    known = comparable([one for one in given if one.children >= FEWEST_CHILDREN])
    children = sum(one.children for one in known)

    def nothing(why: str) -> Advice:
        return Advice(unit, budget, None, None, (), len(known), children, (why,))

    if not known:
        most = max((one.children for one in given), default=0)
        return nothing(
            f"The data do not suffice: no run has more than {counted(most, 'child', 'children')} with a known verdict, "
            f"and it takes {FEWEST_CHILDREN}. Run some generations of aggregation on problems that can be judged."
        )
    by_k: dict[int, list[Evidence]] = {}
    for one in known:
        by_k.setdefault(one.own.k, []).append(one)
    options = [option for k, rows in sorted(by_k.items()) for option in _options(k, rows, budget, unit, price)]
    if not options:
        unpriced = all(cost_of(rows, max(k, 1), 2, unit, price) is None for k, rows in by_k.items())
        return nothing(
            f"The data do not say what a call costs in {unit.value}: no server told it, or no price is configured."
            if unpriced
            else f"{budget:,.6g} {unit.value} pay for no run with the K that was measured: it takes K chains at least."
        )
    options.sort(key=lambda one: (-one.expected, one.cost, one.t))
    own = _own_option(known, options)
    within = [one for one in options if one.expected >= options[0].expected - SAME]
    best = min(within, key=lambda one: (round(one.cost, 6), one.t, one.n))
    if len(within) == len(options) and own is not None:
        best = own
    others = tuple(one for one in options if one != best)
    words = (
        *_in_words(best, own, options, by_k, unit, budget, len(known), children),
        _vote(known, budget, unit, price),
    )
    return Advice(unit, budget, best, own, others, len(known), children, tuple(filter(None, words)))


def comparable(seen: Sequence[Evidence]) -> list[Evidence]:
    """What was seen on the problems that every measured K has. Where no problem has all of them, what was seen of the K
    with most children: K is not compared over different problems, which may be of different hardness."""
    problems: dict[int, set[str]] = {}
    children: dict[int, int] = {}
    for one in seen:
        problems.setdefault(one.own.k, set()).add(one.problem)
        children[one.own.k] = children.get(one.own.k, 0) + one.children
    shared = set.intersection(*problems.values()) if problems else set()
    if shared:
        return [one for one in seen if one.problem in shared]
    most = max(children, key=lambda k: (children[k], k), default=0)
    return [one for one in seen if one.own.k == most]


def _options(k: int, rows: Sequence[Evidence], budget: float, unit: BudgetUnit, price: Price | None) -> list[Option]:
    sizes = {2**power for power in range(9)} | {one.own.n for one in rows}
    repeats = max(200, min(4000, SIMULATIONS // len(rows)))
    found = []
    for n in sorted(size for size in sizes if k <= size <= MOST_N):
        paid = [
            (t, cost)
            for t in range(1, MOST_T + 1)
            if (cost := cost_of(rows, n, t, unit, price)) is not None and cost <= budget * (1 + 1e-9)
        ]
        if not paid:
            continue
        runs = []
        for one in rows:
            # A size that is nobody's makes the forecast draw samples anew: the advice is for a run to come.
            start = Start(one.start.right, one.start.judged, 0)
            predicted = forecast(one.rates, start, paid[-1][0], n=n, k=k, repeats=repeats)
            runs += [] if predicted is None else [predicted]
        if not runs:
            continue
        for t, cost in paid:
            mean = [one.expected[t - 1] for one in runs]
            low, high = (runs[0].low[t - 1], runs[0].high[t - 1]) if len(runs) == 1 else _over_runs(mean)
            found.append(Option(n, k, t, cost, statistics.fmean(mean), low, high, tuple(mean), _measured(rows, n, t)))
    return found


def _measured(rows: Sequence[Evidence], n: int, t: int) -> float | None:
    """What the runs with this N reached in generation ``t``."""
    made = [one.means[t - 1] for one in rows if one.own.n == n and one.own.t >= t]
    return _mean(made) if made else None


def _over_runs(values: Sequence[float], resamples: int = 1000) -> tuple[float, float]:
    """The 90 % interval of the mean of ``values``: percentiles of a seeded bootstrap."""
    rng = random.Random(0)
    means = sorted(statistics.fmean(rng.choices(values, k=len(values))) for _ in range(resamples))
    return means[round(0.05 * resamples)], means[round(0.95 * resamples) - 1]


def _own_option(known: Sequence[Evidence], options: Sequence[Option]) -> Option | None:
    """The runs' own N and K with as many generations as the budget pays for, at most their own T; None if it does not
    pay for it or the runs differ."""
    shapes = {one.own for one in known}
    if len(shapes) != 1:
        return None
    own = shapes.pop()
    mine = [one for one in options if (one.n, one.k) == (own.n, own.k) and one.t <= own.t]
    return max(mine, key=lambda one: one.t, default=None)


def shape_in_words(option: Option) -> str:
    """``N = 16, K = 4, T = 5 (4 aggregations)``."""
    return f"N = {option.n}, K = {option.k}, T = {option.t} ({counted(option.t - 1, 'aggregation')})"


def _in_words(
    best: Option,
    own: Option | None,
    options: Sequence[Option],
    by_k: dict[int, list[Evidence]],
    unit: BudgetUnit,
    budget: float,
    runs: int,
    children: int,
) -> tuple[str, ...]:
    band = f"90 % band {_percent(best.low)} to {_percent(best.high)}" + (" over runs" if runs > 1 else "")
    what = unit.value.removesuffix("s") if budget == 1 else unit.value
    first = (
        f"For {budget:,.6g} {what} a problem: {shape_in_words(best)}, about {amount(best.cost)} {unit.value}. "
        f"A prediction, not a measurement: right {_percent(best.expected)} of the time ({band}), from "
        f"{counted(children, 'child', 'children')} of {counted(runs, 'run')}."
    )
    if best.measured is not None:
        first += f" Runs made so reached {_percent(best.measured)}."
    told = [f"{_short(one)}: {_percent(one.expected)}" for one in _beside(best, options)]
    if own is not None and (own.n, own.t) != (best.n, best.t):
        told.insert(0, f"as run, {_short(own)}: {_percent(own.expected)}{_against(best, own, unit)}")
    reason = f"Beside it: {'; '.join(told)}. " if told else ""
    flat = options[0].expected - options[-1].expected <= SAME
    doubt = "All options are expected to do the same: the data tell none apart. " if flat else ""
    measured = joined([str(k) for k in sorted(by_k)])
    k_words = (
        f"K = {measured} is what was measured; no other K is advised, since what it would do is not known."
        if len(by_k) == 1
        else f"Compared are the measured K = {measured}; no other K, since what it would do is not known."
    )
    return (first, f"{reason}{doubt}{k_words}")


def _beside(best: Option, options: Sequence[Option]) -> list[Option]:
    """What the advice is to be seen against: the best options of the next smaller and larger N, and a sample alone."""
    same = [one for one in options if one.k == best.k]
    sizes = sorted({one.n for one in same})
    at = sizes.index(best.n)
    near = sizes[max(0, at - 1) : at] + sizes[at + 1 : at + 2]
    found = [max((one for one in same if one.n == n), key=lambda one: (one.expected, -one.cost)) for n in near]
    alone = [one for one in same if one.t == 1 and (one.n, best.t) != (best.n, 1)]
    return found + [one for one in alone[:1] if one not in found]


def _short(option: Option) -> str:
    return f"N = {option.n}, K = {option.k}, T = {option.t}" if option.t > 1 else "a sample without aggregation"


def _vote(seen: Sequence[Evidence], budget: float, unit: BudgetUnit, price: Price | None) -> str:
    """What a majority vote over the recorded samples is worth: measured, and often the better buy. Over as many samples
    as runs of every problem recorded."""
    most: dict[str, int] = {}
    for one in seen:
        most[one.problem] = max(most.get(one.problem, 0), one.samples.size)
    paid = [
        m
        for m in range(1, min(most.values()) + 1)
        if (cost := cost_of(seen, m, 1, unit, price)) is not None and cost <= budget
    ]
    large = [one.samples for one in seen if paid and one.samples.size >= paid[-1]]
    value = _mean([vote_at(samples, paid[-1]).value for samples in large]) if large else None
    if value is None:
        return ""
    return (
        f"Measured, for comparison: a majority vote over {counted(paid[-1], 'sample')} of the first generation is "
        f"right {_percent(value)}; more samples than were recorded are not foreseen."
    )


def _against(best: Option, own: Option, unit: BudgetUnit) -> str:
    """How sure the forecast is that the advice is better than what was run."""
    if best.expected - own.expected <= SAME:
        return f", the same within what the forecast can tell, for {amount(own.cost)} {unit.value}"
    if best.k != own.k or len(best.by_run) < 2:
        return " (their bands overlap: a weak preference)" if best.low < own.high else ""
    low, high = _over_runs([ours - theirs for ours, theirs in zip(best.by_run, own.by_run, strict=True)])
    return f" ({points(low, high)} points less, 90 % interval over runs)"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
