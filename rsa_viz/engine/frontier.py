"""Where a run stands in its drawn genealogy: which slots may start, in which order, and from which texts.

Plain data, changed by one caller at a time. Knows no call, no clock and no event loop.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..core.aside import AsideKind
from ..core.chain import PromptKind, Slot
from ..core.errors import InvalidPlan
from ..core.genealogy import Plan, PlannedChain


class Ready(NamedTuple):
    """A slot that may start. ``about`` is None for its chain's own call, and for its aside the text of that chain."""

    planned: PlannedChain
    about: str | None


class Frontier:
    """The slots that have not ended, as far as they may start.

    A slot is ready when all of its parents have ended, done or failed; no generation waits for another. A slot with an
    aside is ready a second time when its chain has ended with a text, and has ended itself when the aside has. A text
    is kept while a child or an aside still needs it and dropped after, so memory follows the width of a plan, not its
    length.

    The ready slot with the most generations of descendants still to come starts first, among equals the one with
    the most children, then slot order. Measured in virtual time over 300 drawn genealogies (N = 16, K = 4, T = 10, 8
    calls in flight, lognormal lengths with sigma 0.8) this stays within 4.4 % of the bound max(longest path, work /
    concurrency) on average, the order (generation, generations to come, index) within 5.4 %; with K = 2 within 6.4 %
    and 8.5 %. With N calls in flight every order is at the bound. benchmarks/engine_bound.py measures it.

    An aside stands in the order where its chain stood: summaries lengthen every line of descent alike. Measured so
    over 60 genealogies with a summary a chain, 8 calls in flight stay within 2 to 8 % of the bound (sigma 0.4 to 1.2),
    16 at it; asides before chains or after them within a generation differ from that by less than 1 %.

    ``ended`` holds the chains that ended before, ``asides`` the asides: the text, or None for a failed one. Raises
    InvalidPlan when one is not in the plan, and for an aside whose chain has not ended.
    """

    def __init__(
        self, plan: Plan, ended: Mapping[Slot, str | None], asides: Mapping[Slot, str | None] = MappingProxyType({})
    ) -> None:
        for slot in ended:
            if slot not in plan.by_slot:
                raise InvalidPlan(f"chain {slot} is recorded but not planned; the recorded run belongs to another plan")
        for slot in asides:
            if slot not in ended or plan[slot].aside is None:
                raise InvalidPlan(f"an aside of chain {slot} is recorded, but the chain is not or has none planned")
        self._plan = plan
        self._chains_open = {chain.slot for chain in plan if chain.slot not in ended}
        asides_open = {slot for slot in ended if plan[slot].aside is not None and slot not in asides}
        self._open = self._chains_open | asides_open
        self._parents_missing = {
            slot: sum(parent in self._open for parent in plan[slot].parents) for slot in self._chains_open
        }
        self._children_open = {
            slot: sum(child in self._chains_open for child in children) for slot, children in plan.children.items()
        }
        self._textless = {slot for slot, text in ended.items() if text is None or not text.strip()}
        self._texts: dict[Slot, str] = {}
        self._about: dict[Slot, str] = {}  # the texts of chains whose aside is to be made
        self._pointless: list[Slot] = []
        self._last: int | None = None
        self._held: list[tuple[tuple[int, ...], Slot]] = []  # ready, and of a later generation than the last wanted
        self._ready = [(self.priority(slot), slot) for slot in self._chains_open if not self._parents_missing[slot]]
        heapq.heapify(self._ready)
        for slot in ended:
            if self._children_open[slot]:
                self._keep(slot, ended[slot])
            if slot in asides_open:
                self._ask_about(slot, ended[slot])
            elif slot in asides:
                self._keep_summary(slot, asides[slot])

    @property
    def left(self) -> int:
        """The number of slots that have not ended, ready or not; an aside that is missing counts its slot."""
        return len(self._open)

    def hold_after(self, last: int | None) -> None:
        """Keep what is ready of generations after ``last`` from starting; None holds nothing any more."""
        if last == self._last:
            return
        self._last = last
        ready = [*self._ready, *self._held]
        self._ready = [one for one in ready if not self._is_held(one[1])]
        self._held = [one for one in ready if self._is_held(one[1])]
        heapq.heapify(self._ready)

    @property
    def wanted(self) -> int:
        """As ``left``, of the slots that are not held."""
        return self.left if self._last is None else sum(not self._is_held(slot) for slot in self._open)

    def _is_held(self, slot: Slot) -> bool:
        return self._last is not None and slot.t > self._last

    @property
    def best(self) -> tuple[int, ...] | None:
        """The priority of the ready slot that comes first, or None if none is ready."""
        return self._ready[0][0] if self._ready else None

    def priority(self, slot: Slot) -> tuple[int, ...]:
        """The slot's place in the start order; the lowest starts first."""
        return (-self._plan.heights[slot], -len(self._plan.children[slot]), slot.t, slot.i)

    def take(self) -> Ready:
        """The ready slot that comes first; it is ready no more."""
        slot = heapq.heappop(self._ready)[1]
        return Ready(self._plan[slot], self._about.get(slot))

    def take_pointless(self) -> PlannedChain | None:
        """A chain whose aside cannot be made, since it left no text: the aside is to be ended without a call."""
        return self._plan[self._pointless.pop()] if self._pointless else None

    def put_back(self, slot: Slot) -> None:
        """The slot's call failed and may be tried again: it is ready once more."""
        ready = (self.priority(slot), slot)
        if self._is_held(slot):
            self._held.append(ready)
        else:
            heapq.heappush(self._ready, ready)

    def candidates(self, planned: PlannedChain) -> Mapping[Slot, str]:
        """What children see of those parents that have a text, in prompt order: the summary if there is one, or the
        text."""
        return {parent: self._texts[parent] for parent in planned.parents if parent in self._texts}

    def asked(self, planned: PlannedChain) -> PromptKind:
        """What is asked of a chain whose parents have ended, by how many of them have a text; also once it has ended
        itself."""
        return PromptKind.of(sum(parent not in self._textless for parent in planned.parents))

    def end(self, slot: Slot, text: str | None) -> None:
        """The slot's chain has ended with a text, or with None when it failed. A blank text is as good as none."""
        self._chains_open.remove(slot)
        self._keep(slot, text)
        if text is None or not text.strip():
            self._textless.add(slot)
        for parent in self._plan[slot].parents:
            self._children_open[parent] -= 1
            if not self._children_open[parent]:
                self._texts.pop(parent, None)
        if self._plan[slot].aside is None:
            self._close(slot)
        else:
            self._ask_about(slot, text)

    def end_aside(self, slot: Slot, text: str | None) -> None:
        """The slot's aside has ended with a text, or with None when it failed."""
        self._about.pop(slot, None)
        self._keep_summary(slot, text)
        self._close(slot)

    def _close(self, slot: Slot) -> None:
        self._open.remove(slot)
        for child in self._plan.children[slot]:
            if child in self._chains_open:
                self._parents_missing[child] -= 1
                if not self._parents_missing[child]:
                    self.put_back(child)

    def _ask_about(self, slot: Slot, text: str | None) -> None:
        if text is not None and text.strip():
            self._about[slot] = text
            self.put_back(slot)
        else:
            self._pointless.append(slot)

    def _keep(self, slot: Slot, text: str | None) -> None:
        if text is not None and text.strip() and self._children_open[slot]:
            self._texts[slot] = text

    def _keep_summary(self, slot: Slot, text: str | None) -> None:
        aside = self._plan[slot].aside
        if aside is not None and aside.kind is AsideKind.SUMMARISE and slot in self._texts:
            self._keep(slot, text)
