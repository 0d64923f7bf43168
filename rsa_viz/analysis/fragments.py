"""Fragments: canonical intermediate results, who carries them, and how they spread, fix and die out.

A chain carries a fragment when one of its steps states it, however often. Shares are of the generation's done chains.
That two chains carry the same fragment does not say that one has it from the other: see ``rediscovery``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..core.chain import Chain, ChainStatus, Slot, Step, Verdict, VerdictSource
from .drift import REPEATS, Drift, drift
from .links import rows


@dataclass(frozen=True, slots=True)
class Fragment:
    """One fragment of a run.

    ``carriers`` are the done chains that state it, in slot order, at least one. ``counts`` are carriers by generation
    (place 0 is generation 1), ``shares`` the same over the generation's done chains, None where none is done. ``peak``
    is the largest share, first reached in generation ``peak_t``; ``final`` is the share in the last generation with
    done chains. ``verdict`` is that of its steps where those that have one agree, with the ``source`` of the first of
    them; steps that contradict each other make it unknown. ``right`` of the ``judged`` carriers (those with a verdict)
    have the right answer: an association, not a cause.

    ``fixed_at`` is the first generation from which on every done chain carries it, up to the last with done chains;
    ``lost_at`` the generation after its last carrier, if that has ended whole and something in it is done. None if it
    is not so.
    """

    key: str
    carriers: tuple[Slot, ...]
    counts: tuple[int, ...]
    shares: tuple[float | None, ...]
    peak: float
    peak_t: int
    final: float
    verdict: Verdict
    source: VerdictSource
    right: int
    judged: int
    fixed_at: int | None
    lost_at: int | None

    @property
    def first(self) -> Slot:
        """The first chain (in slot order) that states it."""
        return self.carriers[0]


@dataclass(frozen=True, slots=True)
class Spread:
    """All fragments of a run, in order of first appearance (slot, then place in the text), and its done chains by
    generation (place 0 is generation 1). Of all of these ``judged`` have a verdict and ``right`` are right."""

    fragments: tuple[Fragment, ...]
    done: tuple[int, ...]
    right: int = 0
    judged: int = 0

    def find(self, key: str) -> Fragment | None:
        """The fragment with this key, or None."""
        return next((one for one in self.fragments if one.key == key), None)

    def stands_with(self, one: Fragment) -> Verdict:
        """Right when its carriers are right more often than the run's chains are, wrong when less often, unknown when
        as often or when none of them is judged. An association: a wrong fragment may stand in right chains."""
        carried, expected = one.right * self.judged, self.right * one.judged
        return (Verdict.UNKNOWN, Verdict.RIGHT, Verdict.WRONG)[(carried > expected) - (carried < expected)]


def most_risen(found: Spread) -> Fragment | None:
    """The fragment that rose most from the generation in which it began to the last; of equals the one with the largest
    peak, then the oldest. None when there is no fragment."""
    return max(found.fragments, key=_rise, default=None)


def _rise(one: Fragment) -> tuple[float, float, int]:
    return (one.final - (one.shares[one.first.t - 1] or 0.0), one.peak, -one.first.t)


def stated(steps: Iterable[Step]) -> tuple[str, ...]:
    """The fragments that a chain's steps state, each once, in the order of the text."""
    return tuple(dict.fromkeys(step.fragment for step in steps if step.fragment is not None))


def spread(chains: Iterable[Chain], steps: Mapping[Slot, Sequence[Step]]) -> Spread:
    """The fragments of a run's done ``chains``, from their ``steps`` (a slot that is missing has none).

    Without chains or fragments there are none.
    """
    ordered = rows(chains)
    last = max(ordered, default=0)
    known = {chain.slot: chain for row in ordered.values() for chain in row if chain.status is ChainStatus.DONE}
    done = [0] * last
    for slot in known:
        done[slot.t - 1] += 1
    whole = {
        t
        for t, row in ordered.items()
        if done[t - 1] and all(chain.ended for chain in row)
    }  # fmt: skip
    carriers: dict[str, list[Slot]] = {}
    verdicts: dict[str, dict[Verdict, VerdictSource]] = {}
    for slot in known:
        for step in steps.get(slot, ()):
            if step.fragment is None:
                continue
            holders = carriers.setdefault(step.fragment, [])
            if not holders or holders[-1] != slot:
                holders.append(slot)
            if step.judgement.verdict is not Verdict.UNKNOWN:
                verdicts.setdefault(step.fragment, {}).setdefault(step.judgement.verdict, step.judgement.source)
    found = (_fragment(key, held, verdicts.get(key, {}), known, done, whole) for key, held in carriers.items())
    verdicts_of = [chain.verdict for chain in known.values() if chain.verdict is not Verdict.UNKNOWN]
    return Spread(tuple(found), tuple(done), verdicts_of.count(Verdict.RIGHT), len(verdicts_of))


