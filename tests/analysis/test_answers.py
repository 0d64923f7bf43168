"""Answer classes, shares, the vote and the final draw."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from rsa_viz.analysis.answers import (
    AnswerClass,
    AnswerShares,
    Vote,
    answer_classes,
    entropy_bits,
    final_draw,
    shares_by_generation,
    vote,
)
from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.core.genealogy import Streams
from tests.analysis.drawn import chains_from, changed

MIXED = """
    25x       26+       -x        25x
    26+(1,2)  26+(2,3)  !(1,4)    27x(3,4)
    .(1,2)    .(2,3)    .(1,4)    .(3,4)
"""


def test_classes_stand_in_order_of_first_appearance() -> None:
    assert answer_classes(chains_from(MIXED)) == (
        AnswerClass("25", "25", Slot(1, 1), Verdict.WRONG, 2),
        AnswerClass("26", "26", Slot(1, 2), Verdict.RIGHT, 3),
        AnswerClass("27", "27", Slot(2, 4), Verdict.WRONG, 1),
    )


def test_a_class_is_one_key_however_it_is_written() -> None:
    chains = changed(chains_from("1/2+ 1/2+"), "1.2", answer="0.5")
    assert answer_classes(chains) == (AnswerClass("1/2", "1/2", Slot(1, 1), Verdict.RIGHT, 2),)


def test_the_order_in_which_chains_come_changes_no_class() -> None:
    chains = chains_from(MIXED)
    shuffled = random.Random(1).sample(chains, len(chains))
    assert answer_classes(shuffled) == answer_classes(chains)
    assert shares_by_generation(shuffled) == shares_by_generation(chains)


def test_a_class_is_known_as_soon_as_one_of_its_chains_is() -> None:
    assert answer_classes(chains_from("7? 7+"))[0].verdict is Verdict.RIGHT


def test_a_class_about_which_judges_contradict_each_other_is_unknown() -> None:
    assert answer_classes(chains_from("7x 7+ 7+"))[0].verdict is Verdict.UNKNOWN


def test_nobody_answered_means_no_class_and_no_vote() -> None:
    for drawing in ("", "-x _x ! .", "! !", ". ."):
        assert answer_classes(chains_from(drawing)) == ()
        assert vote(chains_from(drawing)) is None


def test_shares_are_of_done_chains_and_leave_failed_ones_out() -> None:
    first, second, third = shares_by_generation(chains_from(MIXED))
    assert first == AnswerShares(1, 4, 1, {"25": 2, "26": 1})
    assert list(second.counts.items()) == [("26", 2), ("27", 1)]
    assert (second.done, second.abstained) == (3, 0)
    assert third == AnswerShares(3, 0, 0, {})
    assert first.share("25") == 0.5
    assert first.share("27") == 0.0
    assert first.abstained_share == 0.25
    assert third.share("25") is None
    assert third.abstained_share is None
    assert third.entropy_bits is None


def test_entropy_of_drawn_counts() -> None:
    assert entropy_bits([4]) == 0.0
    assert math.copysign(1, entropy_bits([4]) or 0.0) == 1
    assert entropy_bits([1, 1, 1, 1]) == 2.0
    assert entropy_bits([2, 1, 1]) == 1.5
    assert entropy_bits([3, 1]) == pytest.approx(0.8112781244591328)
    assert entropy_bits([]) is None
    assert entropy_bits([0, 0]) is None


def test_entropy_agrees_with_its_definition() -> None:
    rng = random.Random(5)
    for _ in range(200):
        counts = [rng.randrange(0, 9) for _ in range(rng.randrange(1, 8))]
        total = sum(counts)
        if total:
            slow = -sum(count / total * math.log(count / total, 2) for count in counts if count)
            assert entropy_bits(counts) == pytest.approx(slow, abs=1e-12)


def test_the_largest_class_wins_and_abstentions_cannot() -> None:
    assert vote(chains_from("-x -x -x 26+ 26+ 25x ! .")) == Vote("26", "26", 2, 3, False, 3)


def test_empty_texts_cannot_win() -> None:
    assert vote(chains_from("_x _x _x 25x")) == Vote("25", "25", 1, 1, False, 3)


def test_a_tie_is_said_and_broken_the_same_way_in_every_order() -> None:
    for drawing in ("9x 26+ 26+ 9x 7x", "26+ 9x 7x 9x 26+"):
        assert vote(chains_from(drawing)) == Vote("26", "26", 2, 5, True, 0)  # "26" < "9" in code points


def test_the_vote_agrees_with_counting() -> None:
    rng = random.Random(11)
    for _ in range(200):
        cells = [rng.choice(("1x", "2x", "3+", "-x", "!", ".")) for _ in range(rng.randrange(1, 9))]
        counts = Counter(cell[0] for cell in cells if cell[0] in "123")
        best = max(counts.values(), default=0)
        found = vote(chains_from(" ".join(cells)))
        if best == 0:
            assert found is None
        else:
            assert found is not None
            winners = [key for key, count in counts.items() if count == best]
            assert (found.key, found.votes, found.of) == (min(winners), best, counts.total())
            assert found.tied == (len(winners) > 1)


def test_the_final_draw_is_from_the_last_generation_with_done_chains() -> None:
    chains = chains_from(MIXED)
    stream = Streams(7, "problem").at(Slot(3, 1), "final")
    drawn = final_draw(chains, stream)
    assert drawn is not None
    assert drawn.slot in {Slot(2, 1), Slot(2, 2), Slot(2, 4)}


def test_the_final_draw_is_uniform_over_done_chains_and_may_abstain() -> None:
    chains = chains_from("25x -x ! 26+ .")
    rng = random.Random(0)
    counts = Counter(str(final_draw(chains, rng).slot) for _ in range(3000))  # type: ignore[union-attr]
    assert set(counts) == {"1.1", "1.2", "1.4"}
    assert all(900 < count < 1100 for count in counts.values())


def test_the_final_draw_does_not_depend_on_the_order_of_chains() -> None:
    chains = chains_from(MIXED)
    for seed in range(20):
        straight = final_draw(chains, random.Random(seed))
        assert final_draw(chains[::-1], random.Random(seed)) == straight


def test_there_is_no_final_draw_while_nothing_is_done() -> None:
    assert final_draw(chains_from("! ."), random.Random(0)) is None
    assert final_draw([], random.Random(0)) is None
