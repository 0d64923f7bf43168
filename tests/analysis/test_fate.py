"""Where the right answer won or was lost, on genealogies drawn by hand."""

from __future__ import annotations

import random

import pytest

from rsa_viz.analysis.events import Change
from rsa_viz.analysis.fate import FateKind, Founder, fate, founders
from rsa_viz.analysis.fate_telling import fate_in_words, turns_in_words
from rsa_viz.analysis.turning_points import Reply
from rsa_viz.core.chain import Chain, ChainStatus, Slot, Verdict
from tests.analysis.drawn import chains_from, random_story, slots

LOST = """
    26+       25x       26+
    26+(1,2)  25x(2,3)  25x(1,3)
    25x(1,2)  25x(2,3)  !(2,1)
    25x(1,2)  25x(2,1)  25x(1,2)
"""
WON = """
    26+       25x       24x
    26+(1,2)  25x(2,3)  25x(1,3)
    26+(1,2)  25x(2,3)  26+(2,3)
    26+(1,2)  26+(1,3)  26+(2,3)
"""


def test_a_lost_answer_names_who_held_it_last_and_what_was_made_of_it() -> None:
    found = fate(chains_from(LOST))
    assert (found.kind, found.t, found.last, found.right, found.judged) == (FateKind.LOST, 2, 4, slots("2.1"), 3)
    assert found.replies == (
        Reply(Slot(3, 1), ChainStatus.DONE, "25", Verdict.WRONG, 1, 2, slots("2.1", "2.2"), Change.LOST, False),
        Reply(Slot(3, 3), ChainStatus.FAILED, None, Verdict.UNKNOWN, 1, 2, slots("2.1", "2.2"), Change.UNKNOWN, False),
    )
    assert found.peak == (1, 2, 3)
    assert fate_in_words(found) == (
        "The right answer died in generation 3. It was last held in generation 2 by chain 2.1. None of its 2 children "
        "kept it. It had lost the vote in generation 2.",
        "All of it goes back to chain 1.1, a right sample.",
    )


def test_an_answer_that_nobody_drew_was_lost_by_the_draw() -> None:
    words = fate_in_words(fate(chains_from("25x 26+ 25x\n25x(1,3) 25x(3,1)")))
    assert "by chain 1.2. No child has drawn it as a parent. It never won the vote." in words[0]


def test_a_won_answer_says_since_when_and_by_which_children() -> None:
    found = fate(chains_from(WON))
    assert (found.kind, found.since, found.turned) == (FateKind.WON, 3, slots("3.1", "3.3"))
    # 4.1 hands 1/3 to 3.1, 4.2 1/6 each to 3.1 and 3.3, 4.3 1/3 to 3.3; 3.3 has no right parent, 3.1 goes back to 1.1
    assert found.founders == (Founder(Slot(1, 1), pytest.approx(0.5)), Founder(Slot(3, 3), pytest.approx(0.5)))
    assert fate_in_words(found) == (
        "It won: the vote of generation 4 is right, with 3 of 3 chains. Its votes are right from generation 3 on, "
        "turned by chain 3.1 and chain 3.3.",
        "Through right parents, 50 % of it goes back to chain 1.1, a right sample; the rest to chain 3.3.",
    )


def test_an_answer_that_always_won_was_not_turned_by_anybody() -> None:
    found = fate(chains_from("26+ 26+ 25x\n26+(1,2) 26+(2,3) 25x(1,3)"))
    assert (found.kind, found.since, found.turned) == (FateKind.WON, 1, ())
    assert "Its votes were right from generation 1 on." in fate_in_words(found)[0]


def test_a_minority_holds_it_and_does_not_win() -> None:
    found = fate(chains_from("25x 25x 26+\n25x(1,2) 26+(1,3) 25x(1,2)"))
    assert (found.kind, found.right, found.judged) == (FateKind.HELD, slots("2.2"), 3)
    assert fate_in_words(found) == (
        "The right answer never won the vote. In generation 2 it is held by 1 of 3 chains (chain 2.2). The most common "
        "other answer, 25, has 2 votes.",
        "All of it goes back to chain 1.3, a right sample.",
    )


def test_a_minority_that_won_once_says_when_it_lost() -> None:
    found = fate(chains_from("26+ 26+ 25x\n25x(1,3) 26+(1,2) 25x(1,3)\n25x(1,3) 26+(1,2) 25x(1,3)"))
    assert fate_in_words(found)[0].startswith(
        "The right answer lost the vote in generation 2 and has not won it back. In generation 3 it is held by 1 of 3"
    )


