"""The best buy that was measured, and an even share of many runs."""

from __future__ import annotations

import pytest

from rsa_viz.analysis.arms import Arm, arms
from rsa_viz.analysis.best_buy import best_measured, evenly, measured_in_words
from rsa_viz.analysis.budgets import Axis
from tests.analysis.trials_drawn import drawn_trial

RISING = "1+ 2x 3x 4x\n1+(1,2) 1+(1,3) 3x(3,4) 4x(3,4)\n1+(1,2) 1+(1,2) 1+(1,2) 1+(1,2)"  # 1/4, 2/4, 4/4 right
VOTE = "1+ 1+ 1+ 0x"  # a vote over 1, 2, 3, 4 of them: 3/4, 1/2 (a tie goes to the smaller key), 1, 1


def drawn(*names: str) -> tuple[Arm, ...]:
    return arms(
        [
            *(drawn_trial(RISING, problem=name) for name in names),
            *(drawn_trial(VOTE, problem=name, strategy="majority-vote", k=1) for name in names),
        ]
    )


def keys(*names: str) -> set[str]:
    return {drawn_trial("1+", problem=name).problem for name in names}


def test_the_most_right_within_the_budget_is_the_best_buy_and_of_equals_the_cheapest() -> None:
    both = drawn("a", "b")
    found = best_measured(both, Axis.CALLS, 12, keys("a", "b"))
    assert found is not None
    assert (found.label, found.size) == ("Majority vote, N=4", "3 samples")
    assert (found.point.spent, found.point.value, found.point.trials) == (3, 1.0, 2)
    rsa = [arm for arm in both if arm.settings.strategy == "rsa"]
    found = best_measured(rsa, Axis.CALLS, 12, keys("a", "b"))
    assert found is not None
    assert (found.size, found.point.spent) == ("3 generations (2 aggregations)", 12)
    found = best_measured(rsa, Axis.CALLS, 11, keys("a", "b"))
    assert found is not None
    assert (found.size, found.point.value, found.among) == ("2 generations (1 aggregation)", 0.5, 2)
    assert best_measured(rsa, Axis.CALLS, 3, keys("a", "b")) is None


def test_an_arm_with_other_problems_is_no_fair_buy() -> None:
    assert best_measured(drawn("a"), Axis.CALLS, 12, keys("a", "b")) is None
    assert best_measured((), Axis.CALLS, 12, set()) is None


@pytest.mark.parametrize(("expected", "says"), [(0.9, "promises no more than that: 90 %"), (None, "")])
def test_the_measured_is_held_against_the_predicted(expected: float | None, says: str) -> None:
    found = best_measured(drawn("a", "b"), Axis.CALLS, 12, keys("a", "b"))
    assert found is not None
    words = measured_in_words(found, expected)
    assert words[0].startswith(
        "Right 100 % of the time: Majority vote, N=4 with 3 samples, 3 calls a problem. 95 % interval 100 to 100 %, "
        "over 2 problems and 2 runs. The best buy of 7 measured points within the budget"
    )
    assert says in " ".join(words)
    assert len(words) == (1 if expected is None else 2)


def test_a_prediction_that_expects_more_is_said_to() -> None:
    found = best_measured(drawn("a"), Axis.CALLS, 2, keys("a"))
    assert found is not None
    assert measured_in_words(found, 0.9)[1] == "The prediction below expects more: 90 %."


def test_many_runs_are_drawn_from_evenly() -> None:
    """Two arms, three problems, two seeds: twelve trials."""
    everyone = arms(
        [drawn_trial(RISING, problem=name, seed=seed, k=k) for k in (2, 3) for seed in (0, 1) for name in "abc"]
    )

    def taken(most: int) -> list[tuple[str, int, int]]:
        return [(one.label, one.settings.k, one.seed) for one in evenly(everyone, most)]

    assert taken(12) == [(name, k, seed) for seed in (0, 1) for name in "abc" for k in (2, 3)]
    assert taken(11) == [(name, k, 0) for name in "abc" for k in (2, 3)] == taken(6)
    assert taken(5) == [(name, k, 0) for name in "ab" for k in (2, 3)]
    assert taken(1) == []
    assert evenly((), 5) == ()
