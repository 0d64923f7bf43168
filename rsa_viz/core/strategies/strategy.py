"""What a strategy is: a name, the knobs that it uses, how it draws its plan and how it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from ..chain import PromptKind, Slot
from ..errors import InvalidPlan
from ..genealogy import Plan, PlannedChain, Streams


class FinalAnswer(StrEnum):
    """How the last generation becomes one answer."""

    DRAW = "draw"  # one uniform draw, as in all of the paper's results
    VOTE = "vote"  # the largest answer class
    NONE = "none"  # it measures and does not answer
    ACCEPTED = "accepted"  # one uniform draw among the chains that their verification accepted


@dataclass(frozen=True, slots=True)
class Shape:
    """Population size N, aggregation size K, generations T."""

    n: int
    k: int
    t: int


@dataclass(frozen=True, slots=True)
class Strategy:
    """A plan over the engine.

    ``uses`` says which of n, k, t the strategy reads; ``fixed`` is what the others are set to, a number or the name of
    the one that they equal. ``draw`` makes the plan of a checked shape; ``check`` raises InvalidPlan for one that it
    has no plan for. ``prefix`` is true when a run's first generations are a whole run of fewer generations.
    """

    name: str
    title: str
    summary: str
    uses: frozenset[str]
    final: FinalAnswer
    draw: Callable[[Shape, Streams], Plan]
    fixed: tuple[tuple[str, int | str], ...] = ()
    check: Callable[[Shape], object] | None = None
    prefix: bool = True

    def shape(self, n: int, k: int, t: int) -> Shape:
        """The shape that the strategy really runs, checked.

        Raises InvalidPlan when a number is below 1, K > N, or the strategy has no plan for it, before anything is paid.
        """
        given = {"n": n, "k": k, "t": t}
        fixed = {knob: given[value] if isinstance(value, str) else value for knob, value in self.fixed}
        shape = replace(Shape(n, k, t), **fixed)
        for what, value in (("N", shape.n), ("K", shape.k), ("T", shape.t)):
            if value < 1:
                raise InvalidPlan(f"{what} must be at least 1, not {value}")
        if "k" in self.uses and shape.k > shape.n:
            raise InvalidPlan(
                f"K = {shape.k} distinct parents cannot be drawn from a population of N = {shape.n}; "
                f"take K of at most {shape.n}, or a larger N"
            )
        if self.check is not None:
            self.check(shape)
        return shape

    def plan(self, n: int, k: int, t: int, streams: Streams) -> Plan:
        """The drawn genealogy of this strategy. Raises InvalidPlan."""
        return self.draw(self.shape(n, k, t), streams)


def sampled(t: int, n: int, streams: Streams) -> tuple[PlannedChain, ...]:
    """Generation ``t`` of ``n`` chains that see the question alone."""
    return tuple(
        PlannedChain(slot, PromptKind.SAMPLE, (), streams.call_seed(slot))
        for slot in (Slot(t, i) for i in range(1, n + 1))
    )


def descended(t: int, parents: dict[int, tuple[int, ...]], streams: Streams) -> tuple[PlannedChain, ...]:
    """Generation ``t``: chain i from the chains ``parents[i]`` of the generation before, in prompt order."""
    return tuple(
        PlannedChain(
            slot := Slot(t, i),
            PromptKind.REFINE if len(drawn) == 1 else PromptKind.AGGREGATE,
            tuple(Slot(t - 1, j) for j in drawn),
            streams.call_seed(slot),
        )
        for i, drawn in sorted(parents.items())
    )
