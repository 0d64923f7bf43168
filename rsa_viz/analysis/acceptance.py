"""What a run's verifications say of its chains, and how well they tell right from wrong.

A verification that failed or cannot be read says nothing: its chain is not accepted, and not rejected either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.aside import Aside, AsideKind
from ..core.chain import Chain, ChainStatus, Slot, Verdict


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The chains of a run that have a verification, each in exactly one tuple, in slot order.

    ``unknown`` are those whose verification failed or cannot be read, ``waiting`` those whose verification is to come.
    """

    accepted: tuple[Slot, ...] = ()
    rejected: tuple[Slot, ...] = ()
    unknown: tuple[Slot, ...] = ()
    waiting: tuple[Slot, ...] = ()


def acceptance(asides: Iterable[Aside]) -> Acceptance:
    """What the verifications among ``asides`` say; all empty when there is none."""
    found: dict[str, list[Slot]] = {"accepted": [], "rejected": [], "unknown": [], "waiting": []}
    for aside in sorted(asides, key=lambda one: one.slot):
        if aside.kind is AsideKind.VERIFY:
            found[_word(aside)].append(aside.slot)
    return Acceptance(**{word: tuple(slots) for word, slots in found.items()})


def _word(aside: Aside) -> str:
    if not aside.ended:
        return "waiting"
    if aside.accepted is None:
        return "unknown"
    return "accepted" if aside.accepted else "rejected"


@dataclass(frozen=True, slots=True)
class Discernment:
    """Of the chains whose verdict is known and whose verification can be read: ``right`` ones, of which ``right_kept``
    were accepted, and ``wrong`` ones, of which ``wrong_caught`` were rejected."""

    right: int
    right_kept: int
    wrong: int
    wrong_caught: int


def discernment(chains: Iterable[Chain], found: Acceptance) -> Discernment:
    """How well the verifications told right from wrong; all 0 without a known verdict."""
    verdicts: Mapping[Slot, Verdict] = {
        chain.slot: chain.verdict for chain in chains if chain.status is ChainStatus.DONE
    }
    said = {Verdict.RIGHT: [0, 0], Verdict.WRONG: [0, 0], Verdict.UNKNOWN: [0, 0]}
    for accepted, slots in ((True, found.accepted), (False, found.rejected)):
        for slot in slots:
            said[verdicts.get(slot, Verdict.UNKNOWN)][accepted] += 1
    (right_lost, right_kept), (wrong_caught, wrong_kept) = said[Verdict.RIGHT], said[Verdict.WRONG]
    return Discernment(right_lost + right_kept, right_kept, wrong_caught + wrong_kept, wrong_caught)