def _fragment(
    key: str,
    carriers: Sequence[Slot],
    verdicts: Mapping[Verdict, VerdictSource],
    known: Mapping[Slot, Chain],
    done: Sequence[int],
    whole: Collection[int],
) -> Fragment:
    counts = [0] * len(done)
    right = judged = 0
    for slot in carriers:
        counts[slot.t - 1] += 1
        right += known[slot].verdict is Verdict.RIGHT
        judged += known[slot].verdict is not Verdict.UNKNOWN
    shares = tuple(count / of if of else None for count, of in zip(counts, done, strict=True))
    there = [(t, share) for t, share in enumerate(shares, start=1) if share is not None]
    peak_t, peak = max(there, key=lambda one: (one[1], -one[0]))
    fixed_at = None
    for t, share in reversed(there):
        if share < 1:
            break
        fixed_at = t
    after = carriers[-1].t + 1
    verdict, source = next(iter(verdicts.items())) if len(verdicts) == 1 else (Verdict.UNKNOWN, VerdictSource.NONE)
    return Fragment(
        key,
        tuple(carriers),
        tuple(counts),
        shares,
        peak=peak,
        peak_t=peak_t,
        final=there[-1][1],
        verdict=verdict,
        source=source,
        right=right,
        judged=judged,
        fixed_at=fixed_at,
        lost_at=after if after in whole else None,
    )


@dataclass(frozen=True, slots=True)
class Kinds:
    """What the fragments of one generation are: each of its done chains counts each fragment that it carries once.

    ``right``, ``wrong`` and ``unknown`` count by the fragment's verdict in the whole run; together they are ``total``.
    Of the unknown, ``with_right`` stand in right chains more often than the run's chains are right, ``with_wrong`` less
    often (``Spread.stands_with``): an association and no verdict.
    """

    t: int
    right: int
    wrong: int
    unknown: int
    with_right: int = 0
    with_wrong: int = 0

    @property
    def total(self) -> int:
        """All that is carried."""
        return self.right + self.wrong + self.unknown

    def share(self, verdict: Verdict) -> float | None:
        """The share of what is carried that has this verdict, 0..1; None when nothing is carried."""
        count = {Verdict.RIGHT: self.right, Verdict.WRONG: self.wrong, Verdict.UNKNOWN: self.unknown}[verdict]
        return count / self.total if self.total else None


def kinds_by_generation(found: Spread) -> tuple[Kinds, ...]:
    """The total share of right, wrong and unknown fragments by generation; empty without generations."""
    sums = {verdict: [0] * len(found.done) for verdict in Verdict}
    beside = {verdict: [0] * len(found.done) for verdict in Verdict}
    for one in found.fragments:
        for place, count in enumerate(one.counts):
            sums[one.verdict][place] += count
            if one.verdict is Verdict.UNKNOWN:
                beside[found.stands_with(one)][place] += count
    columns = (
        *(sums[verdict] for verdict in (Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN)),
        beside[Verdict.RIGHT],
        beside[Verdict.WRONG],
    )
    return tuple(Kinds(t, *counts) for t, counts in enumerate(zip(*columns, strict=True), start=1))


def neutral_spread(
    chains: Iterable[Chain], fragment: Fragment, *, seed: int = 0, repeats: int = REPEATS
) -> tuple[Drift, ...]:
    """The shares that a fragment would have if each child copied one random parent: neutral drift from where it began.

    Up to the generation in which it is first stated the chains carry it as recorded; from there on ``drift`` copies.
    Its mean and 90 % band are by generation. What leaves the band spread by more, or less, than blind copying.
    """
    carriers = frozenset(fragment.carriers)
    begun = fragment.first.t
    return drift(
        (
            replace(
                chain,
                verdict=_carried(chain, carriers),
                parents=chain.parents if chain.slot.t > begun else (),
                available=chain.available if chain.slot.t > begun else (),
            )
            for chain in chains
        ),
        seed=seed,
        repeats=repeats,
    )


def _carried(chain: Chain, carriers: Collection[Slot]) -> Verdict:
    """Carrying, in the words that ``drift`` counts: right carries, wrong does not, unknown is not there."""
    if chain.status is not ChainStatus.DONE:
        return Verdict.UNKNOWN
    return Verdict.RIGHT if chain.slot in carriers else Verdict.WRONG


ROW = (
    "key", "verdict", "source", "first", "carriers", "peak", "peak_t", "final", "right", "judged", "fixed_at",
    "lost_at", "shares",
)  # fmt: skip


def fragment_row(fragment: Fragment) -> dict[str, object]:
    """The fragment as the command line prints it: JSON values under the names in ``ROW``; unknown is None."""
    values = {name: getattr(fragment, name) for name in ROW}
    return values | {
        "verdict": fragment.verdict.value,
        "source": fragment.source.value,
        "first": str(fragment.first),
        "carriers": [str(slot) for slot in fragment.carriers],
        "shares": list(fragment.shares),
    }
