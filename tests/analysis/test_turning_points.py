"""When the right answer was found, died, came back, won or lost the vote, on genealogies drawn by hand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest

from rsa_viz.analysis.events import Change
from rsa_viz.analysis.fate import fate
from rsa_viz.analysis.fate_telling import fate_in_words, turns_in_words
from rsa_viz.analysis.turning_points import Turn, TurnKind, standings, turning_points
from rsa_viz.core.chain import Chain, ChainOrigin, ChainStatus, Slot, Verdict
from tests.analysis.drawn import chains_from, changed, random_story, slots

FOUND, DIED, RETURNED, RENEWED = TurnKind.FOUND, TurnKind.DIED, TurnKind.RETURNED, TurnKind.RENEWED
WON, LOST = TurnKind.VOTE_WON, TurnKind.VOTE_LOST

FALLS_AND_RETURNS = """
    26+       25x       26+       25x       25x
    26+(1,2)  26+(1,3)  26+(2,3)  25x(4,5)  25x(1,5)
    25x(1,2)  25x(3,4)  25x(1,5)  7x(4,5)   !(2,4)
    26+(1,4)  25x(1,2)  25x(2,3)  -x(3,4)   25x(4,5)
    25x(1,2)  25x(2,3)  25x(3,4)  25x(4,5)  25x(2,5)
