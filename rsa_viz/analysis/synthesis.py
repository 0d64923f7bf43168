"""Copy or synthesis: how much of a child stands in one parent, how many parents it used, and what that makes of it.

Text is matched as in ``inheritance``: similarity, not proof of cause. A step that several parents carry equally alike
counts here for each of them, so that a copy of one of two equal parents is a copy; ``Inheritance.shares`` split it
instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..core.chain import Chain, ChainStatus, Slot, Verdict
from .inheritance import Inheritance
from .intervals import Quartiles, quartiles
from .links import in_prompt

USES = 5  # a parent is used when it gives at least one step in five
NEARLY_ALL = 4  # of five steps that stand in one parent make a clone


class Kind(StrEnum):
    """What a child made of its parents; see ``copy_or_synthesis``."""

    CLONE = "clone"
    SYNTHESIS = "synthesis"
    REWRITE = "rewrite"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one child of ``steps`` steps took.

    ``largest`` is the largest share of its steps that stand in one parent, 0..1, and ``donor`` that parent (of equal
    ones the first in prompt order; None when no step stands in a parent). ``used`` is the number of parents used.
    ``effective_donors`` is that of ``Inheritance``. ``answer_taken`` says whether a parent in the prompt gives its
    answer.
    """

    slot: Slot
    verdict: Verdict
    kind: Kind
    steps: int
    largest: float
    donor: Slot | None
    used: int
    new: float
    effective_donors: float
    answer_taken: bool


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The children of generation ``t``: how many of each kind, how many donors in effect and how many used.

    ``effective_donors`` are the quartiles over the children, those who took nothing with 0; ``used`` is the mean number
    of parents used.
    """

    t: int
    kinds: Mapping[Kind, int]
    children: int
    effective_donors: Quartiles
    used: float


def copy_or_synthesis(chains: Iterable[Chain], inherited: Mapping[Slot, Inheritance]) -> tuple[Taken, ...]:
    """What each done child with steps and with parents in its prompt took, in slot order.

    ``inherited`` is what ``inheritance.inheritances`` gives. Definitions, for a child of n steps:

    * Parents used: take the parent in which most of the steps stand, then again and again the parent in which most of
      the steps not yet accounted for stand (of equal ones the first in prompt order), as long as these are at least a
      fifth of the n. Their number is 0..K: few parents that account for what was taken, bits left aside.
    * clone: at most one parent is used, and at least four fifths of the steps stand in it.
    * synthesis: two parents or more are used.
    * rewrite: at most one parent is used, less than four fifths of the steps stand in it, and the answer is that of a
      parent in the prompt: what is the child's own leads where a parent was already.
    * drift: the same with an answer that no parent in the prompt gives, or with none. It may be right.

    Every child is of exactly one kind. The thresholds are a convention. Empty without children.
    """
    known = {chain.slot: chain for chain in chains}
    return tuple(
        _taken(known[slot], inherited[slot], known)
        for slot in sorted(known)
        if known[slot].status is ChainStatus.DONE and slot in inherited and inherited[slot].steps
    )


def _taken(child: Chain, found: Inheritance, known: Mapping[Slot, Chain]) -> Taken:
    given = _given(found)
    donor, most = given[0] if given else (None, 0)
    used = sum(USES * steps >= found.steps for _, steps in given)
    answer_taken = child.answer_key is not None and any(
        known[parent].answer_key == child.answer_key for parent in in_prompt(child) if parent in known
    )
    if used > 1:
        kind = Kind.SYNTHESIS
    elif USES * most >= NEARLY_ALL * found.steps:
        kind = Kind.CLONE
    else:
        kind = Kind.REWRITE if answer_taken else Kind.DRIFT
    return Taken(
        slot=child.slot,
        verdict=child.verdict,
        kind=kind,
        steps=found.steps,
        largest=most / found.steps,
        donor=donor,
        used=used,
        new=found.new,
        effective_donors=found.effective_donors,
        answer_taken=answer_taken,
    )


def _given(found: Inheritance) -> list[tuple[Slot, int]]:
    """The parents with the steps that each accounts for, the largest first, and only those that account for any."""
    left = [carriers for carriers in found.carriers if carriers]
    given = []
    while left:
        counts = {parent: sum(parent in carriers for carriers in left) for parent in found.shares}
        best = max(counts, key=lambda parent: counts[parent])  # of equal ones the first in prompt order
        given.append((best, counts[best]))
        left = [carriers for carriers in left if best not in carriers]
    return given


def taken_by_generation(taken: Sequence[Taken]) -> tuple[TakenIn, ...]:
    """The kinds and the donors by generation; generations without a child are left out."""
    found: dict[int, list[Taken]] = {}
    for one in taken:
        found.setdefault(one.slot.t, []).append(one)
    rows = []
    for t, row in sorted(found.items()):
        spread = quartiles(one.effective_donors for one in row)
        assert spread is not None  # there is a child
        kinds = {kind: sum(one.kind is kind for one in row) for kind in Kind}
        rows.append(TakenIn(t, kinds, len(row), spread, sum(one.used for one in row) / len(row)))
    return tuple(rows)
