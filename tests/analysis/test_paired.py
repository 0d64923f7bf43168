"""Paired differences: by hand, against a slow twin, and whether the interval covers what it says."""

from __future__ import annotations

import random
import statistics

import numpy as np
import pytest

from rsa_viz.analysis.arms import Arm, arms
from rsa_viz.analysis.paired import (
    Difference,
    Weight,
    chance_of_one,
    comparisons_in_words,
    difference,
    difference_in_words,
    points,
)
from rsa_viz.analysis.published import FIGURES_OF_SITE, TABLE_1, TASKS, Published, by_generation, everything
from rsa_viz.analysis.trials import Trial
from rsa_viz.analysis.two_level import expanded, mean_over_problems, student_t
from tests.analysis.trials_drawn import drawn_trial

Values = dict[str, dict[int, float]]


def two_arms(ours: Values, theirs: Values) -> tuple[Arm, Arm, dict[Trial, float]]:
    """Two arms whose trials have these values, by problem and seed."""
    known: dict[Trial, float] = {}
    for strategy, values in (("reference", ours), ("majority-vote", theirs)):
        for problem, seeds in values.items():
            for seed, value in seeds.items():
                known[drawn_trial("1+", strategy=strategy, problem=problem, seed=seed, k=1)] = value
    second, first = arms(known)  # in the order of strategies
    return first, second, known


def compared(ours: Values, theirs: Values, **more: int) -> Difference:
    first, second, known = two_arms(ours, theirs)
    return difference(first, second, known.get, **more)


def test_the_difference_is_paired_by_problem_and_seed() -> None:
    found = compared(
        {"a": {0: 1.0, 1: 0.5}, "b": {0: 0.25}, "c": {0: 1.0}},
        {"a": {0: 0.5, 2: 0.0}, "b": {5: 0.75}, "d": {0: 0.0}},
    )
    # a: seed 0 alone is shared, 1.0 - 0.5; b: none is, 0.25 - 0.75; c and d stand alone.
    assert sorted(value for _, value in found.by_problem) == [-0.5, 0.5]
    assert (found.value, found.problems, found.left_out) == (0.0, 2, 2)
    assert found.weight is Weight.FEW


def test_one_problem_or_none_in_common_is_unknown() -> None:
    one = compared({"a": {0: 1.0, 1: 1.0}}, {"a": {0: 0.0, 1: 0.0}})
    assert (one.value, one.low, one.high, one.weight, one.seeds) == (1.0, None, None, Weight.UNKNOWN, 2)
    assert "unknown whether it is more than noise" in difference_in_words(one)
    none = compared({"a": {0: 1.0}}, {"b": {0: 1.0}})
    assert (none.value, none.problems, none.left_out, none.weight) == (None, 0, 2, Weight.UNKNOWN)
    assert "no problem in common: unknown. 2 problems not answered by both left out." in difference_in_words(none)


def slow_interval(pairs: list[list[float]], rng: random.Random, resamples: int) -> list[float]:
    """Resampled means, from the definition."""
    found = []
    for _ in range(resamples):
        problems = rng.choices(pairs, k=len(pairs))
        found.append(statistics.mean(statistics.mean(rng.choices(seeds, k=len(seeds))) for seeds in problems))
    return found


def test_the_interval_is_that_of_problems_then_seeds_drawn_again() -> None:
    rng = random.Random(8)
    ours = {f"p{p}": {s: rng.random() for s in range(1 + p % 3)} for p in range(9)}
    theirs = {p: {s: rng.random() / 2 for s in seeds} for p, seeds in ours.items()}
    found = compared(ours, theirs, resamples=6_000)
    pairs = [[ours[p][s] - theirs[p][s] for s in seeds] for p, seeds in ours.items()]
    low, high = expanded(np.array(slow_interval(pairs, rng, 6_000))[:, None], 9)
    assert found.value == pytest.approx(statistics.mean(map(statistics.mean, pairs)))
    assert found.low == pytest.approx(low[0], abs=0.02)
    assert found.high == pytest.approx(high[0], abs=0.02)
    (alone,) = mean_over_problems([[(value,) for value in row] for row in pairs], resamples=6_000)
    assert (alone.low, alone.high) == (pytest.approx(low[0], abs=0.02), pytest.approx(high[0], abs=0.02))