"""


def kinds(chains: Sequence[Chain]) -> list[tuple[TurnKind, int]]:
    return [(turn.kind, turn.t) for turn in turning_points(chains)]


def told(chains: Sequence[Chain]) -> list[str]:
    return [line.whole for line in turns_in_words(turning_points(chains))]


def test_an_answer_that_wins_falls_returns_and_falls_again_has_each_of_its_turns() -> None:
    chains = chains_from(FALLS_AND_RETURNS)
    assert kinds(chains) == [(WON, 2), (DIED, 3), (LOST, 3), (RETURNED, 4), (DIED, 5)]
    won, died, lost, returned, again = turning_points(chains)
    assert (won.before.votes, won.before.against, won.now.votes, won.now.against) == (2, 3, 3, 2)
    assert (won.now.rival, won.rival_before, won.enough) == ("25", 3, None)
    assert [(one.slot, one.right, one.of) for one in won.winners] == [(Slot(2, 1), 1, 2), (Slot(2, 3), 1, 2)]
    assert died.carriers == slots("2.1", "2.2", "2.3")
    assert [(str(one.slot), one.right, one.status) for one in died.losers] == [
        ("3.1", 2, ChainStatus.DONE),
        ("3.2", 1, ChainStatus.DONE),
        ("3.3", 1, ChainStatus.DONE),
        ("3.5", 1, ChainStatus.FAILED),
    ]
    # 25 has three votes and 7 one: two changed ones make two against one.
    assert (lost.now.votes, lost.now.against, lost.enough) == (0, 3, 2)
    assert [(one.slot, one.change, one.parents) for one in returned.winners] == [
        (Slot(4, 1), Change.RESCUE, slots("3.1", "3.4"))
    ]
    assert (again.carriers, [one.slot for one in again.losers]) == (slots("4.1"), [Slot(5, 1)])
    assert told(chains) == [
        "Generation 2: the right answer won the vote. Votes for it: 3 (2 in generation 1); for 25: 2 (3 in generation "
        "1). 2 children are right although not all of their parents are. Chain 2.1 is right, like 1 of its 2 parents: "
        "chain 1.1. Chain 2.3 is right, like 1 of its 2 parents: chain 1.3.",
        "Generation 3: the right answer died. Its last chains, chain 2.1, chain 2.2 and chain 2.3, stood in the "
        "prompts of 4 children, and none kept it. Chain 3.1 had 2 right parents of 2 and wrote 25. Chain 3.2 had 1 "
        "right parent of 2 and wrote 25. Chain 3.3 had 1 right parent of 2 and wrote 25. Chain 3.5 had 1 right parent "
        "of 2 and failed. With it went the vote.",
        "Generation 4: the right answer came back. Chain 4.1 is right, although none of its 2 parents is: chain 3.1 "
        "and chain 3.4.",
        "Generation 5: the right answer died. Its last chain, chain 4.1, stood in the prompt of 1 child, which did not "
        "keep it. Chain 5.1 had 1 right parent of 2 and wrote 25.",
    ]
    assert fate_in_words(fate(chains)) == (
        "The right answer died in generation 5. It had died before, in generation 3, and come back in generation 4. "
        "It was last held in generation 4 by chain 4.1. Its only child did not keep it.",
    )


def test_a_vote_can_be_lost_while_right_chains_become_more() -> None:
    chains = chains_from("""
        26+       26+       25x       24x       -x        23x
        26+(1,3)  26+(2,4)  26+(1,5)  25x(3,4)  25x(2,3)  25x(4,5)
    """)
    assert kinds(chains) == [(LOST, 2)]
    (lost,) = turning_points(chains)
    assert (lost.before.right, lost.now.right, lost.now.tied, lost.rival_before, lost.enough) == (2, 3, True, 1, 1)
    assert [one.slot for one in lost.losers] == [Slot(2, 5)]
    assert told(chains) == [
        "Generation 2: the right answer lost the vote. Votes for it: 3 (2 in generation 1); for 25: 3 (1 in generation "
        "1). It is a tie, which a fixed order decides against it. 1 child had a right parent and did not keep it. "
        "For a right vote at least 1 of them would have had to keep it. Chain 2.5 had 1 right parent of 2 and wrote 25."
    ]
    assert fate_in_words(fate(chains))[0] == (
        "The right answer lost the vote in generation 2. In generation 2 it is held by 3 of 6 chains (chain 2.1, chain "
        "2.2 and chain 2.3). It is a tie with 25, 3 to 3, which a fixed order decides against it."
    )


def test_a_vote_that_no_child_lost_was_lost_by_the_others() -> None:
    chains = chains_from("26+ 26+ 25x 24x\n26+(1,2) 25x(3,4) 25x(3,4) 25x(4,3)")
    assert told(chains) == [
        "Generation 2: the right answer lost the vote. Votes for it: 1 (2 in generation 1); for 25: 3 (1 in generation "
        "1). No child that had a right parent lost it."
    ]
    few = chains_from("26+ 26+ 25x 24x\n25x(1,3) 25x(3,4) 25x(3,4) 25x(4,3)")
    assert [turn.enough for turn in turning_points(few) if turn.kind is LOST] == [None]
    still = chains_from("26+ 26+ 25x 24x 23x\n26+(1,2) 25x(1,4) 25x(3,4) 25x(4,3) 25x(3,5)")
    assert "Even with all of them kept the vote would not be right." in told(still)[0]


def test_a_line_that_ends_while_another_begins_is_told_as_both() -> None:
    chains = chains_from("25x 26+ 25x\n25x(1,2) 25x(2,3) 26+(1,3)")
    assert kinds(chains) == [(RENEWED, 2)]
    assert told(chains) == [
        "Generation 2: the right answer was lost and found anew. Its last chain, chain 1.2, stood in the prompts of 2 "
        "children, and none kept it. Chain 2.1 had 1 right parent of 2 and wrote 25. Chain 2.2 had 1 right parent of 2 "
        "and wrote 25. Chain 2.3 is right, although none of its 2 parents is: chain 1.1 and chain 1.3."
    ]
    assert "goes back" not in " ".join(fate_in_words(fate(chains))), "it is its own founder"


def test_an_answer_that_nobody_drew_died_in_nobodys_prompt() -> None:
    (line,) = told(chains_from("25x 26+ 25x\n25x(1,3) 25x(3,1)"))
    assert line.endswith("Its last chain, chain 1.2, stood in nobody's prompt.")


def test_what_was_not_there_at_first_is_found_once_and_comes_back_later() -> None:
    chains = chains_from("25x 7x\n26+(1) 26+(2)\n25x(1) 7x(2)\n26+(1) 7x(2)")
    assert kinds(chains) == [(FOUND, 2), (WON, 2), (DIED, 3), (LOST, 3), (RETURNED, 4), (WON, 4)]
    assert told(chains)[0] == (
        "Generation 2: the right answer was found. Chain 2.1 is right, although its only parent, chain 1.1, is not. "
        "Chain 2.2 is right, although its only parent, chain 1.2, is not. It won the vote at once."
    )


def test_a_tie_won_is_said_to_be_one() -> None:
    chains = chains_from("26+ 27x 27x\n26+(1) 26+(2) 27x(3) 27x(3)")
    assert kinds(chains) == [(WON, 2)]
    assert "It is a tie, which a fixed order decides for it." in told(chains)[0]
    assert "It is a tie with 27, 2 to 2, which a fixed order decides for it." in fate_in_words(fate(chains))[0]


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("26+ 25x", []),  # one generation turns nothing
        ("26? 25?\n26?(1) 25?(2)", []),  # nobody can say
        ("26+ 25x\n25x(1) 7?(2)", []),  # the unknown one might be right
        ("26+ 25x\n25x(1) .(2)", []),  # the missing one may still be
        ("26+ 26+\n! !(2)", [(DIED, 2), (LOST, 2)]),  # a failed slot holds nothing
        ("26+ 26+\n!(1) !(2)\n26+(1) 25x(2)", [(DIED, 2), (LOST, 2), (RETURNED, 3)]),
        ("26+ 25x\n25x(1) 7?(2)\n26+(1) 25x(2)", []),  # not known to have been gone
        ("26+ 25x\n25x(1) 7?(2)\n25x(1) 25x(2)", [(DIED, 3)]),  # gone at the latest in generation 3
        ("26+ 26+\n26+(1) .(2)\n25x(1) 25x(2)", [(DIED, 3), (LOST, 3)]),  # a vote counts when all have voted
        ("-x -x\n26+(1) 26+(2)", [(FOUND, 2), (WON, 2)]),  # without an answer nobody was right
    ],
)
def test_nothing_is_claimed_of_what_nobody_knows(drawing: str, expected: list[tuple[TurnKind, int]]) -> None:
    assert kinds(chains_from(drawing)) == expected


def test_children_without_a_verdict_are_not_said_to_have_lost_it() -> None:
    assert kinds(chains_from("26+ 26+ 25x\n7?(1) 26+(3) 26+(3)")) == [], "the first may have kept it"
    (line,) = told(chains_from("26+ 25x\n26?(1) 25x(1)\n25x(1) 25x(2)"))
    assert "stood in the prompts of 2 children, and none is known to have kept it." in line
    (line,) = told(chains_from("26+ 25x\n26?(1) 25x(2)\n25x(1) 25x(2)"))
    assert "stood in the prompt of 1 child, which is not known to have kept it." in line


def test_a_return_after_failures_is_said_to_be_sampled_afresh() -> None:
    assert told(chains_from("26+ 26+\n!(1) !(2)\n26+(1) 25x(2)"))[1] == (
        "Generation 3: the right answer came back. Chain 3.1 is right, sampled afresh."
    )


def test_without_chains_nothing_turns() -> None:
    assert turning_points([]) == () == standings([])


def planted(chains: Sequence[Chain], *names: str) -> list[Chain]:
    """These chains are a person's, who was prompted with nothing."""
    return [
        replace(chain, origin=ChainOrigin.PLANTED, parents=(), available=()) if str(chain.slot) in names else chain
        for chain in chains
    ]


