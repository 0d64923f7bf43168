"""Fewer samples, and what a budget buys."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest

from rsa_viz.analysis import subsamples
from rsa_viz.analysis.arms import arms
from rsa_viz.analysis.budgets import Axis, bought, budget_curve, common_budget, reached
from rsa_viz.analysis.subsamples import Estimate, budgets_below, vote_at
from rsa_viz.analysis.trials import SampleClass, Samples
from rsa_viz.core.chain import Verdict
from rsa_viz.core.run import RunStatus
from tests.analysis.trials_drawn import drawn_trial


def samples(*votes: tuple[int, Verdict], abstained: int = 0, doubtful: int = 0) -> Samples:
    classes = tuple(SampleClass(f"{place:03}", count, verdict) for place, (count, verdict) in enumerate(votes))
    right = sum(one.votes for one in classes if one.verdict is Verdict.RIGHT)
    return Samples(classes, abstained, doubtful, right, sum(one.votes for one in classes) + abstained, None, None)


R, W, U = Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN


def slow_vote_at(given: Samples, m: int) -> Fraction | None:
    """Every subset is drawn and counted."""
    population = [one for one in given.classes for _ in range(one.votes)] + [None] * given.abstained
    right = total = 0
    for drawn in itertools.combinations(population, m):
        total += 1
        counts = {one: drawn.count(one) for one in drawn if one is not None}
        if not counts:
            verdict = U if given.doubtful else W
        else:
            verdict = min(counts, key=lambda one: (-counts[one], one.key)).verdict
        if verdict is U:
            return None
        right += verdict is R
    return Fraction(right, total)


def test_a_vote_over_fewer_samples_by_hand() -> None:
    # 2 right and 3 wrong samples. Of 2: RR 1, WW 3, RW 6 subsets; a tie goes to the smaller key, the right one here.
    given = samples((2, R), (3, W))
    assert vote_at(given, 1).value == pytest.approx(2 / 5)
    assert vote_at(given, 2).value == pytest.approx(7 / 10)
    assert vote_at(given, 3).value == pytest.approx(3 / 10)  # both right ones and any of three
    assert vote_at(given, 5).value == 0.0
    assert vote_at(samples((2, R), abstained=2), 1).value == pytest.approx(1 / 2)
    assert vote_at(samples((2, R), abstained=2), 3).value == 1.0


def test_it_is_the_mean_over_all_subsets() -> None:
    rng = random.Random(4)
    for _ in range(150):
        votes = [(rng.randint(1, 3), rng.choice((R, W, W, U))) for _ in range(rng.randint(0, 4))]
        silent = rng.randint(0 if votes else 1, 3)
        given = samples(*votes, abstained=silent, doubtful=rng.randint(0, min(silent, 1)))
        for m in range(1, given.size + 1):
            slow = slow_vote_at(given, m)
            fast = vote_at(given, m).value
            assert (fast is None) == (slow is None)
            assert slow is None or fast == pytest.approx(float(slow), abs=1e-9)


def test_many_samples_are_simulated_with_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    given = samples((9, R), (8, W), (4, W), abstained=3)
    exact = vote_at(given, 7).value
    monkeypatch.setattr(subsamples, "EXACT_UP_TO", 5)
    found = vote_at(given, 7)
    assert exact is not None
    assert found.value is not None
    assert 0 < found.error < 0.01
    assert abs(found.value - exact) < 4 * found.error
    assert vote_at(samples((9, U), (1, R)), 3).value is None


def test_nothing_to_vote_on_is_unknown() -> None:
    assert vote_at(samples(), 1) == Estimate(None)
    with pytest.raises(ValueError, match="a vote over 6 of 5"):
        vote_at(samples((5, R)), 6)
    assert budgets_below(16) == (1, 2, 3, 4, 6, 8, 12, 16)
    assert budgets_below(10)[-1] == 10


RISING = "1+ 2x\n1+(1,2) 1+(1,2)"


def test_a_run_serves_every_budget_below_its_own_by_generation() -> None:
    one = drawn_trial(RISING)
    assert [(point.size, point.spent, point.value) for point in reached(one, Axis.CALLS)] == [(1, 2, 0.5), (2, 4, 1.0)]
    assert [point.spent for point in reached(one, Axis.TOKENS)] == [30, 60]
    assert [point.spent for point in reached(one, Axis.SECONDS)] == [4.0, 8.0]
    assert reached(drawn_trial(RISING, tokens=None), Axis.TOKENS) == ()
    assert reached(drawn_trial(RISING, status=RunStatus.STOPPED), Axis.CALLS) == ()


def test_samples_serve_every_number_below_n() -> None:
    vote = drawn_trial("1+ 1+ 2x 3x", strategy="majority-vote", k=1)
    assert [(point.size, point.spent) for point in reached(vote, Axis.TOKENS)] == [(1, 15), (2, 30), (3, 45), (4, 60)]
    assert [point.value for point in reached(vote, Axis.CALLS)] == pytest.approx([1 / 2, 5 / 6, 1, 1])
    mean = drawn_trial("1+ 1+ 2x 3x", strategy="reference", k=1)
    assert {point.value for point in reached(mean, Axis.CALLS)} == {0.5}


def test_a_budget_buys_the_last_point_that_it_pays_for() -> None:
    one = drawn_trial(RISING)
    assert bought(one, Axis.CALLS, 1) is None
    assert [bought(one, Axis.CALLS, budget).size for budget in (2, 3.9, 4, 99, None)] == [1, 1, 2, 2, 2]  # type: ignore[union-attr]


def test_an_arms_curve_is_the_mean_over_problems_of_the_mean_over_seeds() -> None:
    (arm,) = arms(
        [
            drawn_trial(RISING, problem="a", seed=0),
            drawn_trial("2x 2x\n1+(1,2) 2x(1,2)", problem="a", seed=1),
            drawn_trial("1+ 1+\n1+(1,2) 1+(1,2)", problem="b", seed=0),
        ]
    )
    first, last = budget_curve(arm, Axis.CALLS)
    assert (first.size, first.spent, first.trials, first.problems) == (1, 2, 3, 2)
    assert first.value == pytest.approx((0.25 + 1) / 2)
    assert last.value == pytest.approx((0.75 + 1) / 2)
    assert first.low is not None
    assert first.low <= first.value
    assert common_budget([arm], Axis.CALLS) == 4
    assert common_budget([], Axis.CALLS) is None
