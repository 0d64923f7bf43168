"""What a run's verifications say of its chains, and how well they tell right from wrong.

A verification that failed or cannot be read says nothing: its chain is not accepted, and not rejected either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..core.aside import Aside, AsideKind
from ..core.chain import Slot


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The chains of a run that have a verification, each in exactly one tuple, in slot order.

    ``unknown`` are those whose verification failed or cannot be read, ``waiting`` those whose verification is to come.
    """

    accepted: tuple[Slot, ...] = ()
    rejected: tuple[Slot, ...] = ()
    unknown: tuple[Slot, ...] = ()
    waiting: tuple[Slot, ...] = ()

    @property
    def nothing_read(self) -> bool:
        """There were verifications, all have ended and none could be read: nothing was chosen among the samples, which
        cost twice as many calls as without."""
        return bool(self.unknown) and not (self.accepted or self.rejected or self.waiting)


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
