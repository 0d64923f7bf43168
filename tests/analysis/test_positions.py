"""Position bias with its intervals, and whether it is more than noise."""

from __future__ import annotations

import itertools
import math
import random

import pytest

from rsa_viz.analysis.inheritance import inherited_by
from rsa_viz.analysis.positions import (
    Measure,
    PlacedShare,
    PositionEvidence,
    chi_square_above,
    position_evidence,
    positions_in_words,
)
from rsa_viz.core.chain import Slot
from tests.analysis.drawn import chains_from, changed, random_story
from tests.analysis.plain_positions import PositionShare, position_bias


def test_shares_and_intervals_are_those_of_the_childrens_parts() -> None:
    chains = chains_from("""
        1+      2x      3x
        1+(1,2) 3x(3,1) 4x(2,3)
    """)
    keys = {Slot(1, 1): ["x", "y"], Slot(1, 2): ["x", "z"], Slot(1, 3): ["w"],
            Slot(2, 1): ["x", "x", "y", "new"], Slot(2, 2): ["w"], Slot(2, 3): ["new"]}  # fmt: skip
    text, answer = position_evidence(chains, inherited_by(chains, keys))
    # parts (2/3, 1/3) and (1, 0): mean 5/6, standard deviation 1/3 / sqrt(2), t(1) = 12.706
    assert (text.measure, text.k, text.children, text.telling, text.first) == (Measure.TEXT, 2, 2, 2, Slot(2, 1))
    half = 12.706205 / 6
    assert text.shares == (
        PlacedShare(1, pytest.approx(5 / 6), pytest.approx(max(0.0, 5 / 6 - half)), 1.0),
        PlacedShare(2, pytest.approx(1 / 6), 0.0, pytest.approx(min(1.0, 1 / 6 + half))),
    )
    assert answer == PositionEvidence(
        Measure.ANSWER, 2, (PlacedShare(1, 1.0, 1.0, 1.0), PlacedShare(2, 0.0, 0.0, 0.0)), 2, 2, None, Slot(2, 1)
    )
    assert text.more_than_noise is None
    assert positions_in_words(text) == (
        "Of the steps that 2 children inherited, position 1 gave most, 83 %, and position 2 least, 17 %; if the place "
        "did not matter, each would give 50 %. Only 2 of them have unequal parts: too few to say."
    )


def test_one_child_has_no_interval_and_no_child_no_evidence() -> None:
    (answer,) = position_evidence(chains_from("7? 7? 8?\n7?(1,3,2)"), {})
    assert [(one.share, one.low, one.high) for one in answer.shares] == [
        (0.5, None, None), (0.0, None, None), (0.5, None, None)
    ]  # fmt: skip
    assert position_evidence([], {}) == ()
    assert position_evidence(chains_from("1+\n1+(1)"), {}) == ()


def _followers(first: int, second: int) -> PositionEvidence:
    """As many children that answer like the first, and like the second, of two parents that answer differently."""
    cells = ["7?(1,2)"] * first + ["8?(1,2)"] * second
    (found,) = position_evidence(chains_from(f"7? 8?\n{' '.join(cells)}"), {})
    return found


def test_for_two_positions_the_test_is_the_sign_test_in_its_normal_form() -> None:
    found = _followers(15, 5)
    # (15 - 5)² / 20 = 5 with one degree of freedom
    assert found.p == pytest.approx(math.erfc(math.sqrt(5 / 2)))
    assert found.more_than_noise is True
    assert positions_in_words(found).endswith("each would give 50 %. This is more than noise (p = 0.025).")
    assert _followers(12, 8).more_than_noise is False
    assert positions_in_words(_followers(40, 0)).endswith("This is more than noise (p under 0.001).")


def test_fewer_than_ten_children_with_unequal_parts_say_nothing() -> None:
    assert _followers(9, 0).p is None
    assert _followers(10, 0).p == pytest.approx(math.erfc(math.sqrt(10 / 2)))


def test_a_child_that_took_from_all_alike_weighs_nothing() -> None:
    cells = ["7?(1,2)"] * 12 + ["8?(2,1)"] * 3 + ["9?(3,4)"] * 50
    (found,) = position_evidence(chains_from(f"7? 8? 9? 9?\n{' '.join(cells)}"), {})
    assert (found.children, found.telling) == (65, 15)
    # each of the 15 took from position 1
    assert found.p == pytest.approx(math.erfc(math.sqrt(15 / 2)))


