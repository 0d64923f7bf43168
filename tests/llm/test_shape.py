"""The paper's shape comes out of the synthetic reasoner's rules: measured small, with fixed seeds."""

from __future__ import annotations

import statistics
from functools import cache

import pytest
from shape import evolve, programs

from rsa_viz.llm.knobs import Knobs
from rsa_viz.tasks.program import PROGRAM


@cache
def runs(k: int) -> list[list[float]]:
    return [evolve(problem, Knobs(), k=k) for problem in programs(14)]


def mean(k: int, t: int) -> float:
    """Mean correctness of generation ``t`` over all runs."""
    return statistics.mean(run[t - 1] for run in runs(k))


def gap(t: int) -> float:
    """Pass@N less the mean."""
    return statistics.mean((run[t - 1] > 0) - run[t - 1] for run in runs(4))


def test_alone_the_reasoner_is_mostly_wrong_and_in_the_end_mostly_right() -> None:
    assert 0.2 <= mean(4, 1) <= 0.4
    assert 0.8 <= mean(4, 10) <= 0.97


def test_correctness_rises_with_generations() -> None:
    assert mean(4, 1) + 0.1 < mean(4, 2)
    assert mean(4, 2) + 0.1 < mean(4, 3)
    assert mean(4, 3) < mean(4, 10)


def test_a_single_aggregation_is_less_than_recursion() -> None:
    assert mean(4, 2) + 0.2 < mean(4, 10)


def test_from_one_parent_to_two_gains_most() -> None:
    gains = [mean(k + 1, 10) - mean(k, 10) for k in (1, 2, 3)]
    assert gains[0] == max(gains)
    assert gains[0] > 0.1
    assert mean(2, 10) < mean(4, 10)


def test_refining_alone_rises_less() -> None:
    assert mean(1, 1) + 0.05 < mean(1, 10) < mean(2, 10) - 0.1


def test_the_best_of_a_generation_falls_towards_its_mean() -> None:
    assert gap(1) > 0.5
    assert gap(2) < gap(1)
    assert gap(10) < 0.2


def test_not_every_run_ends_well() -> None:
    """Most of the last bundled programs need a product that the reasoner remembers wrongly."""
    last = [evolve(problem, Knobs(), seed=seed)[-1] for problem in PROGRAM.problems()[-4:] for seed in range(2)]
    assert min(last) == 0.0
    assert max(last) > 0.9


@pytest.mark.parametrize("number", range(6))
def test_the_first_bundled_programs_start_low_and_end_high(number: int) -> None:
    problem = PROGRAM.problems()[number]
    first = statistics.mean(evolve(problem, Knobs(), n=200, t=1))
    assert 0.15 <= first <= 0.45
    assert evolve(problem, Knobs())[-1] >= 0.75
