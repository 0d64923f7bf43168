"""The forecast: a Markov chain with the doubt about its rates."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest

from rsa_viz.analysis.forecast import (
    Asked,
    Forecast,
    Start,
    _hypergeometric,
    counted_rows,
    forecast,
    forecast_run,
    k_since,
    own_numbers,
    rising,
)
from rsa_viz.analysis.transmission import Transmission, transmission
from rsa_viz.core.errors import InvalidInput
from tests.analysis.drawn import chains_from
from tests.analysis.right_chains import binomial, exact, exactly


def counted(rates: list[float], children: int) -> list[Transmission]:
    """As many children at each j, right at these rates."""
    k = len(rates) - 1
    return [
        Transmission(k, j, children, round(rate * children), rate, 0.0, 1.0) for j, rate in enumerate(rates)
    ]  # fmt: skip


def test_parents_are_drawn_as_the_definition_says() -> None:
    for n, k in ((1, 1), (4, 2), (6, 4), (7, 7)):
        ways = _hypergeometric(n, k)
        for m in range(n + 1):
            drawn = [sum(i < m for i in parents) for parents in itertools.combinations(range(n), k)]
            assert list(ways[m]) == pytest.approx([drawn.count(j) / len(drawn) for j in range(k + 1)])
    assert np.allclose(_hypergeometric(4096, 8).sum(axis=1), 1.0)


def test_with_known_rates_it_is_the_markov_chain() -> None:
    rates = [0.05, 0.5, 0.8, 0.9, 1.0]
    found = forecast(counted(rates, 10**7), Start(3, 16, 16), 8, repeats=20_000)
    known = exact(16, rates, exactly(16, 3), 8)
    assert found is not None
    assert found.expected == pytest.approx(known.expected, abs=0.01)
    assert found.low == pytest.approx(known.low, abs=1 / 16)
    assert found.high == pytest.approx(known.high, abs=1 / 16)
    assert found.all_wrong == pytest.approx(known.all_wrong, abs=0.01)


def test_one_of_two_right_worked_by_hand() -> None:
    # K = 1 and q = (0, 1): each child copies. From 1 of 2 the next is Binomial(2, 1/2), a quarter of it all wrong.
    found = forecast(counted([0.0, 1.0], 10**7), Start(1, 2, 2), 3, repeats=20_000)
    assert found is not None
    assert found.expected == pytest.approx((0.5, 0.5, 0.5), abs=0.01)
    assert found.all_wrong == pytest.approx((0.0, 0.25, 0.375), abs=0.01)
    assert (found.low, found.high) == ((0.5, 0.0, 0.0), (0.5, 1.0, 1.0))


def slow_rising(values: list[float], weights: list[float]) -> list[float]:
    """Neighbours that fall are pooled until none does."""
    pools = [[value, weight, 1.0] for value, weight in zip(values, weights, strict=True)]
    at = 0
    while at + 1 < len(pools):
        (one, w, n), (other, v, m) = pools[at], pools[at + 1]
        if one > other:
            pools[at : at + 2] = [[(one * w + other * v) / (w + v), w + v, n + m]]
            at = max(0, at - 1)
        else:
            at += 1
    return [value for value, _, size in pools for _ in range(int(size))]


def test_rates_are_brought_into_rising_order_by_pooling() -> None:
    assert list(rising(np.array([[0.2, 0.8, 0.4]]), np.array([1.0, 1.0, 3.0]))[0]) == pytest.approx([0.2, 0.5, 0.5])
    rng = random.Random(31)
    for _ in range(200):
        values = [rng.random() for _ in range(rng.randint(1, 7))]
        weights = [rng.choice((1.0, 2.0, 30.0)) for _ in values]
        assert list(rising(np.array([values]), np.array(weights))[0]) == pytest.approx(slow_rising(values, weights))


def slow_forecast(rows: list[Transmission], right: int, n: int, generations: int, rng: random.Random) -> list[float]:
    """One simulation from the definition: rates, then parents and children one after the other."""
    k = len(rows) - 1
    q = [
        rng.betavariate(row.right + (j + 0.5) / (k + 1), row.children - row.right + 1 - (j + 0.5) / (k + 1))
        for j, row in enumerate(rows)
    ]
    q = slow_rising(q, [row.children + 1.0 for row in rows])
    population = [i < right for i in range(n)]
    shares = [right / n]
    for _ in range(generations - 1):
        population = [rng.random() < q[sum(rng.sample(population, k))] for _ in range(n)]
        shares.append(sum(population) / n)
    return shares


def test_it_agrees_with_simulating_parents_one_by_one() -> None:
    rows = [*counted([0.1, 0.5, 0.9], 4)]
    found = forecast(rows, Start(2, 6, 6), 4)
    rng = random.Random(5)
    slow = [slow_forecast(rows, 2, 6, 4, rng) for _ in range(6000)]
    assert found is not None
    for t in range(4):
        shares = sorted(run[t] for run in slow)
        assert found.expected[t] == pytest.approx(sum(shares) / len(shares), abs=0.02)
        assert found.low[t] == pytest.approx(shares[int(0.05 * len(shares))], abs=1 / 6 + 1e-9)
        assert found.high[t] == pytest.approx(shares[int(0.95 * len(shares))], abs=1 / 6 + 1e-9)
        assert found.majority[t] == pytest.approx(sum(share > 0.5 for share in shares) / len(shares), abs=0.03)


def test_few_children_make_a_wider_band_than_many() -> None:
    rates = [0.1, 0.5, 0.9]
    few, many = (forecast(counted(rates, children), Start(4, 8, 8), 5) for children in (2, 2000))
    assert few is not None
    assert many is not None
    assert few.high[4] - few.low[4] > many.high[4] - many.low[4]
    assert (few.children, many.children) == (6, 6000)


def test_another_n_draws_its_first_population_anew() -> None:
    found = forecast(counted([0.0, 1.0], 10**6), Start(500_000, 1_000_000, 1_000_000), 1, n=4)
    assert found is not None
    known = exact(4, [0.0, 1.0], binomial(4, 0.5), 1)
    assert found.n == 4
    assert (found.low, found.high) == (known.low, known.high)
    assert found.majority == pytest.approx((5 / 16,), abs=0.03)


def test_chains_without_a_verdict_are_drawn_and_not_called_wrong() -> None:
    found = forecast(counted([0.0, 1.0], 10**6), Start(4, 4, 8), 1)
    assert found is not None
    assert found.low[0] >= 0.5
    assert found.expected[0] == pytest.approx((4 + 4 * 0.9) / 8, abs=0.02)  # Beta(4.5, 0.5) has the mean 0.9


def test_another_k_reads_the_rates_at_the_same_share_of_right_parents() -> None:
    rates = [0.0, 0.4, 1.0]  # at shares 0, 1/2, 1
    found = forecast(counted(rates, 10**7), Start(2, 8, 8), 5, k=4, repeats=20_000)
    known = exact(8, [0.0, 0.2, 0.4, 0.7, 1.0], exactly(8, 2), 5)
    assert found is not None
    assert found.k == 4
    assert found.expected == pytest.approx(known.expected, abs=0.01)
    down = forecast(counted(rates, 10**7), Start(2, 8, 8), 5, k=1, repeats=20_000)
    assert down is not None
    assert down.expected == pytest.approx((0.25,) * 5, abs=0.02)  # q = (0, 1): copying


def test_the_same_seed_gives_the_same_forecast() -> None:
    rows = counted([0.1, 0.5, 0.9], 4)
    assert forecast(rows, Start(2, 6, 6), 4, seed=1) == forecast(rows, Start(2, 6, 6), 4, seed=1)
    assert forecast(rows, Start(2, 6, 6), 4, seed=1) != forecast(rows, Start(2, 6, 6), 4, seed=2)


def test_without_a_count_or_a_judged_start_nothing_is_forecast() -> None:
    assert forecast((), Start(1, 2, 2), 3) is None
    assert forecast(counted([0.0, 1.0], 0), Start(1, 2, 2), 3) is None
    assert forecast(counted([0.0, 1.0], 5), Start(0, 0, 2), 3) is None
    assert isinstance(forecast(counted([0.0, 1.0], 5), Start(1, 1, 1), 1), Forecast)


@pytest.mark.parametrize(("n", "k", "generations"), [(2, 3, 4), (0, 1, 4), (2, 0, 4), (2, 2, 0)])
def test_what_does_not_fit_is_refused(n: int, k: int, generations: int) -> None:
    with pytest.raises(InvalidInput, match="cannot forecast"):
        forecast(counted([0.0, 1.0], 5), Start(1, 2, 2), generations, n=n, k=k)


def test_the_k_that_most_children_have_counts() -> None:
    rows = transmission(chains_from("1+ 2x !\n1+(1,2) 2x(1,2) 1+(1,3)"))
    assert [(row.k, row.j, row.right, row.children) for row in counted_rows(rows)] == [
        (2, 0, 0, 0),
        (2, 1, 1, 2),
        (2, 2, 0, 0),
    ]
    assert counted_rows(()) == ()


def test_a_fork_with_another_k_is_forecast_from_where_it_was_taken() -> None:
    """K = 2 in generation 2, K = 1 from generation 3 on: the curve starts in generation 2, from the rates of K = 1."""
    drawn = chains_from("1+ 2x 2x\n1+(1,2) 2x(2,3) 1+(1,3)\n1+(1) 2x(2) 2x(3)\n1+(1) 2x(2) 2x(2)")
    assert own_numbers(drawn) == Asked(3, 1, 4)
    assert k_since(drawn) == 3
    found = forecast_run(drawn)
    assert found.start == 2
    assert found.forecast is not None
    assert len(found.forecast.expected) == 3
    assert found.forecast.expected[0] == pytest.approx(2 / 3)
    assert found.forecast.children == 6, "the three children of two parents tell nothing about one"
    plain = chains_from("1+ 2x\n1+(1,2) 2x(1,2)\n1+(1,2) !(1,2)")
    assert (k_since(plain), forecast_run(plain).start, own_numbers(plain)) == (2, 1, Asked(2, 2, 3))
    assert (k_since([]), k_since(chains_from("1+"))) == (2, 2)


def test_large_populations_are_quick_enough_to_slide() -> None:
    found = forecast(counted([0.05, 0.5, 0.8, 0.9, 1.0], 30), Start(1000, 4096, 4096), 30)
    assert found is not None
    assert all(math.isfinite(share) for share in found.expected)
