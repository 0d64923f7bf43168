"""What transmission alone would make of a population, and what drift would."""

from __future__ import annotations

import itertools
import math
import random

import pytest

from rsa_viz.analysis.drift import Drift, drift
from rsa_viz.analysis.prediction import exactly, predict, rates, sampled
from rsa_viz.analysis.transmission import transmission
from rsa_viz.core.errors import InvalidInput
from tests.analysis.drawn import chains_from


def slow_step(n: int, q: list[float], now: list[float]) -> list[float]:
    """From the definition: every number of right chains, every set of parents, every outcome of n children."""
    k = len(q) - 1
    after = [0.0] * (n + 1)
    for right, weight in enumerate(now):
        drawn = [sum(i < right for i in parents) for parents in itertools.combinations(range(n), k)]
        chance = sum(q[j] for j in drawn) / len(drawn)
        for count in range(n + 1):
            after[count] += weight * math.comb(n, count) * chance**count * (1 - chance) ** (n - count)
    return after


def test_the_prediction_agrees_with_its_definition() -> None:
    rng = random.Random(91)
    for n, k in ((1, 1), (3, 2), (5, 1), (6, 3), (7, 7)):
        q = [rng.random() for _ in range(k + 1)]
        found = predict(n, q, exactly(n, n // 2), 4)
        now = list(exactly(n, n // 2))
        for t in range(4):
            assert found.expected[t] == pytest.approx(sum(m * weight for m, weight in enumerate(now)) / n)
            assert (found.all_right[t], found.all_wrong[t]) == pytest.approx((now[n], now[0]))
            total = list(itertools.accumulate(now))
            assert found.low[t] == next(m for m in range(n + 1) if total[m] >= 0.05 - 1e-9) / n
            assert found.high[t] == next(m for m in range(n + 1) if total[m] >= 0.95 - 1e-9) / n
            now = slow_step(n, q, now)


def test_one_of_two_right_worked_by_hand() -> None:
    # K = 1, q = (0, 1): each child copies; from 1 of 2 the next is Binomial(2, 1/2)
    found = predict(2, [0.0, 1.0], exactly(2, 1), 3)
    assert found.expected == pytest.approx((0.5, 0.5, 0.5))
    assert found.all_right == pytest.approx((0.0, 0.25, 0.375))
    assert found.all_wrong == pytest.approx((0.0, 0.25, 0.375))
    assert (found.low, found.high) == ((0.5, 0.0, 0.0), (0.5, 1.0, 1.0))


def test_a_population_that_is_all_right_and_never_errs_stays_so() -> None:
    found = predict(16, [0.0, 0.5, 0.7, 0.9, 1.0], exactly(16, 16), 10)
    assert found.expected == (1.0,) * 10
    assert found.low == found.high == found.all_right == (1.0,) * 10
    assert predict(16, [0.0, 0.5, 0.7, 0.9, 1.0], exactly(16, 0), 10).all_wrong == (1.0,) * 10


def test_the_initial_population_of_samples_is_binomial() -> None:
    assert sampled(2, 0.25) == pytest.approx((0.5625, 0.375, 0.0625))
    assert sampled(3, 0.0) == (1.0, 0.0, 0.0, 0.0)
    assert sampled(3, 1.0) == (0.0, 0.0, 0.0, 1.0)
    assert sum(sampled(500, 0.3)) == pytest.approx(1.0)


def test_a_lone_right_chain_grows_when_k_times_q1_is_more_than_one() -> None:
    growing = predict(16, [0.0, 0.4, 0.8, 0.9, 1.0], exactly(16, 1), 2).expected
    shrinking = predict(16, [0.0, 0.2, 0.4, 0.6, 0.8], exactly(16, 1), 2).expected
    assert growing[1] == pytest.approx(4 / 16 * 0.4)
    assert growing[1] > 1 / 16 > shrinking[1]


def test_rates_between_counted_ones_are_interpolated() -> None:
    counted = transmission(chains_from("1+ 1+ 2x 2x\n2x(3,4,2,1) 1+(1,2,3,4)\n1+(1.3,1.4,1,1.1)"))
    # k = 4: j = 2 twice (one right child); the third generation's child has j = 1 and is right
    assert [(one.j, one.children) for one in counted if one.children] == [(1, 1), (2, 2)]
    assert rates(counted, 4) == (1.0, 1.0, 0.5, 0.5, 0.5)
    assert rates(counted, 3) is None
    assert rates((), 4) is None


@pytest.mark.parametrize(
    ("n", "q", "start", "generations"),
    [
        (2, [0.0, 0.5, 0.9, 1.0], exactly(2, 1), 3),  # K = 3 > n
        (2, [0.5], exactly(2, 1), 3),  # K = 0
        (2, [0.0, 1.0], exactly(3, 1), 3),
        (2, [0.0, 1.0], exactly(2, 1), 0),
        (2, [0.0, 1.5], exactly(2, 1), 3),
        (2, [0.0, 1.0], (0.5, 0.0, 0.0), 3),
    ],
)
def test_what_does_not_fit_is_refused(n: int, q: list[float], start: tuple[float, ...], generations: int) -> None:
    with pytest.raises(InvalidInput, match="cannot predict"):
        predict(n, q, start, generations)


def test_drift_agrees_with_every_way_to_copy() -> None:
    chains = chains_from("""
        1+      2x      3x
        1+(1,2) 2x(3,1) 3x(2,3)
        1+(1,2) 2x(3,1) 3x(2,3)
    """)
    founders = (1.0, 0.0, 0.0)
    picks = ((0, 1), (2, 0), (1, 2))
    means = []
    for second in itertools.product(*picks):
        for third in itertools.product(*picks):
            middle = [founders[pick] for pick in second]
            means.append((sum(middle) / 3, sum(middle[pick] for pick in third) / 3))
    found = drift(chains, repeats=20_000)
    assert found[0] == Drift(1, pytest.approx(1 / 3), pytest.approx(1 / 3), pytest.approx(1 / 3))
    for t, one in enumerate(found[1:]):
        values = sorted(mean[t] for mean in means)
        assert one.expected == pytest.approx(sum(values) / len(values), abs=0.01)
        assert one.low == pytest.approx(values[int(0.05 * len(values))])
        assert one.high == pytest.approx(values[int(0.95 * len(values))])


def test_drift_is_the_same_for_the_same_seed() -> None:
    chains = chains_from("1+ 2x\n1+(1,2) 2x(2,1)")
    assert drift(chains, seed=3) == drift(chains, seed=3)
    assert drift(chains, seed=3) != drift(chains, seed=4)


def test_drift_leaves_unknown_and_failed_chains_out_of_the_share() -> None:
    chains = chains_from("1+ 7? !\n1+(1,3) 2x(1,2)")
    assert drift(chains)[0] == Drift(1, 1.0, 1.0, 1.0)
    assert drift(chains)[1] == Drift(2, 1.0, 1.0, 1.0)  # right or unknown, never wrong


def test_drift_of_what_nobody_judged_is_unknown() -> None:
    assert drift(chains_from("7? 7?\n7?(1,2) .(1,2)")) == (Drift(1, None, None, None), Drift(2, None, None, None))
    assert drift([]) == ()


def test_a_fresh_chain_keeps_its_own_verdict() -> None:
    assert drift(chains_from("! !\n1+(1,2)")) == (Drift(1, None, None, None), Drift(2, 1.0, 1.0, 1.0))
