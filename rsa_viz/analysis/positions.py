"""Position bias, and whether it is more than noise: what is taken from each place in the prompt against 1/K.

Text and answers are matched as in ``inheritance``: similarity, not proof of cause.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..core.chain import Chain, ChainStatus, Slot
from .inheritance import Inheritance
from .links import in_prompt
from .telling import counted
from .two_level import student_t

FEWEST = 10  # children that tell positions apart, below which nothing is said of noise
SURE = 0.05


class Measure(StrEnum):
    """What is split among the positions."""

    TEXT = "text"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class PlacedShare:
    """The mean part of one prompt ``position`` (from 1), 0..1, and its 95 % interval, None with one child."""

    position: int
    share: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class PositionEvidence:
    """What was taken from each of ``k`` positions, over ``children``, of which ``telling`` have unequal parts.

    ``p`` is the chance of shares at least as unlike 1/k if the place did not matter; None when fewer than FEWEST
    children tell the positions apart. ``first`` is the first child that is counted.
    """

    measure: Measure
    k: int
    shares: tuple[PlacedShare, ...]
    children: int
    telling: int
    p: float | None
    first: Slot

    @property
    def more_than_noise(self) -> bool | None:
        """Whether chance alone gives such shares less than once in twenty; None when nothing can be said."""
        return None if self.p is None else self.p < SURE


def position_evidence(chains: Iterable[Chain], inherited: Mapping[Slot, Inheritance]) -> tuple[PositionEvidence, ...]:
    """The evidence by K >= 2 (parents that stood in the prompt), then measure; measures that no child has are left out.

    A done child's part of a position is, of text, the share of its inherited steps that is that parent's
    (``Inheritance.shares``, scaled to sum to 1); of the answer, 1 split equally among the parents that gave it.
    ``share`` is the mean over the children. Its interval is the mean plus and minus t s / sqrt(n), cut to 0..1, with
    the standard deviation s of the n parts and Student's t.

    Noise: were the place without effect, each child's parts would stand in any order alike. Of k sums S of parts over
    the n children then (k - 1) / (k V) · sum (S - n / k)² has the mean k - 1 and, with many children, the chi-square
    distribution with k - 1 degrees of freedom, where V sums each child's variance over its k parts. Children with equal
    parts say nothing and weigh nothing. Of ranks this is Friedman's test: M. Friedman, Journal of the American
    Statistical Association 32 (1937) 675-701.
    """
    known = {chain.slot: chain for chain in chains}
    rows: dict[tuple[int, Measure], list[tuple[Slot, list[float]]]] = {}
    for slot, chain in sorted(known.items()):
        parents = in_prompt(chain)
        if chain.status is not ChainStatus.DONE or len(parents) < 2:
            continue
        shares = [inherited[slot].shares[parent] for parent in parents] if slot in inherited else []
        given = [
            float(chain.answer_key is not None and known[parent].answer_key == chain.answer_key) for parent in parents
        ]
        for measure, parts in ((Measure.TEXT, shares), (Measure.ANSWER, given)):
            if (total := math.fsum(parts)) > 0:
                rows.setdefault((len(parents), measure), []).append((slot, [part / total for part in parts]))
    order = list(Measure)
    return tuple(
        _evidence(measure, k, found)
        for (k, measure), found in sorted(rows.items(), key=lambda one: (one[0][0], order.index(one[0][1])))
    )


def _evidence(measure: Measure, k: int, found: Sequence[tuple[Slot, Sequence[float]]]) -> PositionEvidence:
    rows = [parts for _, parts in found]
    columns = list(zip(*rows, strict=True))
    shares = tuple(_placed(position, column) for position, column in enumerate(columns, start=1))
    telling = sum(max(parts) - min(parts) > 1e-9 for parts in rows)
    p = None
    if telling >= FEWEST:
        spread = math.fsum((part - 1 / k) ** 2 for parts in rows for part in parts) / k
        apart = math.fsum((math.fsum(column) - len(rows) / k) ** 2 for column in columns)
        p = chi_square_above((k - 1) / (k * spread) * apart, k - 1)
    return PositionEvidence(measure, k, shares, len(rows), telling, p, found[0][0])


def _placed(position: int, parts: Sequence[float]) -> PlacedShare:
    n = len(parts)
    mean = math.fsum(parts) / n
    if n < 2:
        return PlacedShare(position, mean, None, None)
    deviation = math.sqrt(math.fsum((part - mean) ** 2 for part in parts) / (n - 1))
    half = student_t(n - 1) * deviation / math.sqrt(n)
    return PlacedShare(position, mean, max(0.0, mean - half), min(1.0, mean + half))


def chi_square_above(value: float, freedom: int) -> float:
    """The chance that a chi-square variable with ``freedom`` degrees (1 or more) is above ``value`` (0 or more).

    The regularised upper incomplete gamma function Q(freedom / 2, value / 2), built up from Q(1/2, x) = erfc(sqrt x) or
    Q(1, x) = exp(-x) by Q(a + 1, x) = Q(a, x) + x^a exp(-x) / gamma(a + 1). Source: NIST DLMF 8.8.6.
    """
    x = value / 2
    a = 0.5 if freedom % 2 else 1.0
    above = math.erfc(math.sqrt(x)) if freedom % 2 else math.exp(-x)
    while a < freedom / 2:
        above += math.exp(a * math.log(x) - x - math.lgamma(a + 1)) if x > 0 else 0.0
        a += 1
    return min(1.0, above)


def positions_in_words(found: PositionEvidence) -> str:
    """What the shares say, and whether it is more than noise, as plain sentences."""
    best = max(found.shares, key=lambda one: one.share)
    least = min(found.shares, key=lambda one: one.share)
    who = counted(found.children, "child", "children")
    of = (
        f"Of the steps that {who} inherited"
        if found.measure is Measure.TEXT
        else f"Of the answers that {who} took over"
    )
    head = (
        f"{of}, position {best.position} gave most, {_percent(best.share)}, and position {least.position} least, "
        f"{_percent(least.share)}; if the place did not matter, each would give {_percent(1 / found.k)}."
    )
    if found.p is None:
        has = "has" if found.telling == 1 else "have"
        return f"{head} Only {found.telling:,} of them {has} unequal parts: too few to say."
    chance = "p under 0.001" if found.p < 0.001 else f"p = {found.p:.3f}"
    return f"{head} {'This is more than noise' if found.more_than_noise else 'This could be noise'} ({chance})."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
