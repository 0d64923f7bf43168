"""Painting: step by step, in which parents a child's step stands, and how likely it was inherited from them.

A step stands in a parent when its key (``step_keys.step_key``) does. That is no inheritance yet: chains that answer the
same question write the same steps by themselves. So each step has the chance of ``rediscovery``. Of several parents
those are its donors in which it stands most alike. A statistical attribution, no proof of what made the model write a
step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..core.chain import Chain, Slot
from .links import in_prompt
from .rediscovery import Doubt, StepRates, step_rates, told
from .step_keys import carried, closest

__all__ = ["Donor", "Painted", "StepRates", "leading", "most_doubt", "painted", "shares_of_donors", "step_rates"]


class Donor(NamedTuple):
    """A parent in which a step stands: its ``position`` in the prompt (1..K), and the first place of the step (from 1)
    in its text."""

    slot: Slot
    position: int
    place: int


@dataclass(frozen=True, slots=True)
class Painted:
    """One step of a child: its ``donors`` in prompt order, none for a step that stands in no parent.

    ``probability`` is the chance that it was inherited from any of them and not written anew, 0..1; 0 without donors,
    None where it can not be told; then ``doubt`` says why.
    """

    donors: tuple[Donor, ...]
    probability: float | None
    doubt: Doubt | None = None

    @property
    def each(self) -> float:
        """The chance of each donor: nothing tells which of them it was. 0 where none can be told."""
        return (self.probability or 0.0) / len(self.donors) if self.donors else 0.0


def painted(chain: Chain, keys: Mapping[Slot, Sequence[str]], found: StepRates) -> tuple[Painted, ...]:
    """The steps of one chain in the order of its text; empty for a chain without steps.

    A chain that was sampled has no parents, so all of its steps have no donors.
    """
    parents = {parent: carried(keys.get(parent, ())) for parent in in_prompt(chain)}
    places: dict[Slot, dict[str, int]] = {}
    for parent in parents:
        first = places[parent] = {}
        for place, key in enumerate(keys.get(parent, ()), start=1):
            first.setdefault(str(key), place)
    positions = {parent: chain.parents.index(parent) + 1 for parent in parents}
    steps = []
    for key in keys.get(chain.slot, ()):
        donors = tuple(Donor(one, positions[one], places[one][key]) for one in closest(key, parents))
        probability, doubt = told([found.chance(key, tuple(parents.values()))]) if donors else (0.0, None)
        steps.append(Painted(donors, probability, doubt))
    return tuple(steps)


def most_doubt(steps: Iterable[Painted]) -> tuple[int, Doubt | None]:
    """Of how many steps that stand in a parent it can not be told whether they were inherited, and the most frequent
    reason; (0, None) where there is none."""
    doubts = Counter(step.doubt for step in steps if step.doubt is not None)
    return (doubts.total(), doubts.most_common(1)[0][0]) if doubts else (0, None)


def leading(shares: Mapping[Slot, float]) -> tuple[Slot, ...]:
    """The donors with the largest share, one or several that are equal; empty when nobody gave anything."""
    most = max(shares.values(), default=0.0)
    return tuple(slot for slot, share in shares.items() if most > 0 and share > most - 1e-9)


def shares_of_donors(steps: Iterable[Painted]) -> Mapping[Slot, float]:
    """How many of the steps came from each donor, as an expectation; those that gave most come first.

    Steps of which it can not be told are in none.
    """
    sums: dict[Slot, float] = {}
    for step in steps:
        for donor in step.donors:
            sums[donor.slot] = sums.get(donor.slot, 0.0) + step.each
    return dict(sorted(sums.items(), key=lambda one: (-one[1], one[0])))
