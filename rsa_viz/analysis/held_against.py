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

    With an ``axis``, each arm counts as right as ``budget`` of it a problem makes it, ``most`` being the largest that
    every arm can use up; then ``budget`` None says that the spending of some arm is unknown, and there are no
    differences.
    """

    against: Arm
    axis: Axis | None
    budget: float | None
    most: float | None
    differences: tuple[Difference, ...]


def usual_other(arms: Sequence[Arm]) -> Arm:
    """The arm that others are held against unless somebody says which: the first that answers by vote, else the last
    of the first arm's models. There must be one at least."""
    first = arms[0].settings
    of_model = [arm for arm in arms if (arm.settings.model, arm.settings.aggregator) == (first.model, first.aggregator)]
    return next((arm for arm in arms if arm.trials[0].final is FinalAnswer.VOTE), of_model[-1])


def held_against(
    arms: Sequence[Arm], against: Arm, axis: Axis | None = None, budget: float | None = None
) -> Comparison:
    """Every other arm less ``against``: in the end, or for ``budget`` of ``axis``, without one the most that all of the
    arms can use up. An arm that cannot use it up counts with all that it has, and one that it pays nothing of with
    nothing: it is unknown there."""
    others = [arm for arm in arms if arm.label != against.label]
    if axis is None:
        return Comparison(against, None, None, None, tuple(difference(arm, against) for arm in others))
    most = common_budget([*others, against], axis)
    if most is None:
        return Comparison(against, axis, None, None, ())
    paid = most if budget is None else budget

    def value(trial: Trial) -> float | None:
        reached = bought(trial, axis, paid)
        return None if reached is None else reached.value

    return Comparison(against, axis, paid, most, tuple(difference(arm, against, value) for arm in others))
