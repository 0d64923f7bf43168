"""Majority vote: one generation, answered by its largest answer class (self-consistency)."""

from __future__ import annotations

from .reference import draw
from .strategy import FinalAnswer, Strategy

MAJORITY_VOTE = Strategy(
    name="majority-vote",
    title="Majority vote",
    summary="N samples; the answer that most of them give.",
    uses=frozenset({"n"}),
    final=FinalAnswer.VOTE,
    draw=draw,
    fixed=(("k", 1), ("t", 1)),
)
