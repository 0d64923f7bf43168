"""Inheritance: from which parents the steps of a child came, by what stands in both.

Attribution is similarity, not proof of cause: a step that stands in a parent may have been found anew, and a step in
other words may have been copied. Steps are matched exactly, by their canonical fragment or their words; of several
parents with a step those count that have it in the same words, and of these those that have it letter by letter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..core.chain import Chain, ChainStatus, Slot, Step
from .links import in_prompt
from .step_keys import Carried, carried, closest, states_fragment, step_key

__all__ = [
    "Inheritance", "edge_shares", "inheritance", "inheritances", "inherited_by", "states_fragment", "step_key",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inheritance:
    """From whom the ``steps`` steps of a child came.

    ``shares`` is by parent in prompt order (those with share 0 included); with ``new``, the share of the steps that
    stand in no parent, they sum to 1. ``carriers`` names, step by step, the parents that are credited with it: those
    in which it stands most alike. A child without steps has steps = 0, all shares 0 and new = 0. Similarity, not proof
    of cause.
    """

    shares: Mapping[Slot, float]
    new: float
    steps: int
    carriers: tuple[tuple[Slot, ...], ...]

    @property
    def effective_donors(self) -> float:
        """exp of the entropy of the parents' shares (scaled to sum to 1): 1 for one donor, K for K equal ones.

        0 when nothing was inherited. It is the Hill number of order 1 (Hill, Ecology 54 (1973) 427-432).
        """
        inherited = math.fsum(self.shares.values())
        if inherited == 0:
            return 0.0
        parts = [share / inherited for share in self.shares.values() if share > 0]
        return math.exp(math.fsum(part * math.log(1 / part) for part in parts))


def inheritance(child: Iterable[str], parents: Mapping[Slot, Iterable[str]]) -> Inheritance:
    """The inheritance of one child, from the keys of its steps and of the steps of each parent.

    Each step of the child counts 1; if c parents have it equally alike (see ``step_keys.closest``), each is credited
    1/c, however often it carries it.
    """
    return _inheritance(tuple(child), {slot: carried(keys) for slot, keys in parents.items()})


def _inheritance(child: Sequence[str], parents: Mapping[Slot, Carried]) -> Inheritance:
    carriers = tuple(closest(key, parents) for key in child)
    credit = dict.fromkeys(parents, 0.0)
    new = 0
    for carrying in carriers:
        new += not carrying
        for slot in carrying:
            credit[slot] += 1 / len(carrying)
    count = max(len(child), 1)
    shares = {slot: value / count for slot, value in credit.items()}
    return Inheritance(shares, new / count, len(child), carriers)


def inheritances(
    chains: Iterable[Chain], steps: Mapping[Slot, tuple[Step, ...]], texts: Mapping[Slot, str]
) -> Mapping[Slot, Inheritance]:
    """The inheritance of every done child with parents in its prompt, in slot order.

    ``steps`` and ``texts`` are by slot; a slot that is missing in either has no steps. Empty without children.
    Similarity, not proof of cause.
    """
    return inherited_by(
        chains,
        {slot: [step_key(step, texts[slot]) for step in found] for slot, found in steps.items() if slot in texts},
    )


def inherited_by(chains: Iterable[Chain], keys: Mapping[Slot, Sequence[str]]) -> Mapping[Slot, Inheritance]:
    """The same from the ``keys`` of the steps, by slot; a slot that is missing has no steps."""
    children = [chain for chain in chains if chain.status is ChainStatus.DONE and in_prompt(chain)]
    sets = {parent: carried(keys.get(parent, ())) for parent in {one for chain in children for one in in_prompt(chain)}}
    return {
        chain.slot: _inheritance(keys.get(chain.slot, ()), {parent: sets[parent] for parent in in_prompt(chain)})
        for chain in sorted(children, key=lambda chain: chain.slot)
    }


def edge_shares(
    chains: Iterable[Chain], steps: Mapping[Slot, tuple[Step, ...]], texts: Mapping[Slot, str]
) -> Mapping[tuple[Slot, Slot], float]:
    """The share of each (child, parent) link: the share of the child's steps that came from that parent.

    A child's shares and its share of new steps sum to 1. Links of children without steps are left out. Similarity,
    not proof of cause: a parent credited with a step need not be why the child wrote it.
    """
    return {
        (child, parent): share
        for child, found in inheritances(chains, steps, texts).items()
        if found.steps
        for parent, share in found.shares.items()
    }