def test_the_same_numbers_give_the_same_interval() -> None:
    ours = {f"p{p}": {0: p / 9} for p in range(8)}
    theirs = {f"p{p}": {0: 0.3} for p in range(8)}
    assert compared(ours, theirs) == compared(ours, theirs)


def test_it_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    for problems, least in ((6, 0.91), (24, 0.92)):
        covered = 0
        for _ in range(300):
            hard = rng.normal(0.1, 0.2, problems)
            rows = [[(float(one + noise),) for noise in rng.normal(0, 0.1, 3)] for one in hard]
            (mean,) = mean_over_problems(rows, resamples=400)
            assert mean.low is not None
            assert mean.high is not None
            covered += mean.low <= 0.1 <= mean.high
        assert least <= covered / 300 <= 0.995


def test_students_t_is_that_of_the_tables() -> None:
    for freedom, table in ((1, 12.706), (4, 2.776), (5, 2.571), (7, 2.365), (10, 2.228), (30, 2.042), (1000, 1.962)):
        assert student_t(freedom) == pytest.approx(table, abs=0.002)


def said(value: float, low: float, high: float, problems: int = 32) -> str:
    return difference_in_words(
        Difference("RSA", "Majority vote", value, low, high, problems, 3, (), left_out=0, unfinished=0)
    )


def test_the_sentence_says_how_much_and_whether_it_is_noise() -> None:
    assert said(0.124, 0.031, 0.209) == (
        "RSA is right 12 points more often than Majority vote (95 % interval 3 to 21, 32 problems, 3 seeds): "
        "more than noise."
    )
    assert "RSA is right 4 points less often than Majority vote (95 % interval −9 to 1," in said(-0.04, -0.09, 0.01)
    assert said(-0.04, -0.09, 0.01).endswith("could be noise.")
    assert "right as often as" in said(0.0, -0.02, 0.02)
    assert said(0.5, 0.2, 0.9, problems=5).endswith("too few problems to tell.")
    assert points(0.001, 0.08) == "0.1 to 8"
    assert points(-0.0004, 0.3) == "−0.1 to 30", "a bound beyond nought is never rounded onto it"


def test_many_comparisons_are_owned_up_to() -> None:
    one = Difference("a", "b", 0.1, 0.0, 0.2, 9, 1, (), 0, 0)
    assert comparisons_in_words([one]) == ""
    assert "3 comparisons" in comparisons_in_words([one, one, one])
    assert chance_of_one(3) == pytest.approx(0.142625)


def test_every_published_number_has_its_source_and_both_counts() -> None:
    found = list(everything())
    assert len(found) > 90
    assert all(0 <= one.value <= 1 for one in found)
    assert {one.source for one in found} == {TABLE_1, FIGURES_OF_SITE}
    once = next(one for one in found if one.method == "Single-step aggregation")
    assert (once.generations, once.aggregations, once.value) == (2, 1, pytest.approx(0.5651))
    assert [round(100 * one.value, 1) for one in by_generation(TASKS[0])][::9] == [44.0, 73.2]
    assert by_generation("GSM8K") == ()


def test_what_stands_in_the_table_and_in_a_figure_is_the_same() -> None:
    seen: dict[tuple[object, ...], list[Published]] = {}
    for one in everything():
        if one.method == "RSA" and one.k == 4:
            seen.setdefault((one.task, one.model, one.measure, one.n, one.generations), []).append(one)
    pairs = [row for row in seen.values() if len(row) > 1]
    assert len(pairs) >= 5
    for row in pairs:
        assert max(one.value for one in row) - min(one.value for one in row) < 0.0011