def test_an_answer_that_came_back_and_won_says_that_it_had_died() -> None:
    chains = "26+ 25x 25x\n25x(1,2) 25x(2,3) 25x(1,3)\n26+(1,2) 25x(2,3) 26+(1,3)"
    words = fate_in_words(fate(chains_from(chains)))[0]
    assert words.endswith("It had died before, in generation 2, and come back in generation 3.")
    twice = fate_in_words(fate(chains_from(f"{chains}\n25x(1,2) 25x(2,3) 25x(1,3)\n26+(1,2) 25x(2,3) 26+(1,3)")))[0]
    assert twice.endswith("It had died 2 times before, and come back each time.")


def test_a_right_answer_whose_class_is_doubtful_has_an_unknown_vote() -> None:
    words = fate_in_words(fate(chains_from("26+ 26x 25x")))[0]
    assert words.startswith("The right answer is there, and nobody can say whether it wins the vote.")


def test_a_hundred_generations_are_told_in_as_many_sentences_at_first() -> None:
    """It dies and comes back all the time; the answer stays short, each turn has its paragraph."""
    rows = ["26+ 25x 25x", *(["25x(1,2) 25x(2,3) 25x(1,3)", "26+(1,2) 25x(2,3) 25x(1,3)"] * 50)]
    found = fate(chains_from("\n".join(rows)))
    words = fate_in_words(found)
    assert len(" ".join(words)) < 400
    assert "It had died 50 times before, and come back each time." in words[0]
    assert len(turns_in_words(found.turns)) == 100


@pytest.mark.parametrize(
    ("drawing", "kind", "words"),
    [
        ("25x 7x\n25x(1,2)", FateKind.NEVER, "No chain was ever right, so there was nothing to pass on."),
        ("25x 7?", FateKind.NEVER, "No chain was ever right, so there was nothing to pass on. 1 chain"),
        ("25? 7?", FateKind.UNKNOWN, "Unknown: no chain has a verdict. Unknown is not wrong."),
        ("! !", FateKind.NOT_YET, "No chain is done yet."),
        (". .", FateKind.NOT_YET, "No chain is done yet."),
    ],
)  # fmt: skip
def test_what_was_never_right_or_never_judged_is_said_so(drawing: str, kind: FateKind, words: str) -> None:
    found = fate(chains_from(drawing))
    assert found.kind is kind
    assert fate_in_words(found)[0].startswith(words)


def test_without_chains_nothing_has_ended() -> None:
    assert fate([]).kind is FateKind.NOT_YET


def test_a_run_that_goes_on_says_so_far() -> None:
    assert "No chain was ever right so far" in fate_in_words(fate(chains_from("25x 7x\n.(1,2) .(1,2)")))[0]
    assert "It won so far" in fate_in_words(fate(chains_from("26+ 26+\n.(1,2) .(1,2)")))[0]
    lost = fate_in_words(fate(chains_from("26+ 25x\n25x(1,2) .(1,2)")))[0]
    assert "No later chain is known to be right so far." in lost


def test_later_chains_without_a_verdict_are_not_called_wrong() -> None:
    words = fate_in_words(fate(chains_from("26+ 25x\n25x(1,2) 26?(1,2)")))[0]
    assert "No later chain is known to be right. 1 chain without a verdict left out." in words


def slow_founders(chains: list[Chain], t: int, walks: int, rng: random.Random) -> dict[Slot, float]:
    """Walks from a right chain, always to a right parent, as often as asked."""
    known = {chain.slot: chain for chain in chains}
    right = [chain.slot for chain in chains if chain.slot.t == t and chain.verdict is Verdict.RIGHT]
    ends: dict[Slot, int] = {}
    for _ in range(walks if right else 0):
        here = rng.choice(right)
        while parents := [slot for slot in known[here].available if known[slot].verdict is Verdict.RIGHT]:
            here = rng.choice(parents)
        ends[here] = ends.get(here, 0) + 1
    return {slot: count / walks for slot, count in ends.items()}


def test_founders_are_where_walks_through_right_parents_end() -> None:
    rng = random.Random(12)
    checked = 0
    for _ in range(30):
        chains = random_story(rng, n=6, t=4, k=2)
        found = founders(chains, 4)
        slow = slow_founders(chains, 4, 8_000, rng)
        assert {one.slot for one in found} == set(slow)
        for one in found:
            assert one.share == pytest.approx(slow[one.slot], abs=0.025)
            checked += 1
        assert not found or sum(one.share for one in found) == pytest.approx(1)
    assert checked > 10
    assert founders([], 3) == ()
