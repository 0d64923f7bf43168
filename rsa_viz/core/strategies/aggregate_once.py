"""Single-step aggregation: RSA that stops after its first aggregation (the paper's baseline)."""

from __future__ import annotations

from .rsa import draw
from .strategy import FinalAnswer, Strategy

AGGREGATE_ONCE = Strategy(
    name="aggregate-once",
    title="Single-step aggregation",
    summary="N samples, then one generation of N children of K parents each.",
    uses=frozenset({"n", "k"}),
    final=FinalAnswer.DRAW,
    draw=draw,
    fixed=(("t", 2),),
)
