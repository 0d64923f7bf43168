"""Copy or synthesis: the kinds of children, the parents used, the donors by generation."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from rsa_viz.analysis.inheritance import Inheritance, inherited_by
from rsa_viz.analysis.intervals import Quartiles
from rsa_viz.analysis.synthesis import Kind, Taken, TakenIn, copy_or_synthesis, taken_by_generation
from rsa_viz.core.chain import Chain, Slot, Verdict
from tests.analysis.drawn import chains_from, random_story

FAMILY = """
    7+        7x        8x
    7+(1,2,3) 7x(1,2,3) 9x(1,2,3) 7+(3,2,1) -x(1,2,3)
"""
PARENTS = {"1.1": "a b c d e", "1.2": "a b f g h", "1.3": "p q"}


def _keys(lines: Mapping[str, str]) -> dict[Slot, list[str]]:
    """Steps by chain, a letter a step."""
    return {Slot.parse(name): [f"text {step}" for step in line.split()] for name, line in lines.items()}


def _taken(drawing: str, lines: Mapping[str, str]) -> dict[str, Taken]:
    chains = chains_from(drawing)
    return {str(one.slot): one for one in copy_or_synthesis(chains, inherited_by(chains, _keys(lines)))}


def test_the_four_kinds_are_told_apart_by_hand() -> None:
    found = _taken(
        FAMILY,
        {
            **PARENTS,
            "2.1": "a b c d X",  # 4 of 5 in 1.1, nothing more elsewhere
            "2.2": "c d e f g",  # 3 of 5 in 1.1, 2 more in 1.2
            "2.3": "a X Y Z U V",  # a sixth, and 9 is the answer of no parent
            "2.4": "X Y p Z U",  # a fifth of 1.3, and 7 is the answer of 1.1 and 1.2
            "2.5": "X Y Z",  # nothing, and no answer
        },
    )
    assert [(one.kind, one.used, str(one.donor), one.answer_taken) for one in found.values()] == [
        (Kind.CLONE, 1, "1.1", True),
        (Kind.SYNTHESIS, 2, "1.1", True),
        (Kind.DRIFT, 0, "1.1", False),
        (Kind.REWRITE, 1, "1.3", True),
        (Kind.DRIFT, 0, "None", False),
    ]
    assert [one.largest for one in found.values()] == [4 / 5, 3 / 5, 1 / 6, 1 / 5, 0]
    assert [one.new for one in found.values()] == pytest.approx([1 / 5, 0, 5 / 6, 4 / 5, 1])
    assert found["2.1"].verdict is Verdict.RIGHT
    assert found["2.3"].effective_donors == pytest.approx(2.0)  # "a" stands in two parents


def test_a_copy_of_one_of_two_equal_parents_is_a_clone_with_two_donors_in_effect() -> None:
    found = _taken("1+ 1+\n1+(2,1)", {"1.1": "a b", "1.2": "a b", "2.1": "a b"})["2.1"]
    assert (found.kind, found.largest, found.used, str(found.donor)) == (Kind.CLONE, 1.0, 1, "1.2")
    assert found.effective_donors == pytest.approx(2.0)


def test_a_parent_that_adds_a_fifth_is_used_and_one_that_adds_less_is_not() -> None:
    lines = {"1.1": "a b c d", "1.2": "e"}
    assert _taken("1+ 2x\n1+(1,2)", {**lines, "2.1": "a b c d e"})["2.1"].kind is Kind.SYNTHESIS
    assert _taken("1+ 2x\n1+(1,2)", {**lines, "2.1": "a b c d d e"})["2.1"].kind is Kind.CLONE


def test_chains_without_parents_or_steps_are_no_children() -> None:
    assert copy_or_synthesis([], {}) == ()
    assert _taken("1+ 2x\n1+(1,2) !(1,2) .(1,2)", {"1.1": "a", "1.2": "b"}) == {}
    assert taken_by_generation(()) == ()


def test_a_parent_that_stood_in_no_prompt_gives_no_answer() -> None:
    found = _taken("1+ !\n2x(1,2)", {"1.1": "a", "2.1": "X"})["2.1"]
    assert (found.kind, found.answer_taken) == (Kind.DRIFT, False)


def test_by_generation_kinds_are_counted_and_donors_have_quartiles() -> None:
    chains = chains_from("""
        1+      2x
        1+(1,2) 1+(1,2) 3x(2,1)
        1+(2,1)
    """)
    keys = _keys({"1.1": "a b", "1.2": "c d", "2.1": "a b", "2.2": "a c", "2.3": "X", "3.1": "a"})
    # donors in effect of generation 2: 1 (all of 1.1), 2 (half and half), 0 (nothing inherited)
    assert taken_by_generation(copy_or_synthesis(chains, inherited_by(chains, keys))) == (
        TakenIn(
            2,
            {Kind.CLONE: 1, Kind.SYNTHESIS: 1, Kind.REWRITE: 0, Kind.DRIFT: 1},
            3,
            Quartiles(pytest.approx(0.5), pytest.approx(1.0), pytest.approx(1.5)),
            pytest.approx(1.0),
        ),
        TakenIn(
            3,
            {Kind.CLONE: 1, Kind.SYNTHESIS: 0, Kind.REWRITE: 0, Kind.DRIFT: 0},
            1,
            Quartiles(pytest.approx(2.0), pytest.approx(2.0), pytest.approx(2.0)),
            1.0,
        ),
    )


def slow_kind(child: Chain, chains: Sequence[Chain], found: Inheritance) -> tuple[Kind, int, float]:
    """From the definition, parent by parent, with the steps that are left as a list of places."""
    left = list(range(found.steps))
    shares = []
    while True:
        stand = [[place for place in left if parent in found.carriers[place]] for parent in child.available]
        most = max(stand, key=len)
        if not most:
            break
        shares.append(len(most) / found.steps)
        left = [place for place in left if place not in most]
    used = len([share for share in shares if share >= 0.2 - 1e-12])
    largest = shares[0] if shares else 0.0
    answers = [chain.answer_key for chain in chains if chain.slot in child.available and chain.answer_key is not None]
    if used >= 2:
        return Kind.SYNTHESIS, used, largest
    if largest >= 0.8 - 1e-12:
        return Kind.CLONE, used, largest
    return (Kind.REWRITE if child.answer_key in answers else Kind.DRIFT), used, largest


def test_kinds_agree_with_the_definition() -> None:
    rng = random.Random(61)
    seen = set()
    for _ in range(60):
        chains = random_story(rng)
        keys = {
            chain.slot: rng.choices([f"text {step}" for step in "abcdefgh"], k=rng.randrange(7)) for chain in chains
        }
        inherited = inherited_by(chains, keys)
        known = {chain.slot: chain for chain in chains}
        found = copy_or_synthesis(chains, inherited)
        assert [one.slot for one in found] == sorted(slot for slot, one in inherited.items() if one.steps)
        for one in found:
            kind, used, largest = slow_kind(known[one.slot], chains, inherited[one.slot])
            assert (one.kind, one.used, one.largest) == (kind, used, pytest.approx(largest))
            seen.add(one.kind)
    assert seen == set(Kind)
