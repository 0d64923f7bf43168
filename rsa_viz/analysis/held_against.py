"""Arms held against one of them, in the end or for equal budgets: for page, command and report alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.strategies import FinalAnswer
from .arms import Arm
from .budgets import Axis, bought, common_budget
from .paired import Difference, difference
from .trials import Trial


@dataclass(frozen=True, slots=True)
class Comparison:
    """The ``differences`` of arms to the arm ``against``, in the arms' order.

    With an ``axis``, each arm counts as right as ``budget`` of it a problem makes it; then ``budget`` None says that
    the spending of some arm is unknown, and there are no differences.
    """

    against: Arm
    axis: Axis | None
    budget: float | None
    differences: tuple[Difference, ...]


def usual_other(arms: Sequence[Arm]) -> Arm:
    """The arm that others are held against unless somebody says which: the first that answers by vote, else the last
    of the first arm's models. There must be one at least."""
    first = arms[0].settings
    of_model = [arm for arm in arms if (arm.settings.model, arm.settings.aggregator) == (first.model, first.aggregator)]
    return next((arm for arm in arms if arm.trials[0].final is FinalAnswer.VOTE), of_model[-1])


def held_against(arms: Sequence[Arm], against: Arm, axis: Axis | None = None) -> Comparison:
    """Every other arm less ``against``: in the end, or for the most of ``axis`` that all of the arms can use up."""
    others = [arm for arm in arms if arm.label != against.label]
    if axis is None:
        return Comparison(against, None, None, tuple(difference(arm, against) for arm in others))
    budget = common_budget([*others, against], axis)
    if budget is None:
        return Comparison(against, axis, None, ())

    def value(trial: Trial) -> float | None:
        reached = bought(trial, axis, budget)
        return None if reached is None else reached.value

    return Comparison(against, axis, budget, tuple(difference(arm, against, value) for arm in others))
