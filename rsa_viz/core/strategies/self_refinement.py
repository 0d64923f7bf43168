"""Self-refinement: every slot improves its own last version (the paper's K = 1 baseline)."""

from __future__ import annotations

from ..genealogy import Plan, Streams
from .strategy import FinalAnswer, Shape, Strategy, descended, sampled


def draw(shape: Shape, streams: Streams) -> Plan:
    """N samples; then T - 1 times each slot refines itself. N lines of descent that never meet."""
    chains = list(sampled(1, shape.n, streams))
    for t in range(2, shape.t + 1):
        chains += descended(t, {i: (i,) for i in range(1, shape.n + 1)}, streams)
    return Plan(tuple(chains))


SELF_REFINEMENT = Strategy(
    name="self-refinement",
    title="Self-refinement",
    summary="Every chain improves its own last version; the N lines of descent never meet.",
    uses=frozenset({"n", "t"}),
    final=FinalAnswer.DRAW,
    draw=draw,
    fixed=(("k", 1),),
)
