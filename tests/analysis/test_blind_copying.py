"""Blind copying: worked by hand for two chains, and against its definition by simulation."""

from __future__ import annotations

import random

import pytest

from rsa_viz.analysis.blind_copying import blind_copying


def test_two_chains_of_which_one_is_right_by_hand() -> None:
    # generation 2: 0, 1 or 2 right with 1/4, 1/2, 1/4; generation 1 is known
    first, second = blind_copying(2, 1, 2)
    assert (first.t, first.expected, first.low, first.high) == (1, 0.5, 0.5, 0.5)
    assert (second.t, second.expected, second.low, second.high) == (2, 0.5, 0.0, 1.0)


def test_what_all_or_none_are_stays() -> None:
    assert {(one.low, one.expected, one.high) for one in blind_copying(5, 5, 4)} == {(1.0, 1.0, 1.0)}
    assert {(one.low, one.expected, one.high) for one in blind_copying(5, 0, 4)} == {(0.0, 0.0, 0.0)}
    assert blind_copying(5, 2, 0) == ()


def test_it_is_what_copying_does() -> None:
    rng = random.Random(7)
    n, right, generations, repeats = 8, 3, 5, 4000
    ends = []
    for _ in range(repeats):
        population = [True] * right + [False] * (n - right)
        for _ in range(generations - 1):
            population = [rng.choice(population) for _ in range(n)]
        ends.append(sum(population) / n)
    ends.sort()
    last = blind_copying(n, right, generations)[-1]
    assert last.expected == pytest.approx(sum(ends) / repeats, abs=0.02)
    assert last.low == ends[int(0.05 * repeats)]
    assert last.high == ends[int(0.95 * repeats)]


def test_more_right_chains_than_chains_are_refused() -> None:
    with pytest.raises(ValueError, match="4 right chains of 3"):
        blind_copying(3, 4, 2)
