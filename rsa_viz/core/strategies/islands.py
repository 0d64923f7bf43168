"""Islands that merge: RSA inside separate parts of the population, which join in pairs until they are one.

Apart, the parts cannot lose the same right minority at the same time; together at the end, the best of them spreads.
The idea is that of island models in evolutionary search (Whitley, Rana and Heckendorn, "The Island Model Genetic
Algorithm", Journal of Computing and Information Technology 7, 1999); merging instead of migrating is ours.
"""

from __future__ import annotations

from ..chain import Slot
from ..errors import InvalidPlan
from ..genealogy import Plan, Streams, draw_distinct
from .strategy import FinalAnswer, Shape, Strategy, descended, sampled


def island_count(shape: Shape) -> int:
    """How many islands a population starts with: a power of two, the largest that gives every island at least 2 K
    chains and the merging enough generations, and at least 2. Raises InvalidPlan when two islands of K do not fit."""
    if shape.n < 2 * shape.k:
        raise InvalidPlan(
            f"two islands need at least 2 K = {2 * shape.k} chains, and N is {shape.n}; take a larger N, a smaller K, "
            "or the strategy rsa"
        )
    if shape.t < 3:
        raise InvalidPlan(
            f"islands need at least 3 generations, one apart and one together after the first; T is {shape.t}"
        )
    islands, stages = 2, 2
    while shape.n // (2 * islands) >= 2 * shape.k and stages + 1 <= shape.t - 1:
        islands, stages = 2 * islands, stages + 1
    return islands


def islands_at(shape: Shape, t: int) -> int:
    """How many islands the parents of generation ``t`` (2..T) are drawn from: the numbers halve down to one, each for
    an equal share of the aggregations (rounded)."""
    stages = island_count(shape).bit_length()
    return 1 << (stages - 1 - (t - 2) * stages // (shape.t - 1))


def draw(shape: Shape, streams: Streams) -> Plan:
    """N samples; then children whose K parents stand in their own island. Islands are stretches of neighbouring
    indices, equal in size to within one."""
    chains = list(sampled(1, shape.n, streams))
    for t in range(2, shape.t + 1):
        count = islands_at(shape, t)
        parents = {}
        for island in range(count):
            first, after = island * shape.n // count, (island + 1) * shape.n // count
            for i in range(first + 1, after + 1):
                drawn = draw_distinct(streams.at(Slot(t, i)), after - first, shape.k)
                parents[i] = tuple(first + one for one in drawn)
        chains += descended(t, parents, streams)
    return Plan(tuple(chains))


ISLANDS = Strategy(
    name="islands",
    title="Islands that merge",
    summary="RSA inside separate islands, which merge in pairs until the last generations are one population.",
    uses=frozenset({"n", "k", "t"}),
    final=FinalAnswer.DRAW,
    draw=draw,
    check=island_count,
    prefix=False,
)
