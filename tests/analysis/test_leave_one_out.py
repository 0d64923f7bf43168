"""Which parent mattered: conditions read from drawn children, intervals, and sentences that know what noise is."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from statistics import NormalDist

import pytest

from rsa_viz.analysis.intervals import Z95, newcombe, simultaneous_z, wilson
from rsa_viz.analysis.leave_one_out import leave_one_out, leave_one_out_in_words
from rsa_viz.core.chain import Slot
from tests.analysis.drawn import chains_from


def test_conditions_are_read_from_who_a_child_has_as_parents() -> None:
    found = leave_one_out(
        chains_from(
            """
            26+        25x        26+
            25x(1,2,3) 25x(1,2,3) 26+(2,3) -x(2,3) 26+(1,3) !(1,3) 7?(1,2) .(1,2)
            """
        )
    )
    assert found is not None
    rows = [
        (one.position, one.left_out, one.size, one.done, one.failed, one.right, one.wrong) for one in found.conditions
    ]
    assert rows == [
        (0, None, 2, 2, 0, 0, 2),
        (1, Slot(1, 1), 2, 2, 0, 1, 1),
        (2, Slot(1, 2), 2, 1, 1, 1, 0),
        (3, Slot(1, 3), 2, 1, 0, 0, 0),
    ]
    assert [one.share for one in found.conditions] == [0.0, 0.5, 1.0, None]
    assert [one.difference for one in found.without] == [0.5, 1.0, None]
    assert found.without[0].answers == {"26": 1, None: 1}
    assert not found.complete
    z = NormalDist().inv_cdf(1 - 0.05 / 6)  # three comparisons
    assert (found.without[0].difference_low, found.without[0].difference_high) == newcombe(1, 2, 0, 2, z)
    assert (found.everybody.low, found.everybody.high) == wilson(0, 2)


@pytest.mark.parametrize("drawing", ["26+", "26+ 25x\n26+(1) 25x(2)", "26+ 25x\n26+(1,2) 25x(2,1)", ""])
def test_other_runs_have_no_conditions(drawing: str) -> None:
    assert leave_one_out(chains_from(drawing)) is None


def repeats(*rows: tuple[int, int]) -> str:
    """Two parents; right and wrong repeats with both, without the first, without the second."""
    cells = [
        f"{cell}({parents})"
        for (right, wrong), parents in zip(rows, ("1,2", "2", "1"), strict=True)
        for cell in ["26+"] * right + ["25x"] * wrong
    ]
    return f"25x 26+\n{' '.join(cells)}"


def test_the_culprit_is_named_and_the_others_are_called_noise() -> None:
    found = leave_one_out(chains_from(repeats((0, 8), (8, 0), (1, 7))))
    assert found is not None
    assert [one.matters for one in found.without] == [True, False]
    words = leave_one_out_in_words(found)
    assert "Without parent 1 (chain 1.1), 8 of 8: leaving it out helps" in words
    assert "For parent 2 (chain 1.2) the difference could be noise." in words
    assert "intervention" in words
    assert "its prompt differs in wording too" in words  # one parent is left, so it is asked to refine


def test_a_parent_that_the_child_needs_is_said_so_by_the_slot_that_it_has_in_its_own_run() -> None:
    chains = [
        replace(chain, copied_from=Slot(3, 10 + chain.slot.i)) if chain.slot.t == 1 else chain
        for chain in chains_from(repeats((8, 0), (8, 0), (0, 8)))
    ]
    found = leave_one_out(chains)
    assert found is not None
    assert "Without parent 2 (chain 3.12), 0 of 8: this child needs it" in leave_one_out_in_words(found)


def test_few_repeats_claim_nothing_and_unknown_verdicts_are_no_wrong_ones() -> None:
    few = leave_one_out(chains_from(repeats((0, 2), (1, 1), (1, 1))))
    assert few is not None
    assert "No parent's absence makes a difference beyond noise" in leave_one_out_in_words(few)
    unknown = leave_one_out(chains_from("7? 8?\n7?(1,2) 7?(1,2) 8?(2) 7?(1)"))
    assert unknown is not None
    assert [one.share for one in unknown.conditions] == [None, None, None]
    assert leave_one_out_in_words(unknown).startswith("Nobody can say which repeats are right; unknown is not wrong.")
    assert "Answers with all parents: 2 × 7." in leave_one_out_in_words(unknown)


def test_newcombe_is_his_own_worked_example_and_turns_round_with_its_sides() -> None:
    low, high = newcombe(56, 70, 48, 80)  # Newcombe 1998, table II, row (a), method 10
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    assert newcombe(48, 80, 56, 70) == pytest.approx((-high, -low))
    assert newcombe(0, 10, 0, 10) == pytest.approx((-0.2775, 0.2775), abs=1e-4)  # row (g)
    assert newcombe(0, 0, 1, 2) == newcombe(1, 2, 0, 0) == (-1.0, 1.0)
    assert simultaneous_z(1) == simultaneous_z(0) == Z95
    assert simultaneous_z(4) == pytest.approx(2.4977, abs=1e-4)


def test_newcombe_covers_the_true_difference_about_as_often_as_it_says() -> None:
    """The slow way: how often the interval holds a known difference, over all outcomes of two n = 12."""
    rng = random.Random(5)
    for _ in range(3):
        p, q = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)
        held = 0.0
        for a in range(13):
            for b in range(13):
                low, high = newcombe(a, 12, b, 12)
                if low <= p - q <= high:
                    held += (
                        math.comb(12, a) * p**a * (1 - p) ** (12 - a) * math.comb(12, b) * q**b * (1 - q) ** (12 - b)
                    )
        assert 0.92 <= held <= 0.99