def test_what_a_person_planted_holds_the_answer_and_does_not_vote() -> None:
    chains = planted(chains_from("25x 25x 7x\n26+(1) 25x(2) 25x(3)\n25x(1,2) 25x(2,3) 26+(1,3)"), "2.1")
    assert kinds(chains) == [(FOUND, 2)]
    assert told(chains) == ["Generation 2: the right answer was found. Chain 2.1 is right; a person planted it."]
    assert [(one.right, one.judged, one.held) for one in standings(chains)] == [
        (0, 3, False),
        (0, 2, True),
        (1, 3, True),
    ]
    only = planted(chains_from("25x 25x\n26+(1) 25x(2)\n25x(1,2) 25x(2,1)"), "2.1")
    assert kinds(only) == [(FOUND, 2), (DIED, 3)]
    assert "A person planted chain 2.1." in fate_in_words(fate(only))[0]
    assert "In generation 2 it is held by 0 of 1 chain (chain 2.1)." in fate_in_words(fate(only[:4]))[0]


def test_a_fork_says_what_it_took_over() -> None:
    chains = [
        replace(chain, origin=ChainOrigin.COPIED) if chain.slot.t < 3 else chain
        for chain in chains_from(FALLS_AND_RETURNS)
    ]
    assert kinds(chains) == kinds(chains_from(FALLS_AND_RETURNS))
    assert "Generation 1 to generation 2 were taken over from another run." in fate_in_words(fate(chains))[0]
    one = [
        replace(chain, origin=ChainOrigin.COPIED) if chain.slot.t < 2 else chain
        for chain in chains_from(FALLS_AND_RETURNS)
    ]
    assert "Generation 1 was taken over from another run." in fate_in_words(fate(one))[0]


