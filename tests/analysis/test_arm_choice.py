"""Which arms are shown at first, and which stand on one picture because they differ in one knob alone."""

from __future__ import annotations

from rsa_viz.analysis.arm_choice import shown_first, varied
from rsa_viz.analysis.arms import Arm, arms
from tests.analysis.trials_drawn import drawn_trial


def population(n: int, generations: int = 2) -> str:
    """N chains a generation, the first right; every child has chain 1 as parent."""
    first = " ".join("1+" if i == 1 else "2x" for i in range(1, n + 1))
    later = " ".join("1+(1)" if i == 1 else "2x(1)" for i in range(1, n + 1))
    return "\n".join([first, *[later] * (generations - 1)])


def grid() -> tuple[Arm, ...]:
    """K = 2 to 4 at N = 6 and N = 5, 7 at K = 4, and three other strategies: a grid laid about N = 6, K = 4."""
    points = [(6, 2), (6, 3), (6, 4), (5, 4), (7, 4)]
    return arms(
        [
            *(drawn_trial(population(n), k=k) for n, k in points),
            drawn_trial(population(6), strategy="self-refinement", k=1),
            drawn_trial(population(6, 1), strategy="majority-vote", k=1),
            drawn_trial(population(6, 1), strategy="reference", k=1),
        ]
    )


def test_every_strategy_is_shown_before_a_second_arm_of_any() -> None:
    found = shown_first(grid(), 4)
    assert [arm.label for arm in found] == [
        "RSA, N=6, K=4",  # the centre: four others differ from it in N or in K alone
        "Self-refinement, N=6",
        "Majority vote, N=6",
        "Reference, N=6",
    ]
    assert len(shown_first(grid(), 100)) == len(grid())
    assert shown_first(grid(), 5)[0].label == "RSA, N=5, K=4"
    assert shown_first((), 4) == ()


def test_arms_that_differ_in_k_alone_have_self_refinement_as_their_k_of_1() -> None:
    assert [arm.label for arm in varied(grid(), "k")] == [
        "Self-refinement, N=6",
        "RSA, N=6, K=2",
        "RSA, N=6, K=3",
        "RSA, N=6, K=4",
    ]
    with_one = arms([*(one for arm in grid() for one in arm.trials), drawn_trial(population(6), k=1)])
    assert varied(with_one, "k")[0].label == "RSA, N=6, K=1"


def test_arms_that_differ_in_n_alone_are_of_one_k() -> None:
    assert [arm.label for arm in varied(grid(), "n")] == ["RSA, N=5, K=4", "RSA, N=6, K=4", "RSA, N=7, K=4"]
    alone = [arm for arm in grid() if arm.settings.strategy != "rsa"]
    assert varied(alone, "n") == () == varied(alone, "k") == varied((), "k")
