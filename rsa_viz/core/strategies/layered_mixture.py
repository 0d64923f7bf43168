"""Layered mixture: every child sees the whole generation before, in an order of its own (RSA with K = N).

Source: Wang et al., "Mixture-of-Agents Enhances Large Language Model Capabilities", arXiv 2406.04692 (layers of agents
that all see all outputs of the layer before); with one model only, as here: Li et al., "Rethinking Mixture-of-Agents",
arXiv 2502.00674 (Self-MoA).
"""

from __future__ import annotations

from .rsa import draw
from .strategy import FinalAnswer, Strategy

LAYERED_MIXTURE = Strategy(
    name="layered-mixture",
    title="Layered mixture (every child sees all)",
    summary="Each child sees all N chains of the generation before, in its own random order: RSA with K = N.",
    uses=frozenset({"n", "t"}),
    final=FinalAnswer.DRAW,
    draw=draw,
    fixed=(("k", "n"),),
)
