"""Where a run stands in its drawn genealogy: which slots may start, in which order, and from which texts.

Plain data, changed by one caller at a time. Knows no call, no clock and no event loop.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping

from ..core.chain import Slot
from ..core.errors import InvalidPlan
from ..core.genealogy import Plan, PlannedChain


class Frontier:
    """The slots that have not ended, as far as they may start.

    A slot is ready when all of its parents have ended, done or failed; no generation waits for another. A text is
    kept while a child still needs it and dropped after, so memory follows the width of a plan, not its length.

    The ready slot with the most generations of descendants still to come starts first, among equals the one with
    the most children, then slot order. Measured in virtual time over 300 drawn genealogies (N = 16, K = 4, T = 10, 8
    calls in flight, lognormal lengths with sigma 0.8) this stays within 4.4 % of the bound max(longest path, work /
    concurrency) on average, the order (generation, generations to come, index) within 5.4 %; with K = 2 within 6.4 %
    and 8.5 %. With N calls in flight every order is at the bound. benchmarks/engine_bound.py measures it.

    ``ended`` holds the slots that ended before: the text, or None for a failed one. Raises InvalidPlan when it holds
    a slot that the plan does not have.
    """

    def __init__(self, plan: Plan, ended: Mapping[Slot, str | None]) -> None:
        for slot in ended:
            if slot not in plan.by_slot:
                raise InvalidPlan(f"chain {slot} is recorded but not planned; the recorded run belongs to another plan")
        self._plan = plan
        self._open = {chain.slot for chain in plan if chain.slot not in ended}
        self._parents_missing = {
            slot: sum(parent in self._open for parent in plan[slot].parents) for slot in self._open
        }
        self._children_open = {
            slot: sum(child in self._open for child in children) for slot, children in plan.children.items()
        }
        self._texts: dict[Slot, str] = {}
        for slot in ended:
            self._keep(slot, ended[slot] if self._children_open[slot] else None)
        self._ready = [(self.priority(slot), slot) for slot, missing in self._parents_missing.items() if not missing]
        heapq.heapify(self._ready)

    @property
    def left(self) -> int:
        """The number of slots that have not ended, ready or not."""
        return len(self._open)

    @property
    def best(self) -> tuple[int, ...] | None:
        """The priority of the ready slot that comes first, or None if none is ready."""
        return self._ready[0][0] if self._ready else None

    def priority(self, slot: Slot) -> tuple[int, ...]:
        """The slot's place in the start order; the lowest starts first."""
        return (-self._plan.heights[slot], -len(self._plan.children[slot]), slot.t, slot.i)

    def take(self) -> PlannedChain:
        """The ready slot that comes first; it is ready no more."""
        return self._plan[heapq.heappop(self._ready)[1]]

    def put_back(self, slot: Slot) -> None:
        """The slot's call failed and may be tried again: it is ready once more."""
        heapq.heappush(self._ready, (self.priority(slot), slot))

    def candidates(self, planned: PlannedChain) -> Mapping[Slot, str]:
        """The texts of the parents that have one, in prompt order."""
        return {parent: self._texts[parent] for parent in planned.parents if parent in self._texts}

    def end(self, slot: Slot, text: str | None) -> None:
        """The slot has ended with a text, or with None when it failed. A blank text is as good as none."""
        self._open.remove(slot)
        self._keep(slot, text)
        for child in self._plan.children[slot]:
            if child in self._open:
                self._parents_missing[child] -= 1
                if not self._parents_missing[child]:
                    self.put_back(child)
        for parent in self._plan[slot].parents:
            self._children_open[parent] -= 1
            if not self._children_open[parent]:
                self._texts.pop(parent, None)

    def _keep(self, slot: Slot, text: str | None) -> None:
        if text is not None and text.strip() and self._children_open[slot]:
            self._texts[slot] = text
