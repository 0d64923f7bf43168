"""Painting: step by step, in which parents a child's step stands, and how likely it was inherited from them.

A step stands in a parent when its key (``inheritance.step_key``) does. That is no inheritance yet: chains that answer
the same question write the same steps by themselves. So each step has the chance of ``rediscovery``, with rates of
their own for steps that state a fragment and for steps that are the same in words only. A statistical attribution, no
proof of what made the model write a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..core.chain import Chain, Slot
from .inheritance import states_fragment
from .links import in_prompt
from .rediscovery import Rates, rates


class Donor(NamedTuple):
    """A parent in which a step stands: its ``position`` in the prompt (1..K), and the first place of the step (from 1)
    in its text."""

    slot: Slot
    position: int
    place: int


@dataclass(frozen=True, slots=True)
class Painted:
    """One step of a child: its ``donors`` in prompt order, none for a step that stands in no parent.

    ``probability`` is the chance that it was inherited from any of them and not written anew, 0..1; 0 without donors.
    """

    donors: tuple[Donor, ...]
    probability: float

    @property
    def each(self) -> float:
        """The chance of each donor: nothing tells which of them it was."""
        return self.probability / len(self.donors) if self.donors else 0.0


@dataclass(frozen=True, slots=True)
class StepRates:
    """The rates of a run's steps: of those that state a fragment, and of those that are words."""

    fragments: Rates
    words: Rates

    def inherited(self, key: str) -> float:
        """P(inherited) of a step that stands in a parent; see ``Rates.inherited``. 0 where nothing is known."""
        return (self.fragments if states_fragment(key) else self.words).inherited(key) or 0.0


def step_rates(chains: Iterable[Chain], keys: Mapping[Slot, Sequence[str]]) -> StepRates:
    """The rates of a run, from its ``chains`` and the ``keys`` of the steps of each."""
    known = list(chains)
    fragments = {slot: [key for key in found if states_fragment(key)] for slot, found in keys.items()}
    words = {slot: [key for key in found if not states_fragment(key)] for slot, found in keys.items()}
    return StepRates(rates(known, fragments), rates(known, words))


def painted(chain: Chain, keys: Mapping[Slot, Sequence[str]], found: StepRates) -> tuple[Painted, ...]:
    """The steps of one chain in the order of its text; empty for a chain without steps.

    A chain that was sampled has no parents, so all of its steps have no donors.
    """
    places: list[tuple[Slot, int, dict[str, int]]] = []
    for parent in in_prompt(chain):
        first: dict[str, int] = {}
        for place, key in enumerate(keys.get(parent, ()), start=1):
            first.setdefault(key, place)
        places.append((parent, chain.parents.index(parent) + 1, first))
    steps = []
    for key in keys.get(chain.slot, ()):
        donors = tuple(Donor(parent, position, first[key]) for parent, position, first in places if key in first)
        steps.append(Painted(donors, found.inherited(key) if donors else 0.0))
    return tuple(steps)


def shares_of_donors(steps: Iterable[Painted]) -> Mapping[Slot, float]:
    """How many of the steps came from each donor, as an expectation; those that gave most come first."""
    sums: dict[Slot, float] = {}
    for step in steps:
        for donor in step.donors:
            sums[donor.slot] = sums.get(donor.slot, 0.0) + step.each
    return dict(sorted(sums.items(), key=lambda one: (-one[1], one[0])))
