"""Figures by generation."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import pytest

from rsa_viz.analysis.generations import LengthUnit, by_generation, generation_row
from rsa_viz.analysis.intervals import Quartiles, wilson
from rsa_viz.core.chain import ChainStatus, Slot, Verdict
from rsa_viz.core.ruling import Ruling, RulingKind, apply_rulings
from tests.analysis.drawn import chains_from, changed


def test_a_drawn_generation_is_counted_exactly() -> None:
    (one,) = by_generation(chains_from("26+ 26+ 25x 24x~ -x _x 7? ! . ."))
    assert (one.t, one.size, one.planned, one.done, one.failed) == (1, 10, 2, 7, 1)
    assert (one.right, one.wrong, one.unknown) == (2, 4, 1)
    assert (one.abstained, one.truncated, one.empty, one.fresh) == (2, 1, 1, 0)
    assert one.mean == 2 / 6
    assert (one.mean_low, one.mean_high) == wilson(2, 6)
    assert one.pass_at_n is True
    assert (one.majority, one.majority_answer, one.majority_tied) == (True, "26", False)
    assert one.distinct == 4
    assert one.entropy_bits == pytest.approx(2 / 5 * math.log2(5 / 2) + 3 / 5 * math.log2(5))
    assert one.effective_answers == pytest.approx(2 ** (2 / 5 * math.log2(5 / 2) + 3 / 5 * math.log2(5)))


def test_a_failed_chain_counts_as_failed_and_neither_as_right_nor_as_wrong() -> None:
    (one,) = by_generation(chains_from("26+ ! ! 25x"))
    assert (one.failed, one.mean, one.unknown) == (2, 0.5, 0)


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("26+ 25x", True),
        ("26+ ! 7? .", True),
        ("25x 24x -x", False),
        ("25x 24x .", False),  # of what has ended so far
        ("25x !", None),  # the failed one might have been right
        ("25x 7?", None),
        ("7? 8?", None),
        ("! !", None),
        (". .", None),
    ],
)
def test_pass_at_n_is_only_claimed_when_it_is_known(drawing: str, expected: bool | None) -> None:
    assert by_generation(chains_from(drawing))[0].pass_at_n is expected


@pytest.mark.parametrize(
    ("drawing", "expected", "answer", "tied"),
    [
        ("26+ 26+ 25x", True, "26", False),
        ("26+ 25x 25x", False, "25", False),
        ("7? 7? 26+", None, "7", False),
        ("-x -x 25x", False, "25", False),
        ("26+ 25x", False, "25", True),
        ("-x -x", None, None, False),
        ("! .", None, None, False),
    ],
)
def test_the_majority_is_right_or_wrong_as_its_answer_is(
    drawing: str, expected: bool | None, answer: str | None, tied: bool
) -> None:
    (one,) = by_generation(chains_from(drawing))
    assert (one.majority, one.majority_answer, one.majority_tied) == (expected, answer, tied)


def test_a_class_judged_in_another_generation_is_known_in_this_one() -> None:
    first, second = by_generation(chains_from("26? 26?\n26+(1,2) 25x(2,1)"))
    assert first.majority is True
    assert first.mean is None
    assert second.mean == 0.5


def test_without_a_gold_answer_correctness_is_unknown_and_diversity_is_not() -> None:
    (one,) = by_generation(chains_from("26? 26? 25? -?"))
    assert (one.mean, one.mean_low, one.mean_high, one.pass_at_n, one.majority) == (None,) * 5
    assert (one.unknown, one.abstained, one.distinct) == (4, 1, 2)
    assert one.entropy_bits == pytest.approx(0.9182958340544896)


def test_a_planned_and_a_failed_generation_know_nothing() -> None:
    for drawing in (". . .", "! ! !"):
        (one,) = by_generation(chains_from(drawing))
        assert one.size == 3
        assert (one.mean, one.pass_at_n, one.majority, one.entropy_bits, one.effective_answers) == (None,) * 5
        assert (one.tokens_in, one.tokens_out, one.lengths, one.seconds, one.latencies) == (None,) * 5
        assert (one.characters, one.distinct) == (0, 0)


def test_no_chain_makes_no_generation() -> None:
    assert by_generation([]) == ()


def test_fresh_children_are_counted() -> None:
    _, second = by_generation(chains_from("! _x 26+\n26+(1,2) 26+(2,3)"))
    assert second.fresh == 1


def test_tokens_and_seconds_are_sums_over_those_who_told() -> None:
    chains = chains_from("26+ 25x 25x !", tokens_in=10, tokens_out=100, latency_s=2.0)
    chains = changed(chains, "1.2", tokens_in=None, tokens_out=140, latency_s=4.0)
    (one,) = by_generation(changed(chains, "1.3", tokens_in=12, tokens_out=120, latency_s=None))
    assert (one.tokens_in, one.tokens_out, one.seconds) == (22, 360, 6.0)
    assert one.latencies == Quartiles(2.5, 3.0, 3.5)
    assert one.lengths == Quartiles(110.0, 120.0, 130.0)
    assert one.length_unit is LengthUnit.TOKENS


def test_lengths_are_characters_for_the_whole_run_when_one_chain_told_no_tokens() -> None:
    chains = chains_from("26+ 25x\n26+(1,2) 25x(1,2)", tokens_out=100)
    first, second = by_generation(changed(chains, "2.2", tokens_out=None))
    assert first.length_unit is second.length_unit is LengthUnit.CHARACTERS
    assert first.lengths == Quartiles(8.0, 8.0, 8.0)  # "it is 26"
    assert (first.characters, first.tokens_out, second.tokens_out) == (16, 200, 100)


def test_a_row_is_json_with_exactly_the_promised_names() -> None:
    row = generation_row(by_generation(chains_from("26+ 25x ! .", latency_s=1.5))[0])
    assert list(row) == [
        "t", "mean", "mean_low", "mean_high", "pass_at_n", "majority", "right", "wrong", "unknown", "done", "failed",
        "abstained", "truncated", "entropy_bits", "distinct", "tokens_in", "tokens_out", "seconds",
        "planted",
    ]  # fmt: skip
    assert json.loads(json.dumps(row, allow_nan=False)) == row
    assert (row["mean"], row["done"], row["failed"], row["tokens_in"], row["seconds"]) == (0.5, 2, 1, None, 3.0)


def test_the_figures_agree_with_their_definitions_on_random_populations() -> None:
    rng = random.Random(17)
    cells = ("1+", "2x", "3x", "4?", "-x", "_x", "!", ".", "2x~")
    for _ in range(100):
        drawing = "\n".join(" ".join(rng.choice(cells) for _ in range(6)) for _ in range(3))
        chains = chains_from(drawing)
        chains = [replace(chain, latency_s=rng.random()) if chain.text is not None else chain for chain in chains]
        for one in by_generation(rng.sample(chains, len(chains))):
            row = [chain for chain in chains if chain.slot.t == one.t]
            done = [chain for chain in row if chain.status is ChainStatus.DONE]
            right = [chain for chain in done if chain.verdict is Verdict.RIGHT]
            judged = [chain for chain in done if chain.verdict is not Verdict.UNKNOWN]
            assert one.planned + one.done + one.failed == len(row)
            assert one.right + one.wrong + one.unknown == len(done)
            assert one.mean == (len(right) / len(judged) if judged else None)
            assert one.distinct == len({chain.answer for chain in done} - {None})
            assert one.abstained == sum(chain.answer is None for chain in done)
            assert one.seconds == (pytest.approx(sum(chain.latency_s or 0 for chain in done)) if done else None)


def test_one_chain_overruled_leaves_the_vote_of_every_generation_known() -> None:
    judged = chains_from("""
        66+       66+       1x
        66+(1,2)  66+(2,3)  1x(1,3)
    """)
    overruled = Ruling(1, RulingKind.VERDICT, Verdict.WRONG, 1.0, slot=Slot(1, 2))
    found = by_generation(apply_rulings(judged, [overruled]))
    assert [one.right for one in found] == [1, 2]
    assert [(one.majority, one.majority_answer) for one in found] == [(True, "66"), (True, "66")]
    before = by_generation(judged)
    same = ("pass_at_n", "majority", "majority_answer", "entropy_bits", "distinct", "abstained", "done")
    for name in same:
        assert [getattr(one, name) for one in found] == [getattr(one, name) for one in before], name


def test_after_a_merge_the_vote_names_the_class_that_took() -> None:
    judged = chains_from("""
        1x        66+       1x
        1x(1,2)   1x(2,3)   7x(1,3)
    """)
    merged = Ruling(1, RulingKind.MERGE, Verdict.UNKNOWN, 1.0, answer_key="1", into_key="66")
    found = by_generation(apply_rulings(judged, [merged]))
    # In generation 2 every chain of the class wrote the other answer.
    assert [(one.majority, one.majority_answer) for one in found] == [(True, "66"), (True, "66")]
    assert [(one.right, one.distinct) for one in found] == [(3, 1), (2, 2)]
