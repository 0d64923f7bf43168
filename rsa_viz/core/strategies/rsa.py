"""Recursive Self-Aggregation (arXiv 2509.26626, Algorithm 1)."""

from __future__ import annotations

from ..chain import Slot
from ..genealogy import Plan, Streams, draw_distinct
from .strategy import FinalAnswer, Shape, Strategy, descended, sampled


def draw(shape: Shape, streams: Streams) -> Plan:
    """N samples; then T - 1 times N children, each of K distinct uniform parents of the generation before."""
    chains = list(sampled(1, shape.n, streams))
    for t in range(2, shape.t + 1):
        parents = {i: draw_distinct(streams.at(Slot(t, i)), shape.n, shape.k) for i in range(1, shape.n + 1)}
        chains += descended(t, parents, streams)
    return Plan(tuple(chains))


RSA = Strategy(
    name="rsa",
    title="Recursive Self-Aggregation",
    summary="Each child sees K random parents of the generation before and writes one better solution.",
    uses=frozenset({"n", "k", "t"}),
    final=FinalAnswer.DRAW,
    draw=draw,
)
