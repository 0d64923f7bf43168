"""Inherited or found again: how likely it is that what stands in a child and a parent was copied.

A match is no inheritance: chains that answer the same question find the same results by themselves. So the rate at
which something is found anew is read from chains none of whose parents carry it, how children copy from those whose
parents do, and what can not be told from the run stays unknown (see ``copying``, which has the model). It is a
statistical attribution, no proof of what made the model write a step.

Two things speak for a step that stands in a parent, and the more particular one is heard: its words, where they stand
in a parent too, with how often chains come to just these words by themselves (hardly ever in a language model, always
in a simulation that has one way to say a thing); else its fragment, with what children show whose parents state it in
other words than they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from ..core.chain import Chain, ChainStatus, Slot
from .copying import Counted, Exposure, Weighed, weigh
from .links import in_prompt
from .step_keys import Carried, carried, fragment_of, states_fragment, words_of

KNOWN = 0.15
"""The largest standard deviation of a probability that is told. Over 0..1 and with nothing known it is 0.29 or more."""
COMMON = 0.8  # a rate r from which on nearly every chain writes it


class Doubt(StrEnum):
    """Why nothing can be said."""

    COMMON = "nearly every chain writes it, copied or not"
    FEW = "the run shows too little of how its children copy"


@dataclass(frozen=True, slots=True)
class Chance:
    """P(inherited) of something that stands in a child and a parent: the ``mean`` over all rates that the run allows,
    0..1, and their standard ``deviation``. ``rate`` is r."""

    mean: float
    deviation: float
    rate: float

    @property
    def probability(self) -> float | None:
        """The mean, or None where it can not be told (see ``doubt``)."""
        return self.mean if self.deviation <= KNOWN else None

    @property
    def doubt(self) -> Doubt | None:
        """Why it can not be told; None where it can."""
        if self.deviation <= KNOWN:
            return None
        return Doubt.COMMON if self.rate >= COMMON else Doubt.FEW


@dataclass(frozen=True, slots=True)
class Rates:
    """How the keys of a run (fragments, or the words of steps) come about.

    ``found`` is r, by key: how likely a chain states it by itself, as the run has it (posterior mean). ``exposed``
    counts the pairs of a child and a key that its parents carry, ``present`` those in which the child has it too, and
    ``copied`` is the share of the exposed pairs that can be expected to be copied; None without any.
    """

    found: Mapping[str, float]
    copied: float | None
    exposed: int
    present: int
    _chances: Mapping[tuple[int, Exposure], Chance] = field(default_factory=dict, repr=False)
    _kinds: Mapping[str, int] = field(default_factory=dict, repr=False)

    def chance(self, key: str, carriers: int, parents: int) -> Chance | None:
        """P(inherited) for a child with the key, ``carriers`` of whose ``parents`` carry it.

        None for a key that the run has not, and where it has no child with so many carriers of so many.
        """
        kind = self._kinds.get(key)
        return None if kind is None else self._chances.get((kind, Exposure(carriers, parents)))


def rates(
    chains: Iterable[Chain],
    keys: Mapping[Slot, Sequence[str]],
    settled: Mapping[Slot, frozenset[str]] | None = None,
) -> Rates:
    """The rates of a run, from its ``chains`` and the keys that each states.

    ``settled`` are keys of children on which other evidence is heard: as exposed pairs they do not count. Definition,
    assumptions and source: ``copying``. Without chains, and without a child whose parents state a thing, there is
    nothing to copy: then ``copied`` is None, and r is the share of chains that state a key.
    """
    done = sorted((one for one in chains if one.status is ChainStatus.DONE), key=lambda one: one.slot)
    names: dict[str, int] = {}
    own = {
        chain.slot: np.array(
            sorted({names.setdefault(str(key), len(names)) for key in keys.get(chain.slot, ())}), dtype=np.int64
        )
        for chain in done
    }
    counted = _counted(done, own, list(names), settled or {})
    if not len(counted.key):
        numbers = counted.present.sum(axis=1) / max(len(done), 1)
        return Rates({name: float(numbers[place]) for name, place in names.items()}, None, 0, 0)
    weighed = weigh(counted)
    rate = weighed.rate[weighed.kind].tolist()
    copied = weighed.mean[weighed.kind[counted.key], counted.column - 2] @ counted.has
    return Rates(
        {name: rate[place] for name, place in names.items()},
        float(copied) / len(counted.key),
        len(counted.key),
        int(counted.has.sum()),
        _chances(counted, weighed),
        dict(zip(names, weighed.kind.tolist(), strict=True)),
    )


def _counted(
    done: Sequence[Chain],
    own: Mapping[Slot, np.ndarray],
    names: Sequence[str],
    settled: Mapping[Slot, frozenset[str]],
) -> Counted:
    """Who had the chance to copy what, and did it."""
    known: dict[Exposure, int] = {}
    children, offered, columns, having = [], [], [], []
    children_in_all = sum(bool(in_prompt(chain)) for chain in done)
    of, present = np.zeros((2, len(names), 2), dtype=np.int64)
    of[:] = (len(done) - children_in_all, children_in_all)
    mine = np.zeros(len(names), dtype=bool)
    for number, chain in enumerate(done):
        parents = in_prompt(chain)
        if not parents:
            present[own[chain.slot], 0] += 1
            continue
        carried_by = [own[parent] for parent in parents if parent in own]
        found, carriers = np.unique(np.concatenate(carried_by or [mine[:0].astype(np.int64)]), return_counts=True)
        mine[own[chain.slot]] = True
        has = mine[found]
        mine[own[chain.slot]] = False
        present[own[chain.slot], 1] += 1
        present[found[has], 1] -= 1
        of[found, 1] -= 1
        heard = settled.get(chain.slot)
        if heard:
            open_ = np.array([names[key] not in heard for key in found.tolist()], dtype=bool)
            found, carriers, has = found[open_], carriers[open_], has[open_]
        children.append(np.full(len(found), number))
        offered.append(found)
        having.append(has)
        at = {int(m): 2 + known.setdefault(Exposure(int(m), len(parents)), len(known)) for m in np.unique(carriers)}
        columns.append(np.array([at[m] for m in carriers.tolist()], dtype=np.int64))
    none = [np.zeros(0, dtype=np.int64)]
    key, column = np.concatenate(offered or none), np.concatenate(columns or none)
    has = np.concatenate(having or none).astype(bool)
    width = 2 + len(known)
    cells = key * width + column
    rows = (np.bincount(part, minlength=len(names) * width).reshape(-1, width) for part in (cells, cells[has]))
    shown, there = rows
    shown[:, :2], there[:, :2] = of, present
    return Counted(tuple(known), shown, there, np.concatenate(children or none), key, column, has)


def _chances(counted: Counted, weighed: Weighed) -> Mapping[tuple[int, Exposure], Chance]:
    """P(inherited) wherever a child has what its parents carry."""
    columns = len(counted.exposures)
    cells = np.unique(weighed.kind[counted.key[counted.has]] * columns + counted.column[counted.has] - 2)
    found = {}
    for cell in cells.tolist():
        kind, column = divmod(cell, columns)
        found[kind, counted.exposures[column]] = Chance(
            float(weighed.mean[kind, column]), float(weighed.deviation[kind, column]), float(weighed.rate[kind])
        )
    return found


@dataclass(frozen=True, slots=True)
class StepRates:
    """The rates of a run's steps: of the ``fragments`` that they state where no parent has them in the same words, and
    of the ``words`` of all steps."""

    fragments: Rates
    words: Rates

    def chance(self, key: str, parents: Sequence[Carried]) -> Chance | None:
        """P(inherited) of a step that stands in one of the ``parents`` in the prompt; None when it stands in none, or
        in no run that these rates are of."""
        words = words_of(key)
        same = sum(words in one.words for one in parents)
        if same:
            return self.words.chance(words, same, len(parents))
        stands = sum(key in one.keys for one in parents)
        return self.fragments.chance(key, stands, len(parents)) if stands else None


def step_rates(chains: Iterable[Chain], keys: Mapping[Slot, Sequence[str]]) -> StepRates:
    """The rates of a run, from its ``chains`` and the keys of the steps of each (``step_keys.step_key``)."""
    known = list(chains)
    words = {slot: [words_of(key) for key in found] for slot, found in keys.items()}
    fragments: dict[Slot, list[str]] = {}
    settled = {}
    said = {slot: frozenset(found) for slot, found in words.items()}
    for chain in known:
        offered = [said[parent] for parent in in_prompt(chain) if parent in said]
        stating, heard = fragments.setdefault(chain.slot, []), set()
        for key, own in zip(keys.get(chain.slot, ()), words.get(chain.slot, ()), strict=True):
            if states_fragment(key):
                stating.append(key)
                if any(own in one for one in offered):
                    heard.add(str(key))
        settled[chain.slot] = frozenset(heard)
    return StepRates(rates(known, fragments, settled), rates(known, words))


class Origin(StrEnum):
    """Where a child's fragment was before."""

    PARENTS = "from parents"  # a parent in its prompt carries it
    REAPPEARING = "reappearing"  # no parent in its prompt, but a chain of an earlier generation
    NEW = "new"  # no chain of an earlier generation