def test_a_ruling_that_no_vote_knows_leaves_the_vote_unknown() -> None:
    """Judges that contradict each other on one answer: the class is unknown, its chains are not."""
    chains = changed(chains_from("26+ 26+\n26+(1) 26+(2)\n25x(1) 25x(2)"), "2.2", verdict=Verdict.WRONG)
    assert [one.vote for one in standings(chains)] == [None, None, False]
    assert kinds(chains) == [(DIED, 3)]


# The slow twin, straight from the definitions.


def slow_holds(row: Sequence[Chain]) -> bool | None:
    if any(chain.verdict is Verdict.RIGHT for chain in row):
        return True
    unsure = [chain for chain in row if chain.status is ChainStatus.PLANNED]
    unsure += [chain for chain in row if chain.status is ChainStatus.DONE and chain.verdict is Verdict.UNKNOWN]
    return None if unsure else False


def slow_classes(chains: Sequence[Chain]) -> dict[str, Verdict]:
    found: dict[str, set[Verdict]] = {}
    for chain in chains:
        if chain.status is ChainStatus.DONE and chain.answer_key is not None:
            found.setdefault(chain.answer_key, set()).add(chain.verdict)
    known = {key: seen - {Verdict.UNKNOWN} for key, seen in found.items()}
    return {key: next(iter(seen)) if len(seen) == 1 else Verdict.UNKNOWN for key, seen in known.items()}


def slow_votes(row: Sequence[Chain]) -> Counter[str]:
    return Counter(chain.answer_key for chain in row if chain.status is ChainStatus.DONE and chain.answer_key)


def slow_vote(row: Sequence[Chain], classes: dict[str, Verdict]) -> bool | None:
    if any(chain.status is ChainStatus.PLANNED for chain in row):
        return None
    votes = slow_votes(row)
    verdict = classes[min(votes, key=lambda key: (-votes[key], key))] if votes else Verdict.UNKNOWN
    if verdict is Verdict.UNKNOWN:
        return False if not votes and slow_holds(row) is False else None
    return verdict is Verdict.RIGHT


def slow_enough(row: Sequence[Chain], losers: Sequence[Chain], classes: dict[str, Verdict]) -> int | None:
    """Every subset of the losers, the smallest first."""
    for size in range(1, len(losers) + 1):
        for some in combinations(losers, size):
            votes = slow_votes([chain for chain in row if chain not in some])
            right = max((votes[key] for key in votes if classes[key] is Verdict.RIGHT), default=0) + size
            if all(votes[key] < right for key in votes if classes[key] is not Verdict.RIGHT):
                return size
    return None


