"""What copying a random parent alone would make of a population."""

from __future__ import annotations

import itertools

import pytest

from rsa_viz.analysis.drift import Drift, drift
from tests.analysis.drawn import chains_from


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
