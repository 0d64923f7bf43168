"""Inherited or found again: how likely it is that a fragment which stands in a child and a parent was copied.

A match is no inheritance: chains that answer the same question find the same results by themselves. So the rate at
which a fragment is found anew is read from chains none of whose parents carry it, and what children of carriers have
beyond that is copied. It is a statistical attribution, no proof of what made the model write a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..core.chain import Chain, ChainStatus, Slot
from .links import in_prompt

HALVINGS = 50  # of the interval in which the copy rate lies


@dataclass(frozen=True, slots=True)
class Rates:
    """How fragments of a run come about.

    ``found`` is r, by fragment: the share of the done chains without a carrier among the parents in their prompt
    (sampled chains among them) that state it. ``copied`` is h, the chance that a child takes over a fragment that a
    parent in its prompt carries; None when no child had such a parent. ``exposed`` counts those (child, fragment)
    pairs, ``present`` those of them in which the child has the fragment.
    """

    found: Mapping[str, float]
    copied: float | None
    exposed: int
    present: int

    def inherited(self, key: str) -> float | None:
        """P(inherited): the chance that a child, one of whose parents carries the fragment, has it from them.

        h / (h + (1 - h) r), 0..1. None when h is not known, or when both rates are 0.
        """
        if self.copied is None:
            return None
        reached = self.copied + (1 - self.copied) * self.found.get(key, 0.0)
        return self.copied / reached if reached > 0 else None


def rates(chains: Iterable[Chain], keys: Mapping[Slot, Sequence[str]]) -> Rates:
    """The rates of a run, from its ``chains`` and the fragments that each states (see ``fragments.stated``).

    A child whose parent carries a fragment has it with probability 1 - (1 - h)(1 - r): it is copied, or found again
    all the same. With r as measured, h is the maximum of that likelihood over all exposed pairs. Equivalently it is
    where expectation maximisation stands still: h is the mean over the exposed pairs of h / (h + (1 - h) r) where the
    child has the fragment, and of 0 where it has not. It is found by halving, since the likelihood has one top and the
    rounds of expectation maximisation get slow near 0. Dempster, Laird and Rubin, Journal of the Royal Statistical
    Society B 39 (1977) 1-38.

    Without chains there are no rates. A fragment's r is never 0: somebody stated it first. In a run of few
    chains it is uncertain.
    """
    done = [chain for chain in chains if chain.status is ChainStatus.DONE]
    carrying: dict[str, int] = {}
    exposed: dict[str, int] = {}
    present: dict[str, int] = {}
    for chain in done:
        own = frozenset(keys.get(chain.slot, ()))
        offered = frozenset().union(*(keys.get(parent, ()) for parent in in_prompt(chain)))
        for key in own:
            carrying[key] = carrying.get(key, 0) + 1
        for key in offered:
            exposed[key] = exposed.get(key, 0) + 1
            if key in own:
                present[key] = present.get(key, 0) + 1
    found = {
        key: (count - present.get(key, 0)) / (len(done) - exposed.get(key, 0))
        for key, count in carrying.items()
    }  # fmt: skip
    names = list(exposed)
    of = np.array([exposed[key] for key in names], dtype=float)
    have = np.array([present.get(key, 0) for key in names], dtype=float)
    copied = _copied(np.array([found[key] for key in names]), of, have) if names else None
    return Rates(found, copied, int(of.sum()), int(have.sum()))


def _copied(r: np.ndarray, exposed: np.ndarray, present: np.ndarray) -> float:
    absent = float(exposed.sum() - present.sum())

    def slope(h: float) -> float:
        """The derivative of the log-likelihood, which falls all the way from h = 0 to h = 1."""
        return float((present * (1 - r) / (h + (1 - h) * r)).sum()) - absent / (1 - h)

    if absent == 0:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return low


class Origin(StrEnum):
    """Where a child's fragment was before."""

    PARENTS = "from parents"  # a parent in its prompt carries it
    REAPPEARING = "reappearing"  # no parent in its prompt, but a chain of an earlier generation
    NEW = "new"  # no chain of an earlier generation


@dataclass(frozen=True, slots=True)
class Inherited:
    """One fragment of a child: where it was before.

    ``candidates`` are the parents that carry it, in prompt order, and ``probability`` that it was inherited from any of
    them and not found again (None when they are none, or nothing is known). ``seen`` is the first chain that stated it,
    of an earlier generation; None for a new one.
    """

    key: str
    origin: Origin
    candidates: tuple[Slot, ...]
    probability: float | None
    seen: Slot | None


@dataclass(frozen=True, slots=True)
class Origins:
    """The fragments of one chain in the order of its text, and the ``lost`` ones: carried by a parent in its prompt and
    not by itself, in the parents' order."""

    slot: Slot
    fragments: tuple[Inherited, ...]
    lost: tuple[str, ...]

    def count(self, origin: Origin) -> int:
        """How many of the chain's fragments have this origin."""
        return sum(one.origin is origin for one in self.fragments)


def first_seen(keys: Mapping[Slot, Sequence[str]]) -> Mapping[str, Slot]:
    """The first chain (in slot order) that states each fragment."""
    found: dict[str, Slot] = {}
    for slot in sorted(keys):
        for key in keys[slot]:
            found.setdefault(key, slot)
    return found


def origins(chain: Chain, keys: Mapping[Slot, Sequence[str]], rates: Rates, seen: Mapping[str, Slot]) -> Origins:
    """Where the fragments of one chain were before. ``seen`` is what ``first_seen`` gives.

    A sampled chain has no parents, so nothing of it is inherited or lost; a chain without fragments has none.
    """
    parents = in_prompt(chain)
    carried = {parent: dict.fromkeys(keys.get(parent, ())) for parent in parents}
    own = dict.fromkeys(keys.get(chain.slot, ()))
    found = []
    for key in own:
        candidates = tuple(parent for parent in parents if key in carried[parent])
        first = seen.get(key)
        earlier = first if first is not None and first.t < chain.slot.t else None
        origin = Origin.PARENTS if candidates else Origin.NEW if earlier is None else Origin.REAPPEARING
        found.append(Inherited(key, origin, candidates, rates.inherited(key) if candidates else None, earlier))
    lost = dict.fromkeys(key for parent in parents for key in carried[parent] if key not in own)
    return Origins(chain.slot, tuple(found), tuple(lost))