@dataclass(frozen=True, slots=True)
class Inherited:
    """One fragment of a child: where it was before.

    ``candidates`` are the parents that carry it, in prompt order, and ``probability`` that it was inherited from any of
    them and not found again: None when they are none, and where it can not be told; then ``doubt`` says why. ``seen``
    is the first chain that stated it, of an earlier generation; None for a new one.
    """

    key: str
    origin: Origin
    candidates: tuple[Slot, ...]
    probability: float | None
    seen: Slot | None
    doubt: Doubt | None = None


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
    """The first chain (in slot order) that states each fragment, from the keys of the steps of all."""
    found: dict[str, Slot] = {}
    for slot in sorted(keys):
        for key in keys[slot]:
            if states_fragment(key):
                found.setdefault(fragment_of(key), slot)
    return found


def origins(chain: Chain, keys: Mapping[Slot, Sequence[str]], rates: StepRates, seen: Mapping[str, Slot]) -> Origins:
    """Where the fragments of one chain were before, from the ``keys`` of the steps of all. ``seen`` is what
    ``first_seen`` gives.

    A fragment that several steps state has the chance of the one that was most likely inherited. A sampled chain has no
    parents, so nothing of it is inherited or lost; a chain without fragments has none.
    """
    parents = {parent: carried(keys.get(parent, ())) for parent in in_prompt(chain)}
    own: dict[str, list[str]] = {}
    for key in keys.get(chain.slot, ()):
        if states_fragment(key):
            own.setdefault(str(key), []).append(key)
    found = []
    for key, stated in own.items():
        candidates = tuple(parent for parent, one in parents.items() if key in one.keys)
        first = seen.get(fragment_of(key))
        earlier = first if first is not None and first.t < chain.slot.t else None
        origin = Origin.PARENTS if candidates else Origin.NEW if earlier is None else Origin.REAPPEARING
        probability, doubt = told(rates.chance(one, list(parents.values())) for one in stated) if candidates else NONE
        found.append(Inherited(fragment_of(key), origin, candidates, probability, earlier, doubt))
    lost = dict.fromkeys(
        fragment_of(key)
        for parent in parents
        for key in keys.get(parent, ())
        if states_fragment(key) and key not in own
    )
    return Origins(chain.slot, tuple(found), tuple(lost))


def mean_inherited(
    chains: Iterable[Chain], fragment: str, keys: Mapping[Slot, Sequence[str]], rates: StepRates
) -> float | None:
    """How likely a child that has this fragment, as a parent in its prompt has, inherited it: the mean over these
    children. None where there are none or it can be told of none."""
    found = []
    for chain in chains:
        own = [key for key in keys.get(chain.slot, ()) if states_fragment(key) and fragment_of(key) == fragment]
        parents = [carried(keys.get(parent, ())) for parent in in_prompt(chain)] if own else []
        probability, _ = told(rates.chance(key, parents) for key in own)
        found += [] if probability is None else [probability]
    return sum(found) / len(found) if found else None


NONE: tuple[float | None, Doubt | None] = (None, None)


def told(chances: Iterable[Chance | None]) -> tuple[float | None, Doubt | None]:
    """The largest probability of several chances, or else why there is none."""
    known = [one for one in chances if one is not None]
    best = max((one.mean for one in known if one.doubt is None), default=None)
    if best is not None:
        return best, None
    return None, next((one.doubt for one in known), Doubt.FEW)
