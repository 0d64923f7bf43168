"""Who carries a fragment, how it spreads, and what blind copying would have made of it."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from rsa_viz.analysis.fragments import (
    ROW,
    Kinds,
    Spread,
    fragment_row,
    kinds_by_generation,
    neutral_spread,
    spread,
    stated,
)
from rsa_viz.core.chain import Chain, ChainStatus, Judgement, Slot, Step, Verdict, VerdictSource
from tests.analysis.drawn import chains_from, random_story, slots

_VERDICTS = {"+": Verdict.RIGHT, "x": Verdict.WRONG, "?": Verdict.UNKNOWN}

# 1.1 and 1.2 state a, only 1.3 states b; a takes over, b dies in generation 3.
FAMILY = """
    1+      1+      2x      !
    1+(1,2) 1+(2,3) 2x(3,4) 1+(1,4)
    1+(1,2) 1+(3,4) 1?(1,3) 1+(2,3)
"""
STATED = {
    "1.1": "a+ c?", "1.2": "c? a+ a+", "1.3": "bx",
    "2.1": "a+", "2.2": "a+ bx", "2.3": "b+", "2.4": "d?",
    "3.1": "a+", "3.2": "a?", "3.3": "a+", "3.4": "a+",
}  # fmt: skip


def said(stated: Mapping[str, str]) -> dict[Slot, tuple[Step, ...]]:
    """Steps by slot: ``a+`` states the fragment a and is right, ``ax`` wrong, ``a?`` unknown, ``-`` states nothing."""
    steps = {}
    for name, words in stated.items():
        found = []
        for place, word in enumerate(words.split()):
            verdict = _VERDICTS.get(word[-1], Verdict.UNKNOWN)
            source = VerdictSource.NONE if verdict is Verdict.UNKNOWN else VerdictSource.EXACT
            found.append(
                Step(place, place + 1, Judgement(verdict, source, None, ""), word[:-1] if word != "-" else None)
            )
        steps[Slot.parse(name)] = tuple(found)
    return steps


def test_a_fragment_is_counted_once_a_chain_and_shared_among_the_done() -> None:
    found = spread(chains_from(FAMILY), said(STATED))
    assert [one.key for one in found.fragments] == ["a", "c", "b", "d"]  # in order of first appearance
    assert found.done == (3, 4, 4)  # 1.4 failed
    a = found.find("a")
    assert a is not None
    assert a.carriers == slots("1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "3.3", "3.4")
    assert a.counts == (2, 2, 4)
    assert a.shares == (2 / 3, 2 / 4, 4 / 4)
    assert (a.first, a.peak, a.peak_t, a.final) == (Slot(1, 1), 1.0, 3, 1.0)
    assert (a.right, a.judged) == (7, 7)  # 3.3 has no verdict
    assert (a.fixed_at, a.lost_at) == (3, None)
    assert (a.verdict, a.source) == (Verdict.RIGHT, VerdictSource.EXACT)  # one of its steps is unknown: no matter


def test_a_fragment_that_dies_and_one_whose_steps_contradict_each_other() -> None:
    found = spread(chains_from(FAMILY), said(STATED))
    b, c, d = (found.find(key) for key in "bcd")
    assert b is not None
    assert c is not None
    assert d is not None
    assert (b.shares, b.peak, b.peak_t, b.final, b.lost_at) == ((1 / 3, 2 / 4, 0.0), 0.5, 2, 0.0, 3)
    assert (b.right, b.judged) == (1, 3)
    assert b.verdict is Verdict.UNKNOWN  # 1.3 wrong, 2.3 right
    assert (c.lost_at, c.verdict, c.source) == (2, Verdict.UNKNOWN, VerdictSource.NONE)
    assert (d.first, d.lost_at) == (Slot(2, 4), 3)
    assert found.find("e") is None


def test_nothing_is_lost_in_a_generation_that_has_not_ended() -> None:
    chains = chains_from("1+ 2x\n1+(1,2) .(1,2)")
    found = spread(chains, said({"1.1": "a+", "1.2": "b?", "2.1": "-"}))
    assert [(one.key, one.lost_at, one.fixed_at, one.final) for one in found.fragments] == [
        ("a", None, None, 0.0),
        ("b", None, None, 0.0),
    ]


def test_a_generation_of_which_nothing_is_done_has_no_share() -> None:
    chains = chains_from("1+ 2x\n!(1,2) !(1,2)\n.(1,2) .(1,2)")
    (a,) = spread(chains, said({"1.1": "a+", "1.2": "a+"})).fragments
    assert a.shares == (1.0, None, None)
    assert (a.final, a.fixed_at, a.lost_at) == (1.0, 1, None)


@pytest.mark.parametrize("chains", [[], chains_from(".  .\n.(1,2) .(1,2)"), chains_from("!")])
def test_without_done_chains_there_is_no_fragment(chains: list[Chain]) -> None:
    found = spread(chains, {})
    assert found.fragments == ()
    assert {one.total for one in kinds_by_generation(found)} <= {0}
    assert {one.share(Verdict.RIGHT) for one in kinds_by_generation(found)} <= {None}
    assert spread([], {}) == Spread((), ())


def test_the_right_and_the_wrong_share_of_all_that_is_carried() -> None:
    kinds = kinds_by_generation(spread(chains_from(FAMILY), said({**STATED, "2.3": "bx"})))
    # generation 1 carries a a c c b, generation 2 a a b b d, generation 3 a a a a
    # 8 of 10 judged chains are right; the unknown ones, c in 1.1 and 1.2 and d in 2.4, stand in right ones alone
    assert kinds == (Kinds(1, 2, 1, 2, 2, 0), Kinds(2, 2, 2, 1, 1, 0), Kinds(3, 4, 0, 0, 0, 0))
    assert kinds[0].share(Verdict.RIGHT) == 2 / 5
    assert kinds[0].share(Verdict.UNKNOWN) == 2 / 5
    assert kinds[2].share(Verdict.WRONG) == 0.0


def test_neutral_copying_begins_where_the_fragment_does() -> None:
    chains = chains_from("1+ 2x\n1+(1,2) 2x(1,2)\n1+(1,2) 1+(1,2)")
    found = spread(chains, said({"1.1": "-", "2.1": "a+", "3.1": "a+", "3.2": "a+"}))
    band = neutral_spread(chains, found.fragments[0], repeats=4000)
    assert (band[0].expected, band[1].expected) == (0.0, 0.5)  # as recorded
    assert band[2].expected == pytest.approx(0.5, abs=0.02)  # each child copies 2.1 or 2.2
    assert (band[2].low, band[2].high) == (0.0, 1.0)
    assert found.fragments[0].shares[2] == 1.0


def test_neutral_copying_on_one_line_of_descent_changes_nothing() -> None:
    chains = chains_from("1+ 2x 3x\n1+(1) 2x(2) !(3)\n1+(1) 2x(2) 3x(2)")
    found = spread(chains, said({"1.1": "a+"}))
    band = neutral_spread(chains, found.fragments[0], repeats=50)
    for one, share in zip(band, (1 / 3, 1 / 2, 1 / 3), strict=True):
        assert (one.low, one.high) == (share, share)
        assert one.expected == pytest.approx(share)


def test_rows_are_plain_json_values() -> None:
    row = fragment_row(spread(chains_from(FAMILY), said(STATED)).fragments[0])
    assert tuple(row) == ROW
    assert row["first"] == "1.1"
    assert row["verdict"] == "right"
    assert row["shares"] == [2 / 3, 2 / 4, 1.0]


def test_what_a_chain_states_is_told_once_in_its_order() -> None:
    assert stated(said({"1.1": "b+ a+ - bx"})[Slot(1, 1)]) == ("b", "a")


# the definitions, word for word


def _slow(chains: list[Chain], steps: Mapping[Slot, tuple[Step, ...]]) -> dict[str, tuple[object, ...]]:
    done = [chain for chain in chains if chain.status is ChainStatus.DONE]
    generations = sorted({chain.slot.t for chain in chains})
    table = {}
    for key in {step.fragment for chain in done for step in steps.get(chain.slot, ()) if step.fragment}:
        carriers = [one for one in done if any(step.fragment == key for step in steps.get(one.slot, ()))]
        shares = []
        for t in generations:
            there = [chain for chain in done if chain.slot.t == t]
            shares.append(sum(one in carriers for one in there) / len(there) if there else None)
        known = [share for share in shares if share is not None]
        verdicts = {
            step.judgement.verdict
            for one in carriers
            for step in steps[one.slot]
            if step.fragment == key and step.judgement.verdict is not Verdict.UNKNOWN
        }
        judged = [one for one in carriers if one.verdict is not Verdict.UNKNOWN]
        fixed = [
            t for t in generations if shares[t - 1] is not None and all(share in (1, None) for share in shares[t - 1 :])
        ]
        after = max(one.slot.t for one in carriers) + 1
        row = [chain for chain in chains if chain.slot.t == after]
        lost = bool(row) and all(chain.ended for chain in row) and any(chain in done for chain in row)
        table[key] = (
            [one.slot for one in carriers], shares, max(known), shares.index(max(known)) + 1, known[-1],
            verdicts.pop() if len(verdicts) == 1 else Verdict.UNKNOWN,
            sum(one.verdict is Verdict.RIGHT for one in judged), len(judged),
            fixed[0] if fixed else None, after if lost else None,
        )  # fmt: skip
    return table


def test_random_stories_agree_with_the_definitions() -> None:
    rng = random.Random(7)
    seen = 0
    for _ in range(120):
        chains = random_story(rng)
        words = ["a+", "ax", "b?", "c+", "dx", "-"]
        steps = said({str(one.slot): " ".join(rng.choices(words, k=rng.randint(0, 4))) for one in chains})
        slow = _slow(chains, steps)
        fast = {
            one.key: (
                list(one.carriers), list(one.shares), one.peak, one.peak_t, one.final, one.verdict, one.right,
                one.judged, one.fixed_at, one.lost_at,
            )
            for one in spread(chains, steps).fragments
        }  # fmt: skip
        assert fast == slow
        seen += sum(row[-1] is not None for row in slow.values())
    assert seen > 20


@pytest.mark.parametrize(
    ("chains", "carriers", "stands"),
    [
        ("1+ 1+ 2x 2x", 3, Verdict.RIGHT),  # 2 of 3 against 2 of 4
        ("1+ 2x 2x 1+", 3, Verdict.WRONG),  # 1 of 3 against 2 of 4
        ("1+ 2x 1+ 2x", 2, Verdict.UNKNOWN),  # 1 of 2, as all
        ("1+ 1+ 1+", 2, Verdict.UNKNOWN),  # all are right, with it and without
        ("1? 1? 1+ 2x", 2, Verdict.UNKNOWN),  # none of its carriers is judged
        ("1+ 1? 2x 2x", 3, Verdict.RIGHT),  # 1 of 2 that are judged against 1 of 3
    ],
)
def test_a_fragment_stands_with_right_answers_when_its_carriers_are_right_more_often_than_all_chains(
    chains: str, carriers: int, stands: Verdict
) -> None:
    drawn = chains_from(chains)
    found = spread(drawn, said({str(chain.slot): "a?" for chain in drawn[:carriers]}))
    (a,) = found.fragments
    assert found.stands_with(a) is stands
