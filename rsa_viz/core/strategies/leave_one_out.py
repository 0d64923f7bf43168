"""Leave-one-out: what a run of it is called. It is planned from a child of another run (``core.leave_one_out``)."""

from __future__ import annotations

from ..errors import InvalidPlan
from ..genealogy import Plan, Streams
from .strategy import FinalAnswer, Shape, Strategy


def draw(shape: Shape, streams: Streams) -> Plan:
    """Nothing can be drawn: the parents are another run's. Raises InvalidPlan."""
    del shape, streams
    raise InvalidPlan("a leave-one-out run is made from a child of a run, and not drawn from N, K and T")


LEAVE_ONE_OUT = Strategy(
    name="leave-one-out",
    title="Leave one parent out",
    summary="One child of another run, written again with all its parents and without each of them.",
    uses=frozenset({"n", "k"}),
    final=FinalAnswer.NONE,
    draw=draw,
    fixed=(("t", 2),),
)
