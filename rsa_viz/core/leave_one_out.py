"""The plan of a leave-one-out run: a child written again with all its parents, and again without each of them.

::

    generation 1   the K parents of the child, in prompt order, taken over
    generation 2   M children of all K parents, then M children without parent 1, M without parent 2, ...

Which parents a child has says which condition it belongs to; nothing else marks it. Pure planning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .chain import PromptKind, Slot
from .errors import InvalidPlan
from .fork import without
from .genealogy import Plan, PlannedChain, Streams

MOST_CHILDREN = 4096
"""Children of one leave-one-out run: the widest generation that there may be."""


def leave_one_out_plan(parents: Sequence[PlannedChain], times: int, streams: Streams) -> Plan:
    """The plan for a child with these ``parents`` (in prompt order), ``times`` (M) children a condition.

    (K + 1) M children, each with a call seed of its own from ``streams``. Raises InvalidPlan for no parent, and for M
    out of range.
    """
    if not parents:
        raise InvalidPlan("a chain that had no parent in its prompt has none to leave out")
    conditions = len(parents) + 1
    most = MOST_CHILDREN // conditions
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= most:
        raise InvalidPlan(f"with {len(parents)} parents a child can be written again 1 to {most} times, not {times!r}")
    copied = [replace(one, slot=Slot(1, i), parents=()) for i, one in enumerate(parents, start=1)]
    kind = PromptKind.AGGREGATE if len(parents) > 1 else PromptKind.REFINE
    everybody = tuple(one.slot for one in copied)
    children = []
    for condition in range(conditions):
        for repeat in range(1, times + 1):
            slot = Slot(2, condition * times + repeat)
            child = PlannedChain(slot, kind, everybody, streams.call_seed(slot))
            children.append(without(child, everybody[condition - 1]) if condition else child)
    return Plan((*copied, *children))


def leave_one_out_streams(seed: int, problem: str, child: Slot) -> Streams:
    """Random streams of their own for the repeats of one child, which share none with its run."""
    return Streams(seed, f"{problem}|leave one out|{child}")
