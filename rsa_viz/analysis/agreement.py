"""How far one source's verdicts on steps agree with what is known of the same steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.chain import Slot, Step, Verdict
from .telling import counted

_SIDES = (Verdict.RIGHT, Verdict.WRONG)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Verdicts on the same steps: ``table[known, said]`` steps, where ``known`` is right or wrong and ``said`` may be
    unknown. Empty for no step of which anything is known."""

    table: Mapping[tuple[Verdict, Verdict], int]

    @property
    def known(self) -> int:
        """Steps of which the truth is known."""
        return sum(self.table.values())

    @property
    def both(self) -> int:
        """Steps on which both sources say right or wrong."""
        return sum(self.table[known, said] for known in _SIDES for said in _SIDES)

    @property
    def agreed(self) -> int:
        """Steps on which both say the same."""
        return sum(self.table[side, side] for side in _SIDES)

    @property
    def share(self) -> float | None:
        """``agreed`` of ``both``, 0..1; None where there is none."""
        return self.agreed / self.both if self.both else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa over the steps on which both say right or wrong: (p − e) / (1 − e).

        p is the share on which they agree, e the share that two sources would agree on by chance, which say right and
        wrong as often as these do: e = (a r + (1 − a)(1 − r)) with a and r their shares of right. 1 is full agreement,
        0 no better than chance. None without steps, and when both always say the same one thing (e = 1). Source: Cohen
        1960, A coefficient of agreement for nominal scales.
        """
        if not self.both:
            return None
        one = sum(self.table[Verdict.RIGHT, said] for said in _SIDES) / self.both
        other = sum(self.table[known, Verdict.RIGHT] for known in _SIDES) / self.both
        chance = one * other + (1 - one) * (1 - other)
        if chance == 1:
            return None
        return (self.agreed / self.both - chance) / (1 - chance)


def agreement(known: Mapping[Slot, Sequence[Step]], said: Mapping[Slot, Sequence[Step]]) -> Agreement:
    """Compare verdicts of another source with ``known`` ones (exact or arithmetic), step by step.

    Both hold the same steps of the same chains; chains that one of them lacks are left out, and steps that are unknown
    in ``known``.
    """
    met: Counter[tuple[Verdict, Verdict]] = Counter(
        (mine.judgement.verdict, theirs.judgement.verdict)
        for slot, steps in known.items()
        for mine, theirs in zip(steps, said.get(slot, ()), strict=False)
        if mine.judgement.verdict is not Verdict.UNKNOWN
    )
    return Agreement({(one, other): met[one, other] for one in _SIDES for other in Verdict})


def agreement_in_words(found: Agreement, who: str) -> str:
    """One or two sentences; ``who`` begins the first (``The judge synthetic/fast``)."""
    if not found.known:
        return "Nothing is known of these steps that it could be compared with."
    silent = found.known - found.both
    if not found.both:
        return f"{who} says nothing of the {counted(found.known, 'step')} of which the truth is known."
    words = f"{who} agrees with what is known on {found.agreed:,} of {counted(found.both, 'step')}"
    if found.kappa is not None:
        words += f" (Cohen's kappa {found.kappa:.2f})"
    return f"{words}; of {silent:,} more it says nothing." if silent else f"{words}."