@pytest.mark.parametrize(
    ("value", "freedom", "above"),
    [(3.841459, 1, 0.05), (5.991465, 2, 0.05), (7.814728, 3, 0.05), (11.344867, 3, 0.01), (14.067140, 7, 0.05),
     (15.507313, 8, 0.05), (0.0, 4, 1.0), (0.0, 5, 1.0)],
)  # fmt: skip
def test_the_chi_square_tail_is_that_of_the_tables(value: float, freedom: int, above: float) -> None:
    assert chi_square_above(value, freedom) == pytest.approx(above, abs=1e-6)


def test_the_chance_agrees_with_all_orders_of_the_parts() -> None:
    """The slow twin: the statistic of every way to order the parts of each child."""
    rows = [(0.7, 0.2, 0.1)] * 2 + [(0.5, 0.5, 0.0), (0.6, 0.3, 0.1), (0.8, 0.1, 0.1)]

    def apart(orders: tuple[tuple[float, ...], ...]) -> float:
        return sum((sum(column) - len(rows) / 3) ** 2 for column in zip(*orders, strict=True))

    spread = sum((part - 1 / 3) ** 2 for row in rows for part in row) / 3
    every = [apart(orders) for orders in itertools.product(*(list(itertools.permutations(row)) for row in rows))]
    scaled = [2 / (3 * spread) * one for one in every]
    assert sum(scaled) / len(scaled) == pytest.approx(2.0)  # the degrees of freedom
    exact = sum(one >= apart(tuple(rows)) - 1e-9 for one in every) / len(every)
    assert chi_square_above(2 / (3 * spread) * apart(tuple(rows)), 2) == pytest.approx(exact, abs=0.02)


def test_shares_agree_with_the_position_bias_of_inheritance() -> None:
    rng = random.Random(67)
    for _ in range(30):
        chains = random_story(rng)
        keys = {chain.slot: rng.choices([f"text {step}" for step in "abcd"], k=rng.randrange(4)) for chain in chains}
        inherited = inherited_by(chains, keys)
        plain = {(one.k, one.position): one for one in position_bias(chains, inherited)}
        for one in position_evidence(chains, inherited):
            for share in one.shares:
                other = plain[one.k, share.position]
                mean, children = (
                    (other.text, other.children) if one.measure is Measure.TEXT else (other.answer, other.adopters)
                )
                assert (share.share, one.children) == (pytest.approx(mean), children)


def test_the_twin_gives_the_mean_part_of_each_position() -> None:
    chains = chains_from("""
        1+      2x      3x
        1+(1,2) 3x(3,1) 4x(2,3)
    """)
    keys = {Slot(1, 1): ["x", "y"], Slot(1, 2): ["x", "z"], Slot(1, 3): ["w"],
            Slot(2, 1): ["x", "x", "y", "new"], Slot(2, 2): ["w"], Slot(2, 3): ["new"]}  # fmt: skip
    assert position_bias(chains, inherited_by(chains, keys)) == (
        PositionShare(2, 1, pytest.approx((2 / 3 + 1) / 2), 2, 1.0, 2),
        PositionShare(2, 2, pytest.approx((1 / 3) / 2), 2, 0.0, 2),
    )


def test_an_answer_that_several_parents_gave_is_split_among_their_positions() -> None:
    chains = chains_from("7? 7? 8?\n7?(1,3,2)")
    assert [one.answer for one in position_bias(chains, {})] == [0.5, 0.0, 0.5]
    assert [one.text for one in position_bias(chains, {})] == [None, None, None]


def test_the_twin_counts_by_the_parents_that_stood_in_the_prompt() -> None:
    chains = chains_from("1+ ! 3x\n1+(1,2,3) 3x(1,2)")
    assert position_bias(chains, {}) == (
        PositionShare(2, 1, None, 0, 1.0, 1),
        PositionShare(2, 2, None, 0, 0.0, 1),
    )


def test_abstaining_together_is_no_adoption() -> None:
    chains = chains_from("-x -x\n-x(1,2)")
    assert [one.adopters for one in position_bias(chains, {})] == [0, 0]
    assert [one.answer for one in position_bias(chains, {})] == [None, None]


def test_one_parent_has_no_position_to_prefer() -> None:
    assert position_bias(chains_from("1+\n1+(1)"), {}) == ()
    assert position_bias([], {}) == ()


def test_answers_judged_equal_are_adopted_however_they_are_written() -> None:
    chains = changed(chains_from("1/2+ 3x\n1/2+(2,1)"), "2.1", answer="0.5")
    assert [one.answer for one in position_bias(chains, {})] == [0.0, 1.0]
