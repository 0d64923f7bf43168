"""Rescues, corruptions, losses, new answers, extinctions."""

from __future__ import annotations

import itertools
import random

import pytest

from rsa_viz.analysis.events import LastRight, Lifetime, Transitions, de_novo, last_right, lifetimes, transitions
from rsa_viz.core.chain import Chain, ChainStatus, Verdict
from tests.analysis.drawn import chains_from, random_story, slots

STORY = """
    26+       25x       25x       -x
    26+(1,2)  26+(2,3)  25x(2,4)  27x(1,3)
    28x(1,2)  26+(1,4)  29+(3,4)  27x(1,3)
"""


def test_each_change_of_a_drawn_story_is_found_where_it_happened() -> None:
    second, third = transitions(chains_from(STORY))
    assert second == Transitions(
        2,
        rescues=slots("2.2"),
        kept=slots("2.1"),
        lost=slots("2.4"),
        corruptions=(),
        stayed_wrong=slots("2.3"),
        unknown=(),
        fresh=(),
    )
    assert third == Transitions(
        3,
        rescues=slots("3.3"),
        kept=slots("3.2"),
        lost=slots("3.4"),
        corruptions=slots("3.1"),
        stayed_wrong=(),
        unknown=(),
        fresh=(),
    )


@pytest.mark.parametrize("cell", ["25x(1,3)", "26?(1,2)", "!(1,2)", "26+(2,3)"])
def test_nothing_is_claimed_where_a_verdict_is_missing(cell: str) -> None:
    (second,) = transitions(chains_from(f"26+ 25x 7?\n{cell}"))
    assert second == Transitions(2, (), (), (), (), (), slots("2.1"), ())


def test_a_failed_parent_is_not_in_the_prompt_and_so_not_counted() -> None:
    (second,) = transitions(chains_from("26+ !\n25x(1,2)"))
    assert second.corruptions == slots("2.1")  # all parents that it saw were right


def test_a_child_without_any_parent_text_is_fresh_and_no_rescue() -> None:
    (second,) = transitions(chains_from("! _x 25x\n26+(1,2) 26+(1,3)"))
    assert second.fresh == slots("2.1")
    assert second.rescues == slots("2.2")


def test_planned_children_have_not_changed_anything() -> None:
    (second,) = transitions(chains_from("26+ 25x\n.(1,2) .(2,1)"))
    assert second == Transitions(2, (), (), (), (), (), (), ())
    assert transitions(chains_from("26+ 25x")) == ()
    assert transitions([]) == ()


def slow_change(child: Chain, parents: list[Chain]) -> str:
    """From the definitions, one after the other."""
    if not parents:
        return "fresh"
    if Verdict.UNKNOWN in [chain.verdict for chain in [child, *parents]]:
        return "unknown"
    right_child = child.verdict is Verdict.RIGHT
    right_parents = [parent.verdict is Verdict.RIGHT for parent in parents]
    if right_child and not any(right_parents):
        return "rescues"
    if right_child and any(right_parents):
        return "kept"
    if not right_child and all(right_parents):
        return "corruptions"
    return "lost" if any(right_parents) else "stayed_wrong"


def test_every_ended_child_has_exactly_the_change_of_its_definition() -> None:
    rng = random.Random(23)
    for _ in range(60):
        chains = random_story(rng)
        known = {chain.slot: chain for chain in chains}
        found = {one.t: one for one in transitions(chains)}
        for chain in chains:
            if chain.slot.t > 1 and chain.ended:
                names = [
                    name
                    for name in ("rescues", "kept", "lost", "corruptions", "stayed_wrong", "unknown", "fresh")
                    if chain.slot in getattr(found[chain.slot.t], name)
                ]
                assert names == [slow_change(chain, [known[parent] for parent in chain.available])]


def test_an_answer_is_new_when_no_parent_in_the_prompt_gave_it() -> None:
    assert de_novo(chains_from(STORY)) == slots("2.2", "2.4", "3.1", "3.3", "3.4")


def test_no_answer_and_no_parent_are_no_new_answer() -> None:
    assert de_novo(chains_from("26+ !\n-x(1,2) 27x(2) !(1)")) == ()


def test_the_last_right_generation_names_the_prompts_that_it_entered() -> None:
    chains = chains_from("""
        26+       25x       26+
        26+(1,2)  25x(2,3)  25x(1,3)
        25x(1,2)  25x(2,3)  !(2,1)
        25x(1,2)  25x(2,1)  .(1,2)
    """)
    assert last_right(chains) == LastRight(2, slots("2.1"), slots("3.1", "3.3"))


def test_a_run_without_a_right_chain_has_no_last_right_generation() -> None:
    assert last_right(chains_from("25x 7? !")) is None
    assert last_right([]) is None


def test_an_answer_dies_out_and_another_is_fixed() -> None:
    chains = chains_from("""
        26+       25x       -x
        26+(1,2)  24x(2,3)  25x(2,3)
        26+(1,2)  26+(1,3)  -x(2,3)
        26+(1,2)  26+(1,3)  26+(2,3)
    """)
    assert lifetimes(chains) == (
        Lifetime("26", 1, 4, None, 3),
        Lifetime("25", 1, 2, 3, None),
        Lifetime("24", 2, 2, 3, None),
    )


def test_an_answer_is_not_called_extinct_before_the_next_generation_has_ended() -> None:
    drawing = "26+ 25x\n26+(1,2) {}"
    assert lifetimes(chains_from(drawing.format(".(1,2)")))[1] == Lifetime("25", 1, 1, None, None)
    assert lifetimes(chains_from(drawing.format("!(1,2)")))[1] == Lifetime("25", 1, 1, 2, None)
    assert lifetimes(chains_from("26+ 25x\n!(1,2) !(1,2)"))[1] == Lifetime("25", 1, 1, None, None)


def test_nobody_answering_leaves_no_lifetime() -> None:
    assert lifetimes(chains_from("-x _x ! .")) == ()


def test_lifetimes_agree_with_their_definition() -> None:
    rng = random.Random(29)
    for _ in range(60):
        chains = random_story(rng)
        done = [chain for chain in chains if chain.status is ChainStatus.DONE and chain.answer is not None]
        for one in lifetimes(chains):
            times = {chain.slot.t for chain in done if chain.answer == one.key}
            assert (one.first, one.last) == (min(times), max(times))
            fixed = [
                t
                for t in sorted({chain.slot.t for chain in done})
                if all(chain.answer == one.key for chain in done if chain.slot.t >= t)
            ]
            assert one.fixed_at == (fixed[0] if fixed else None)
        ends = [one.fixed_at for one in lifetimes(chains) if one.fixed_at is not None]
        assert len(ends) <= 1
    assert any(one.fixed_at for one in itertools.chain(*(lifetimes(random_story(rng)) for _ in range(40))))
