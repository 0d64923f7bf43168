"""Reference: the bare model, N independent samples."""

from __future__ import annotations

from ..genealogy import Plan, Streams
from .strategy import FinalAnswer, Shape, Strategy, sampled


def draw(shape: Shape, streams: Streams) -> Plan:
    """One generation of N samples."""
    return Plan(sampled(1, shape.n, streams))


REFERENCE = Strategy(
    name="reference",
    title="Reference (the bare model)",
    summary="N independent samples; one of them, drawn uniformly, is the answer.",
    uses=frozenset({"n"}),
    final=FinalAnswer.DRAW,
    draw=draw,
    fixed=(("k", 1), ("t", 1)),
)
