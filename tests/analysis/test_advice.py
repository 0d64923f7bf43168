"""Advice: costs by hand, what it may vary, and when it says that the data do not suffice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rsa_viz.analysis.advice import (
    BudgetUnit,
    Cost,
    Evidence,
    advise,
    comparable,
    cost_of,
    evidence,
)
from rsa_viz.analysis.forecast import Asked, Start
from rsa_viz.analysis.transmission import Transmission
from rsa_viz.analysis.trials import SampleClass, Samples
from rsa_viz.core.chain import Verdict
from rsa_viz.core.price import Price
from tests.analysis.drawn import chains_from

SAMPLES = Samples((SampleClass("1", 6, Verdict.RIGHT), SampleClass("2", 10, Verdict.WRONG)), 0, 0, 6, 16, None, None)


def seen(rates: tuple[float, ...], *, children: int = 60, problem: str = "p", n: int = 16, t: int = 5) -> Evidence:
    """A run with these rates, 6 of 16 samples right; a sample costs 100 + 50 tokens, 2 s, a child 400 + 60, 3 s."""
    k = len(rates) - 1
    counted = tuple(
        Transmission(k, j, children, round(rate * children), rate, 0.0, 1.0) for j, rate in enumerate(rates)
    )
    return Evidence(
        problem, Asked(n, k, t), counted, Start(6, 16, 16), Cost(100, 50, 2.0), Cost(400, 60, 3.0), 16, SAMPLES,
        tuple(0.3 for _ in range(t)),
    )  # fmt: skip


RISING = (0.05, 0.5, 0.8, 0.9, 0.98)


def test_what_a_run_would_cost_by_hand() -> None:
    one = seen(RISING)
    assert cost_of([one], 8, 3, BudgetUnit.CALLS) == 24
    assert cost_of([one], 8, 3, BudgetUnit.TOKENS) == 8 * 150 + 16 * 460
    assert cost_of([one], 8, 3, BudgetUnit.SECONDS) == 2 + 2 * 3
    assert cost_of([one], 32, 3, BudgetUnit.SECONDS) == 2 * (2 + 2 * 3), "32 chains over 16 places take twice as long"
    assert cost_of([one], 8, 3, BudgetUnit.MONEY) is None
    price = Price(1.0, 10.0, "USD")
    assert cost_of([one], 8, 3, BudgetUnit.MONEY, price) == pytest.approx((8 * 600 + 16 * 1000) / 1e6)
    silent = replace(one, child=Cost(None, None, None))
    assert cost_of([one, silent], 8, 3, BudgetUnit.TOKENS) is None, "unknown is not nought"


def test_the_advice_fits_the_budget_and_says_that_it_is_a_prediction() -> None:
    found = advise([seen(RISING)], 96)
    assert found.best is not None
    assert found.best.cost <= 96
    assert found.best.k == 4
    assert all(one.k == 4 for one in found.others), "another K was not measured"
    assert found.best.expected >= max(one.expected for one in found.others) - 0.01
    assert found.own is not None
    assert (found.own.n, found.own.t) == (16, 5), "as run, and no longer"
    words = " ".join(found.words)
    assert "A prediction, not a measurement" in words
    assert "K = 4 is what was measured; no other K is advised" in words
    assert "a majority vote over 16 samples of the first generation is right 0 %" in words


def test_aggregation_that_does_harm_is_not_advised() -> None:
    found = advise([seen((0.0, 0.02, 0.05, 0.1, 0.2))], 96)
    assert found.best is not None
    assert found.best.t == 1


def test_where_nothing_speaks_for_a_change_it_is_left() -> None:
    hopeless = replace(seen((0.0, 0.0, 0.0, 0.0, 0.0), children=4000), start=Start(0, 4000, 16))
    found = advise([hopeless], 96)
    assert found.best is not None
    assert (found.best.n, found.best.t) == (16, 5)
    assert "the data tell none apart" in " ".join(found.words)


def test_data_that_do_not_suffice_say_so() -> None:
    for rows, budget, unit, words in (
        ([], 96, BudgetUnit.CALLS, "The data do not suffice: no run has more than 0 children"),
        (
            [seen(RISING, children=4)],
            96,
            BudgetUnit.CALLS,
            "no run has more than 20 children with a known verdict, and it takes 24",
        ),
        ([seen(RISING)], 96, BudgetUnit.MONEY, "do not say what a call costs"),
        ([seen(RISING)], 3, BudgetUnit.CALLS, "pay for no run with the K that was measured"),
    ):
        found = advise(rows, budget, unit)
        assert found.best is None
        assert words in found.words[0]


def test_several_k_are_compared_on_the_same_problems_only() -> None:
    four, two = seen(RISING, problem="a"), seen((0.05, 0.4, 0.9), problem="a")
    elsewhere = seen((0.05, 0.4, 0.9), problem="b")
    assert comparable([four, two, elsewhere]) == [four, two]
    assert comparable([four, elsewhere]) == [four], "no problem has both: that with more children"
    assert "Compared are the measured K = 2 and 4" in " ".join(advise([four, two], 96).words)


def test_evidence_is_counted_from_a_run() -> None:
    chains = chains_from(
        """
        1+      2x      1+      2x
        1+(1,2) 2x(2,4) 1+(1,3) 1+(3,4)
        """,
        tokens_in=10,
        tokens_out=5,
        latency_s=2.0,
    )
    found = evidence(chains, "p", 8)
    assert found is not None
    assert (found.own, found.start, found.children) == (Asked(4, 2, 2), Start(2, 4, 4), 4)
    assert [(row.j, row.children, row.right) for row in found.rates] == [(0, 1, 0), (1, 2, 2), (2, 1, 1)]
    assert (found.sample, found.child) == (Cost(10, 5, 2.0), Cost(10, 5, 2.0))
    assert (found.means, found.samples.right) == ((0.5, 0.75), 2)
    assert evidence(chains[:4], "p", 8) is None
    assert evidence(chains_from("1? 2?\n1?(1,2) 2?(1,2)"), "p", 8) is None
