"""The drawn genealogy: who will descend from whom, known from the seed before the first call.

Parents are drawn uniformly without looking at content (arXiv 2509.26626, section 3), so a whole run can be
planned, stored and drawn before anything is paid. A slot's random stream depends on (seed, problem, t, i) only:
whatever was lost can be made again alone. Knows no strategy by name, no model and no text.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .aside import PlannedAside
from .chain import PromptKind, Slot
from .errors import InvalidPlan


@dataclass(frozen=True, slots=True)
class Streams:
    """The random streams of one run of one problem.

    ``problem`` is the problem's key. Two streams with different names or slots are independent; the same
    arguments give the same stream on every machine and Python version.
    """

    seed: int
    problem: str

    def at(self, slot: Slot, name: str = "parents") -> random.Random:
        """The stream called ``name`` of a slot."""
        words = f"rsa_viz/1|{name}|{self.seed}|{self.problem}|{slot.t}|{slot.i}"
        return random.Random(int.from_bytes(hashlib.sha256(words.encode()).digest(), "big"))

    def call_seed(self, slot: Slot, name: str = "call") -> int:
        """The seed that the slot's model call carries: 0 <= seed < 2**31, for servers that take one."""
        return int(self.at(slot, name).random() * 2**31)


def draw_distinct(rng: random.Random, n: int, k: int) -> tuple[int, ...]:
    """k distinct indices of 1..n, uniform over ordered selections.

    A partial Fisher-Yates shuffle over ``random()`` alone, the one method whose sequence Python promises to keep.
    Raises InvalidPlan when k > n.
    """
    if not 0 <= k <= n:
        raise InvalidPlan(f"cannot draw {k} distinct parents from {n} chains")
    pool = list(range(1, n + 1))
    for position in range(k):
        other = position + int(rng.random() * (n - position))
        pool[position], pool[other] = pool[other], pool[position]
    return tuple(pool[:k])


@dataclass(frozen=True, slots=True)
class PlannedChain:
    """One chain of a plan: its slot, what it is asked to do, its parents in prompt order, and its seed.

    ``temperature`` None means the run's own. ``aside`` is the call that is made about the chain once it is done and
    before a child of it starts, None for none.
    """

    slot: Slot
    kind: PromptKind
    parents: tuple[Slot, ...]
    seed: int
    temperature: float | None = None
    aside: PlannedAside | None = None


@dataclass(frozen=True)
class Plan:
    """A drawn genealogy: every planned chain, in slot order.

    Parents stand in an earlier generation than their child, are distinct and exist; generations run from 1
    without a gap. Raises InvalidPlan otherwise. Generations may differ in width.
    """

    chains: tuple[PlannedChain, ...]

    def __post_init__(self) -> None:
        if not self.chains:
            raise InvalidPlan("a plan needs at least one chain")
        slots = [chain.slot for chain in self.chains]
        if slots != sorted(set(slots)):
            raise InvalidPlan("the chains of a plan must be distinct and in slot order")
        known = set(slots)
        if sorted({slot.t for slot in known}) != list(range(1, slots[-1].t + 1)):
            raise InvalidPlan("the generations of a plan must run from 1 without a gap")
        for chain in self.chains:
            if len(set(chain.parents)) != len(chain.parents):
                raise InvalidPlan(f"chain {chain.slot} has a parent twice")
            for parent in chain.parents:
                if parent not in known or parent.t >= chain.slot.t:
                    raise InvalidPlan(f"chain {chain.slot} cannot have {parent} as parent")

    def __len__(self) -> int:
        return len(self.chains)

    def __iter__(self) -> Iterator[PlannedChain]:
        return iter(self.chains)

    def __getitem__(self, slot: Slot) -> PlannedChain:
        return self.by_slot[slot]

    @cached_property
    def by_slot(self) -> Mapping[Slot, PlannedChain]:
        """The chains by slot."""
        return {chain.slot: chain for chain in self.chains}

    @cached_property
    def generations(self) -> tuple[tuple[PlannedChain, ...], ...]:
        """The chains by generation; ``generations[0]`` is the initial population."""
        rows: list[list[PlannedChain]] = [[] for _ in range(self.chains[-1].slot.t)]
        for chain in self.chains:
            rows[chain.slot.t - 1].append(chain)
        return tuple(tuple(row) for row in rows)

    @cached_property
    def children(self) -> Mapping[Slot, tuple[Slot, ...]]:
        """Of each slot, the slots that have it as parent, in slot order; empty for the childless."""
        found: dict[Slot, list[Slot]] = {chain.slot: [] for chain in self.chains}
        for chain in self.chains:
            for parent in chain.parents:
                found[parent].append(chain.slot)
        return {slot: tuple(children) for slot, children in found.items()}

    @cached_property
    def heights(self) -> Mapping[Slot, int]:
        """Of each slot, the number of generations of descendants that wait for it: 0 for the childless."""
        heights: dict[Slot, int] = {}
        for chain in reversed(self.chains):
            heights[chain.slot] = max((heights[child] + 1 for child in self.children[chain.slot]), default=0)
        return heights

    @property
    def calls(self) -> int:
        """The number of calls: one a chain and one an aside."""
        return len(self.chains) + sum(chain.aside is not None for chain in self.chains)

    @property
    def links(self) -> int:
        """The number of parent links."""
        return sum(len(chain.parents) for chain in self.chains)