def slow_turns(chains: Sequence[Chain]) -> set[tuple[TurnKind, int, int]]:
    """(kind, generation before, generation), by comparing all pairs with nothing known between them."""
    last = max(chain.slot.t for chain in chains)
    rows = {t: [chain for chain in chains if chain.slot.t == t] for t in range(1, last + 1)}
    known = {chain.slot: chain for chain in chains}
    classes = slow_classes(chains)
    holds = {t: slow_holds(row) for t, row in rows.items()}
    votes = {t: slow_vote(row, classes) for t, row in rows.items()}
    found = set()
    for s in rows:
        for t in range(s + 1, last + 1):
            if None not in (holds[s], holds[t]) and all(holds[u] is None for u in range(s + 1, t)):
                right = [chain for chain in rows[t] if chain.verdict is Verdict.RIGHT]
                new = [all(known[parent].verdict is Verdict.WRONG for parent in chain.available) for chain in right]
                others = [chain for chain in rows[t] if chain.verdict is not Verdict.RIGHT]
                if holds[s] and not holds[t]:
                    found.add((DIED, s, t))
                elif holds[t] and not holds[s]:
                    found.add((RETURNED if any(holds[u] for u in range(1, s)) else FOUND, s, t))
                elif holds[t] and s == t - 1 and all(new) and slow_holds(others) is False:
                    found.add((RENEWED, s, t))
            if (
                None not in (votes[s], votes[t])
                and all(votes[u] is None for u in range(s + 1, t))
                and votes[s] != votes[t]
            ):
                found.add((WON if votes[t] else LOST, s, t))
    return found


def slow_children(chains: Sequence[Chain], turn: Turn) -> set[Slot]:
    return {
        chain.slot
        for chain in chains
        if chain.ended and chain.slot.t <= turn.t and any(parent in turn.carriers for parent in chain.available)
    }


def test_turning_points_are_those_of_the_definition() -> None:
    rng = random.Random(5)
    seen: Counter[TurnKind] = Counter()
    for number in range(400):
        chains = random_story(rng, n=rng.randint(2, 6), t=rng.randint(1, 6), k=2)
        if number % 2:  # fully judged and whole, where more turns
            fixed = {Verdict.RIGHT: ("1", Verdict.RIGHT)}
            chains = [
                replace(chain, verdict=fixed.get(chain.verdict, ("", Verdict.WRONG))[1])
                if chain.status is ChainStatus.DONE
                else replace(chain, status=ChainStatus.FAILED, available=chain.parents[:0])
                for chain in chains
            ]
        found = turning_points(chains)
        assert {(turn.kind, turn.before.t, turn.t) for turn in found} == slow_turns(chains)
        assert [turn.t for turn in found] == sorted(turn.t for turn in found)
        classes, verdicts = slow_classes(chains), {chain.slot: chain.verdict for chain in chains}
        for turn in found:
            seen[turn.kind] += 1
            row = [chain for chain in chains if chain.slot.t == turn.t]
            if turn.kind in (DIED, RENEWED):
                assert {one.slot for one in turn.losers} == slow_children(chains, turn)
            if turn.kind is LOST:
                lost = [
                    chain
                    for chain in row
                    if any(verdicts[parent] is Verdict.RIGHT for parent in chain.available)
                    and (chain.verdict is Verdict.WRONG or chain.status is ChainStatus.FAILED)
                ]
                assert {one.slot for one in turn.losers} == {chain.slot for chain in lost}
                assert turn.enough == slow_enough(row, lost, classes)
            if turn.kind in (FOUND, RETURNED, RENEWED):
                assert {one.slot for one in turn.winners} == {
                    chain.slot for chain in row if chain.verdict is Verdict.RIGHT
                }
    assert all(seen[kind] >= 10 for kind in TurnKind), seen
