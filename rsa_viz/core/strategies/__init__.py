"""Strategies: each is a plan over the same engine, not an engine of its own. One file a strategy, one line here."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import UnknownName
from .aggregate_once import AGGREGATE_ONCE
from .islands import ISLANDS
from .layered_mixture import LAYERED_MIXTURE
from .leave_one_out import LEAVE_ONE_OUT
from .majority_vote import MAJORITY_VOTE
from .options import check_options, draw_plan, options_in_words, serves_shorter, unread_settings
from .reference import REFERENCE
from .rejection import REJECTION
from .rsa import RSA
from .self_refinement import SELF_REFINEMENT
from .strategy import FinalAnswer, Shape, Strategy

STRATEGIES: Mapping[str, Strategy] = {
    strategy.name: strategy
    for strategy in (
        RSA,
        AGGREGATE_ONCE,
        SELF_REFINEMENT,
        REJECTION,
        MAJORITY_VOTE,
        REFERENCE,
        LAYERED_MIXTURE,
        ISLANDS,
    )
}

MADE_FROM_RUNS: Mapping[str, Strategy] = {strategy.name: strategy for strategy in (LEAVE_ONE_OUT,)}
"""Strategies of runs that are made from other runs; nobody can choose them for a new one."""


def find_strategy(name: str) -> Strategy:
    """The strategy called ``name``, of either kind. Raises UnknownName."""
    try:
        return STRATEGIES[name] if name in STRATEGIES else MADE_FROM_RUNS[name]
    except KeyError:
        raise UnknownName("strategy", name, STRATEGIES) from None


__all__ = [
    "LEAVE_ONE_OUT",
    "MADE_FROM_RUNS",
    "STRATEGIES",
    "FinalAnswer",
    "Shape",
    "Strategy",
    "check_options",
    "draw_plan",
    "find_strategy",
    "options_in_words",
    "serves_shorter",
    "unread_settings",
]
