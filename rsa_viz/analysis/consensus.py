"""Verdicts on steps by the other chains of the same generation. What most say is no proof, and is never said to be.

A topic is what a fragment gives a number to: a name or an expression. A chain votes on it with the value that it
states; one that states several values casts no vote, for it uses the letter for more than one thing. Chains copy from
their parents, so many votes may be one opinion: it also counts how often a value was found without having it from a
parent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..core.chain import Chain, ChainStatus, Judgement, Slot, Step, Verdict, VerdictSource
from .reference import left_side

SHARE = 0.8
"""The share of the other chains of a generation from which on a value is their consensus."""

CARRIERS = 3
"""The fewest other chains that must state it."""

LINEAGES = 3
"""The fewest lineages of which it must come: chains up to that generation that state it and no parent of which does."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:/\d+)?")
_NOTHING = Judgement.unknown("states no value that others could state")
_SEVERAL = Judgement.unknown("its chain gives this more than one value")

Claim = tuple[str, str]
"""A topic and the value that it is given."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the other chains say of a topic: ``carriers`` of the ``of`` others state ``value``."""

    value: str
    carriers: int
    of: int
    lineages: int

    @property
    def share(self) -> float:
        """The share of the others, in 0..1."""
        return self.carriers / self.of


def claim_of(fragment: str | None) -> Claim | None:
    """What a fragment gives a number to, and the number; None for one that gives none."""
    if fragment is None:
        return None
    topic, value = left_side(fragment), fragment.rpartition("=")[2]
    return (topic, value) if topic and _NUMBER.fullmatch(value) else None


def votes_of(steps: Iterable[Step]) -> dict[str, str | None]:
    """A chain's vote on each topic that it states; None where it states several values."""
    votes: dict[str, str | None] = {}
    for step in steps:
        if (claim := claim_of(step.fragment)) is not None:
            topic, value = claim
            votes[topic] = value if votes.get(topic, value) == value else None
    return votes


class Votes:
    """The votes of a run's done chains, for asking what the others say."""

    def __init__(self, chains: Iterable[Chain], steps: Mapping[Slot, Sequence[Step]]) -> None:
        """``steps`` of the done ``chains``; a chain that is missing there is left out."""
        done = [chain for chain in chains if chain.status is ChainStatus.DONE and chain.slot in steps]
        self.by_chain = {chain.slot: votes_of(steps[chain.slot]) for chain in done}
        self._sizes = Counter(slot.t for slot in self.by_chain)
        self._counted: dict[tuple[int, str], Counter[str]] = {}
        self._begun: dict[Claim, Counter[int]] = {}  # lineages by the generation in which they begin
        for chain in done:
            for topic, value in self.by_chain[chain.slot].items():
                if value is None:
                    continue
                self._counted.setdefault((chain.slot.t, topic), Counter())[value] += 1
                if not any(self.by_chain.get(parent, {}).get(topic) == value for parent in chain.available):
                    self._begun.setdefault((topic, value), Counter())[chain.slot.t] += 1

    def others(self, slot: Slot, topic: str) -> Consensus | None:
        """The value that most other chains of the slot's generation state, if one stands alone at the top."""
        own = self.by_chain[slot].get(topic)
        counted = self._counted.get((slot.t, topic), Counter[str]())
        votes = [(count - (value == own), value) for value, count in counted.items()]
        most = max(votes, default=(0, ""))
        if not most[0] or sum(count == most[0] for count, _ in votes) > 1:
            return None
        begun = self._begun.get((topic, most[1]), Counter[int]())
        lineages = sum(count for t, count in begun.items() if t <= slot.t)
        return Consensus(most[1], most[0], self._sizes[slot.t] - 1, lineages)


def by_consensus(
    chains: Iterable[Chain],
    steps: Mapping[Slot, Sequence[Step]],
    *,
    share: float = SHARE,
    carriers: int = CARRIERS,
    lineages: int = LINEAGES,
) -> dict[Slot, tuple[Step, ...]]:
    """The steps of the done ``chains`` with verdicts by consensus in place of their own.

    The consensus on a topic, as a chain of generation t sees it, is the value that at least ``share`` of the other done
    chains of generation t state, being at least ``carriers``, and that began in at least ``lineages`` chains up to t.
    A step is right when it states that value, wrong when it states another one, else unknown; without a consensus it is
    unknown. Source: ``VerdictSource.CONSENSUS``; docs/step-verdicts.md has how often it is mistaken. Empty without
    chains.
    """
    votes = Votes(chains, steps)
    least = f"no value is stated by {carriers} other chains, {100 * share:.0f} % of them and {lineages} lineages"
    none = Judgement.unknown(least)
    found: dict[Slot, tuple[Step, ...]] = {}
    for slot, own in votes.by_chain.items():
        said: dict[str, Judgement] = {}
        for topic, value in own.items():
            others = votes.others(slot, topic)
            if value is None:
                said[topic] = _SEVERAL
            elif others is None or others.carriers < carriers or others.share < share or others.lineages < lineages:
                said[topic] = none
            else:
                said[topic] = _judgement(value, others)
        found[slot] = tuple(replace(step, judgement=_of(step, said)) for step in steps[slot])
    return found


def _of(step: Step, said: Mapping[str, Judgement]) -> Judgement:
    claim = claim_of(step.fragment)
    return _NOTHING if claim is None else said[claim[0]]


def _judgement(value: str, others: Consensus) -> Judgement:
    told = f"{others.carriers} of {others.of} other chains of its generation say {others.value}"
    verdict = Verdict.RIGHT if value == others.value else Verdict.WRONG
    return Judgement(verdict, VerdictSource.CONSENSUS, others.share, told)
