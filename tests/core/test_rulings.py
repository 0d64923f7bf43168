"""Rulings: how chains read when a person has overruled a verdict or merged two answer classes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from rsa_viz.core.chain import Chain, ChainStatus, PromptKind, Slot, Verdict, VerdictSource
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.ruling import (
    Ruling,
    RulingCount,
    RulingKind,
    apply_rulings,
    check_merge,
    class_verdict,
    merged_keys,
    merges_as_they_read,
    rulings_in_words,
    rulings_of_runs_in_words,
    taking_classes,
)

RIGHT, WRONG, UNKNOWN = Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN


def chain(i: int, key: str | None, verdict: Verdict, status: ChainStatus = ChainStatus.DONE) -> Chain:
    return Chain(
        id=i,
        slot=Slot(1, i),
        kind=PromptKind.SAMPLE,
        status=status,
        text="x",
        answer=key,
        answer_key=key,
        answer_start=None if key is None else 0,
        answer_end=None if key is None else 1,
        verdict=verdict,
        verdict_source=VerdictSource.NONE if verdict is UNKNOWN else VerdictSource.REFERENCE,
        verdict_why="as judged",
        score={RIGHT: 1.0, WRONG: 0.0, UNKNOWN: None}[verdict],
    )


def said(number: int, i: int, verdict: Verdict, why: str = "", undone_at: float | None = None) -> Ruling:
    return Ruling(number, RulingKind.VERDICT, verdict, float(number), why, slot=Slot(1, i), undone_at=undone_at)


def merge(number: int, key: str, into: str, verdict: Verdict, undone_at: float | None = None) -> Ruling:
    return Ruling(number, RulingKind.MERGE, verdict, float(number), answer_key=key, into_key=into, undone_at=undone_at)


# 1.1 a right   1.2 b wrong   1.3 c wrong   1.4 no answer   1.5 failed   1.6 planned
CHAINS = (
    chain(1, "a", RIGHT),
    chain(2, "b", WRONG),
    chain(3, "c", WRONG),
    chain(4, None, UNKNOWN),
    chain(5, None, UNKNOWN, ChainStatus.FAILED),
    chain(6, None, UNKNOWN, ChainStatus.PLANNED),
)


def reads(rulings: Sequence[Ruling]) -> str:
    """``a● b✕`` …: key and verdict of each chain, with a star where it is ruled."""
    marks = {RIGHT: "●", WRONG: "✕", UNKNOWN: "?"}
    found = apply_rulings(CHAINS, rulings)
    return " ".join(f"{one.answer_key or '-'}{marks[one.verdict]}{'*' if one.ruled else ''}" for one in found)


def test_without_rulings_the_chains_are_the_same_objects() -> None:
    for rulings in ((), (said(1, 2, RIGHT, undone_at=9.0), merge(2, "b", "a", RIGHT, undone_at=9.0))):
        assert all(one is other for one, other in zip(apply_rulings(CHAINS, rulings), CHAINS, strict=True))
    assert apply_rulings([], [said(1, 1, WRONG)]) == []


def test_a_persons_verdict_stands_over_the_judges_and_leaves_all_else() -> None:
    found = apply_rulings(CHAINS, [said(1, 2, RIGHT, "it says 1/2 in words")])
    assert found[1] == replace(
        CHAINS[1],
        verdict=RIGHT,
        verdict_source=VerdictSource.PERSON,
        verdict_why="it says 1/2 in words",
        score=1.0,
        ruled=True,
        overruled=True,
    )
    assert [one is other for one, other in zip(found, CHAINS, strict=True)] == [True, False, True, True, True, True]


def test_a_person_may_say_that_nobody_can_say() -> None:
    (found,) = apply_rulings(CHAINS[:1], [said(1, 1, UNKNOWN)])
    assert (found.verdict, found.score, found.verdict_source) == (UNKNOWN, None, VerdictSource.PERSON)
    assert found.verdict_why == "without a reason given"


@pytest.mark.parametrize(
    ("rulings", "expected"),
    [
        ((said(1, 2, RIGHT),), "a● b●* c✕ -? -? -?"),
        ((said(1, 2, RIGHT), said(2, 2, UNKNOWN)), "a● b?* c✕ -? -? -?"),
        ((said(1, 2, RIGHT), said(2, 2, UNKNOWN, undone_at=3.0)), "a● b●* c✕ -? -? -?"),
        ((said(1, 4, RIGHT),), "a● b✕ c✕ -●* -? -?"),  # the person read an answer that the judge could not read
        ((said(1, 5, RIGHT), said(2, 6, WRONG)), "a● b✕ c✕ -? -? -?"),  # nothing there to be judged
        ((merge(1, "b", "a", RIGHT),), "a● a●* c✕ -? -? -?"),
        ((merge(1, "a", "b", WRONG),), "b✕* b✕ c✕ -? -? -?"),
        ((merge(1, "b", "c", WRONG), merge(2, "c", "a", RIGHT)), "a● a●* a●* -? -? -?"),
        ((merge(1, "b", "c", WRONG), merge(2, "c", "a", RIGHT, undone_at=3.0)), "a● c✕* c✕ -? -? -?"),
        ((merge(1, "b", "c", WRONG, undone_at=3.0), merge(2, "c", "a", RIGHT)), "a● b✕ a●* -? -? -?"),
        ((said(1, 2, UNKNOWN), merge(2, "b", "a", RIGHT)), "a● a?* c✕ -? -? -?"),  # who looked at it knows more
        ((merge(1, "b", "a", RIGHT), said(2, 2, UNKNOWN)), "a● a?* c✕ -? -? -?"),
        ((merge(1, "z", "a", RIGHT),), "a● b✕ c✕ -? -? -?"),
    ],
)
def test_the_last_active_ruling_counts_and_merges_are_followed(rulings: tuple[Ruling, ...], expected: str) -> None:
    assert reads(rulings) == expected


def test_one_chain_overruled_does_not_spoil_its_class() -> None:
    judged = [chain(i, "66", RIGHT) for i in range(1, 18)]
    found = apply_rulings(judged, [said(1, 7, WRONG)])
    assert [one.slot.i for one in found if one.verdict is not RIGHT] == [7]
    assert [one.slot.i for one in found if one.overruled] == [7]
    assert class_verdict(found) is RIGHT


@pytest.mark.parametrize(
    ("judged", "rulings", "expected"),
    [
        ("", (), UNKNOWN),
        ("●●✕", (), UNKNOWN),  # judges contradict each other
        ("●●?", (), RIGHT),
        ("●●✕", (said(1, 3, RIGHT),), RIGHT),
        ("●●✕", (said(1, 1, RIGHT),), UNKNOWN),  # who agrees with the judge overrules nobody
        ("●●●", (said(1, 1, UNKNOWN), said(2, 2, UNKNOWN)), RIGHT),
        ("●●", (said(1, 1, WRONG), said(2, 2, WRONG)), WRONG),  # all of it overruled: the person's word counts
        ("●●", (said(1, 1, WRONG), said(2, 2, UNKNOWN)), WRONG),
        ("??", (said(1, 1, RIGHT),), RIGHT),  # nobody else knows
        ("??", (said(1, 1, RIGHT), said(2, 2, WRONG)), UNKNOWN),
        ("?✕", (said(1, 1, RIGHT),), WRONG),
    ],
)
def test_the_verdict_of_a_class_is_that_of_the_chains_nobody_overruled(
    judged: str, rulings: tuple[Ruling, ...], expected: Verdict
) -> None:
    marks = {"●": RIGHT, "✕": WRONG, "?": UNKNOWN}
    population = [chain(i, "a", marks[mark]) for i, mark in enumerate(judged, start=1)]
    assert class_verdict(apply_rulings(population, rulings)) is expected


def test_a_merged_class_follows_the_class_that_took_it_and_writes_its_answer_so() -> None:
    population = [chain(1, "b", WRONG), replace(chain(2, "a", RIGHT), answer="A"), chain(3, "a", RIGHT)]
    frozen = merge(3, "b", "a", UNKNOWN)  # as it was stored while the class was contradicted
    for rulings in ([frozen], [said(1, 3, WRONG), frozen], [said(1, 3, WRONG, undone_at=9.0), frozen]):
        moved = apply_rulings(population, rulings)[0]
        assert (moved.verdict, moved.score, moved.answer_key, moved.merged_into) == (RIGHT, 1.0, "a", "A")
        assert moved.answer == "b"
    both = [said(1, 2, WRONG), said(2, 3, WRONG), frozen]
    assert apply_rulings(population, both)[0].verdict is WRONG
    assert merges_as_they_read(both, taking_classes(population, both))[2].verdict is WRONG
    assert merges_as_they_read([replace(frozen, undone_at=9.0)], {})[0].verdict is UNKNOWN


def test_where_no_chain_has_the_taking_class_the_stored_verdict_counts() -> None:
    moved = apply_rulings([chain(1, "b", WRONG)], [merge(1, "b", "a", RIGHT)])[0]
    assert (moved.verdict, moved.merged_into) == (RIGHT, "a")


def test_a_part_of_a_run_reads_as_in_the_whole_run() -> None:
    rng = random.Random(11)
    for _ in range(200):
        population = [chain(i, rng.choice("abcd"), rng.choice((RIGHT, WRONG, UNKNOWN))) for i in range(1, 9)]
        rulings = [said(n, rng.randint(1, 8), rng.choice((RIGHT, WRONG, UNKNOWN))) for n in range(3)]
        rulings += [merge(7, "a", "b", UNKNOWN), merge(8, "b", rng.choice("cd"), UNKNOWN)]
        whole = apply_rulings(population, rulings)
        takes = taking_classes(population, rulings)
        assert [apply_rulings([one], rulings, takes)[0] for one in population] == whole
        for one, judged in zip(whole, population, strict=True):  # the definition, slowly
            mine = [ruling.verdict for ruling in rulings if ruling.slot == one.slot]
            target = [other for other in population if other.answer_key == one.answer_key]
            if mine:
                expected = mine[-1]
            elif judged.answer_key == one.answer_key or not target:
                expected = judged.verdict if judged.answer_key == one.answer_key else UNKNOWN
            else:
                now = [
                    ([r.verdict for r in rulings if r.slot == other.slot] or [other.verdict])[-1] for other in target
                ]
                kept = {v for v, other in zip(now, target, strict=True) if v is other.verdict} - {UNKNOWN}
                known = kept or set(now) - {UNKNOWN}
                expected = next(iter(known)) if len(known) == 1 else UNKNOWN
            assert one.verdict is expected


def test_a_merge_says_what_became_of_what_and_why() -> None:
    ruling = replace(merge(1, "b", "a", RIGHT), why="both are one half")
    found = apply_rulings(CHAINS, [ruling])[1]
    assert found.verdict_why == "the answer class b was merged into a: both are one half"
    assert (found.answer, found.answer_start, found.answer_end) == ("b", 0, 1)
    long = apply_rulings([chain(1, "k" * 500, WRONG)], [merge(1, "k" * 500, "a", RIGHT)])[0]
    assert len(long.verdict_why) < 120


def test_a_circle_of_merges_is_refused() -> None:
    circle = [merge(1, "a", "b", RIGHT), merge(2, "b", "c", RIGHT), merge(3, "c", "a", RIGHT)]
    with pytest.raises(InvalidInput, match="circle"):
        apply_rulings(CHAINS, circle)
    with pytest.raises(InvalidInput, match="circle"):
        merged_keys([merge(1, "a", "a", RIGHT)])
    assert merged_keys(circle[:2])["a"].into_key == "c"


def test_a_merge_stores_the_verdict_of_the_class_that_takes() -> None:
    assert check_merge("b", "a", CHAINS, []) is RIGHT
    assert check_merge("a", "b", CHAINS, []) is WRONG
    assert check_merge("b", "a", CHAINS, [said(1, 1, UNKNOWN)]) is UNKNOWN
    contradicting = (*CHAINS, replace(chain(7, "a", WRONG)))
    assert check_merge("b", "a", contradicting, []) is UNKNOWN
    assert check_merge("b", "a", contradicting, [said(1, 7, RIGHT)]) is RIGHT


@pytest.mark.parametrize(
    ("key", "into", "rulings", "why"),
    [
        ("a", "a", [], "into itself"),
        ("a", "z", [], "no chain of this run gives the answer z"),
        ("z", "a", [], "no chain of this run gives the answer z"),
        ("b", "a", [merge(1, "a", "b", WRONG)], "are one already"),
        ("a", "b", [merge(1, "a", "b", WRONG)], "are one already"),
        ("c", "a", [merge(1, "a", "b", WRONG), merge(2, "b", "c", WRONG)], "are one already"),
        ("a", "c", [merge(1, "a", "b", WRONG)], "class a was merged into b; undo that merge first"),
        ("c", "a", [merge(1, "a", "b", WRONG)], "class a was merged into b; undo that merge first"),
    ],
)
def test_a_merge_that_cannot_be_is_refused_with_its_reason(
    key: str, into: str, rulings: list[Ruling], why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        check_merge(key, into, CHAINS, rulings)


def test_merges_that_pass_the_check_never_go_in_a_circle_whatever_is_undone() -> None:
    rng = random.Random(3)
    population = [chain(i, key, WRONG) for i, key in enumerate("abcdefg", start=1)]
    refused = 0
    for _ in range(60):
        rulings: list[Ruling] = []
        for number in range(25):
            key, into = rng.choice("abcdefg"), rng.choice("abcdefg")
            try:
                verdict = check_merge(key, into, population, rulings)
            except InvalidInput:
                refused += 1
            else:
                rulings.append(merge(number, key, into, verdict))
            if rulings and rng.random() < 0.3:
                place = rng.randrange(len(rulings))
                rulings[place] = replace(rulings[place], undone_at=1.0)
            keys = {one.answer_key for one in apply_rulings(population, rulings)}
            active = [one for one in rulings if one.active]
            assert len(keys) == 7 - len(active)  # each active merge makes one class of two
    assert refused > 100


def test_rulings_are_counted_in_words() -> None:
    assert rulings_in_words([]) == ""
    assert rulings_in_words([said(1, 2, RIGHT, undone_at=2.0)]) == ""
    assert rulings_in_words([said(1, 2, RIGHT), said(2, 2, WRONG)]) == "1 verdict set by a person"
    assert (
        rulings_in_words([said(1, 2, RIGHT), said(2, 3, WRONG), merge(3, "b", "a", RIGHT)])
        == "2 verdicts set by a person, 1 merged answer class"
    )
    assert rulings_in_words([merge(1, "b", "a", RIGHT), merge(2, "c", "a", RIGHT)]) == "2 merged answer classes"


def test_rulings_of_many_runs_are_counted_together() -> None:
    assert rulings_of_runs_in_words({}, 8) == ""
    assert rulings_of_runs_in_words({"a": RulingCount()}, 8) == ""
    assert rulings_of_runs_in_words({"a": RulingCount(1, 0)}, 1) == "1 verdict set by a person, in 1 of 1 run"
    counts = {"a": RulingCount(2, 1), "b": RulingCount(0, 1)}
    words = "2 verdicts set by a person, 2 merged answer classes, in 2 of 8 runs"
    assert rulings_of_runs_in_words(counts, 8) == words
