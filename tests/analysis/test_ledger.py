"""The event ledger: exactly what was planted, in slot order, and nothing where a verdict is missing."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from rsa_viz.analysis.ledger import OF_GENERATIONS, EventKind, ledger
from rsa_viz.core.chain import Chain, ChainStatus, Slot, Verdict
from tests.analysis.drawn import chains_from, changed, random_story, slots

PLANTED = """
    26+       25x       26+       7x
    26+(1,2)  25x(2,3)  25x(1,3)  -x(2,4)
    25x(1,2)  25x~(2,3) !(2,1)    26+(2,3)
    25x(1,2)  25x(2,1)  25x(3)    25x(1)
"""


def told(drawing: str) -> list[tuple[str, str]]:
    """Kind and place of every event."""
    return [(one.kind.value, str(one.slot or one.t)) for one in ledger(chains_from(drawing))]


def test_the_ledger_names_exactly_what_was_planted_in_slot_order() -> None:
    assert told(PLANTED) == [
        ("gain", "2.1"),
        ("loss", "2.2"),
        ("corruption", "2.3"),
        ("new answer", "2.3"),
        ("unreadable answer", "2.4"),
        ("extinction", "2"),
        ("loss", "3.1"),
        ("truncation", "3.2"),
        ("failed call", "3.3"),
        ("rescue", "3.4"),
        ("new answer", "3.4"),
        ("last right", "3"),
        ("fresh child", "4.3"),
        ("extinction", "4"),
        ("fixation", "4"),
    ]


def test_an_event_names_the_parents_that_it_is_about() -> None:
    found = {(one.kind, one.slot): one for one in ledger(chains_from(PLANTED))}
    assert found[EventKind.GAIN, Slot(2, 1)].parents == slots("1.1")
    assert found[EventKind.LOSS, Slot(2, 2)].parents == slots("1.3")
    assert found[EventKind.CORRUPTION, Slot(2, 3)].parents == slots("1.1", "1.3")
    assert found[EventKind.RESCUE, Slot(3, 4)].parents == slots("2.2", "2.3")
    assert found[EventKind.FRESH, Slot(4, 3)].parents == slots("3.3")
    assert found[EventKind.TRUNCATION, Slot(3, 2)].parents == ()
    assert found[EventKind.LAST_RIGHT, None].parents == slots("3.4")
    assert found[EventKind.FIXATION, None].parents == slots("4.1", "4.2", "4.3", "4.4")


def test_an_event_says_itself_in_a_sentence() -> None:
    said = {(one.kind, one.t): one.sentence for one in ledger(chains_from(PLANTED))}
    assert said[EventKind.LOSS, 2] == "Chain 2.2 answers 25, wrong, and overlooked chain 1.3, right (1 of 2 parents)."
    assert (
        said[EventKind.CORRUPTION, 2] == "Chain 2.3 answers 25, wrong, although chain 1.1 and chain 1.3 are all right."
    )
    assert said[EventKind.RESCUE, 3] == "Chain 3.4 answers 26, right, and none of chain 2.2 and chain 2.3 is."
    assert said[EventKind.GAIN, 2] == "Chain 2.1 answers 26, right, like 1 of its 2 parents: chain 1.1."
    assert said[EventKind.FAILED, 3] == "Chain 3.3 failed after 1 try: 500: drawn so."
    assert said[EventKind.FRESH, 4] == "Chain 4.3 was sampled afresh: there was no text of chain 3.3."
    assert said[EventKind.LAST_RIGHT, 3] == (
        "Generation 3 holds the last chain known to be right, chain 3.4; no child drew it."
    )
    assert said[EventKind.EXTINCTION, 4] == "Generation 4: nobody answers 26 (right) any more; last did chain 3.4."
    assert said[EventKind.FIXATION, 4] == (
        "Generation 4: from here on all that answer, answer 25 (wrong); here 4 of 4 chains."
    )


def test_the_last_right_generation_says_whose_prompts_it_entered() -> None:
    (last,) = [one for one in ledger(chains_from("26+ 25x\n25x(1,2) 25x(1,2)")) if one.kind is EventKind.LAST_RIGHT]
    assert last.sentence == (
        "Generation 1 holds the last chain known to be right, chain 1.1; "
        "it entered the prompts of chain 2.1 and chain 2.2."
    )


@pytest.mark.parametrize("child", ["25?(1,2)", "26?(1,2)", "!(1,2)", ".(1,2)"])
def test_no_turn_is_claimed_of_a_child_that_nobody_can_judge(child: str) -> None:
    turns = {EventKind.RESCUE, EventKind.GAIN, EventKind.LOSS, EventKind.CORRUPTION}
    assert not [one for one in ledger(chains_from(f"26+ 25x\n{child}")) if one.kind in turns]


def test_nothing_is_over_before_its_generation_is_whole() -> None:
    kinds = [kind for kind, _ in told("26+ 25x 7x\n25x(1,2) 25x(2,3) .(1,3)")]
    assert kinds == ["loss"]
    assert "last right" not in [kind for kind, _ in told("25x 25x\n26+(1,2) 26+(1,2)")]


def test_an_empty_text_is_unreadable_and_a_planned_chain_is_no_event() -> None:
    assert told("_x .") == [("unreadable answer", "1.1")]
    assert told("? .".replace("?", "7?")) == []
    assert ledger([]) == ()


def test_model_text_in_a_sentence_is_short_and_on_one_line() -> None:
    chains = changed(chains_from("1+ 2x\n9x(1,2)"), "2.1", answer="9\n" * 5_000_000)
    sentence = next(one.sentence for one in ledger(chains) if one.kind is EventKind.LOSS)
    assert "\n" not in sentence
    assert len(sentence) < 200


def slow_kinds(chain: Chain, known: dict[Slot, Chain]) -> list[EventKind]:
    """The events of one chain, each from its definition."""
    if not chain.ended:
        return []
    found = []
    parents = [known[slot] for slot in chain.available]
    judged = [parent.verdict for parent in parents] + [chain.verdict]
    if parents and Verdict.UNKNOWN not in judged:
        j, k, right = judged[:-1].count(Verdict.RIGHT), len(parents), chain.verdict is Verdict.RIGHT
        if j == 0 and right:
            found.append(EventKind.RESCUE)
        if 1 <= j < k and right:
            found.append(EventKind.GAIN)
        if 1 <= j < k and not right:
            found.append(EventKind.LOSS)
        if j == k and not right:
            found.append(EventKind.CORRUPTION)
    if parents and chain.answer is not None and chain.answer not in [parent.answer for parent in parents]:
        found.append(EventKind.NEW_ANSWER)
    if chain.finish_reason == "length":
        found.append(EventKind.TRUNCATION)
    if chain.status is ChainStatus.DONE and chain.answer is None:
        found.append(EventKind.UNREADABLE)
    if chain.status is ChainStatus.FAILED:
        found.append(EventKind.FAILED)
    if chain.parents and not parents:
        found.append(EventKind.FRESH)
    return found


def slow_of_generations(chains: list[Chain]) -> Counter[tuple[EventKind, int]]:
    """The events of whole generations, each from its definition."""
    last = max(chain.slot.t for chain in chains)
    rows = {t: [chain for chain in chains if chain.slot.t == t] for t in range(1, last + 1)}
    answers = {t: [chain.answer for chain in row if chain.answer is not None] for t, row in rows.items()}
    ended = {t for t, row in rows.items() if all(chain.ended for chain in row)}
    whole = {t for t in ended if any(chain.status is ChainStatus.DONE for chain in rows[t])}
    found: Counter[tuple[EventKind, int]] = Counter()
    for answer in {answer for row in answers.values() for answer in row}:
        gone = max(t for t, row in answers.items() if answer in row) + 1
        found[EventKind.EXTINCTION, gone] += gone in whole
        agreed = [t for t in answers if answers[t] and {a for u in answers if u >= t for a in answers[u]} == {answer}]
        if agreed:
            found[EventKind.FIXATION, min(agreed)] += min(agreed) in ended
    right = [t for t, row in rows.items() if any(chain.verdict is Verdict.RIGHT for chain in row)]
    if right:
        found[EventKind.LAST_RIGHT, max(right)] += any(t > max(right) for t in ended)
    return +found


def test_the_ledger_of_random_stories_follows_the_definitions() -> None:
    rng = random.Random(404)
    seen: Counter[EventKind] = Counter()
    for _ in range(150):
        chains = random_story(rng, t=rng.choice((1, 2, 4)))
        known = {chain.slot: chain for chain in chains}
        events = ledger(chains)
        seen.update(one.kind for one in events)
        assert [(one.slot, one.kind) for one in events if one.slot] == [
            (chain.slot, kind) for chain in chains for kind in slow_kinds(chain, known)
        ]
        assert Counter((one.kind, one.t) for one in events if one.slot is None) == slow_of_generations(chains)
        assert [one.t for one in events] == sorted(one.t for one in events)
        assert all((one.slot is None) == (one.kind in OF_GENERATIONS) for one in events)
    assert set(seen) >= set(EventKind) - {EventKind.TRUNCATION}, "every kind occurs"
