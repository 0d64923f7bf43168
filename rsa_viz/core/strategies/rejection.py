"""Rejection sampling with self-verification: samples, each checked by the same model (a baseline of the paper)."""

from __future__ import annotations

from dataclasses import replace

from ..aside import AsideKind, PlannedAside
from ..genealogy import Plan, Streams
from .strategy import FinalAnswer, Shape, Strategy, sampled


def draw(shape: Shape, streams: Streams) -> Plan:
    """One generation of N samples, and a verification of each: 2 N calls."""
    return Plan(
        tuple(
            replace(chain, aside=PlannedAside(AsideKind.VERIFY, streams.call_seed(chain.slot, "aside")))
            for chain in sampled(1, shape.n, streams)
        )
    )


REJECTION = Strategy(
    name="rejection",
    title="Rejection sampling (the model verifies itself)",
    summary="N samples, each checked by the same model in a second call; one of the accepted ones is the answer.",
    uses=frozenset({"n"}),
    final=FinalAnswer.ACCEPTED,
    draw=draw,
    fixed=(("k", 1), ("t", 1)),
)
