"""From which parents the steps of a child came."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from rsa_viz.analysis.inheritance import (
    Inheritance,
    edge_shares,
    inheritances,
)
from rsa_viz.core.chain import Judgement, Slot, Step
from tests.analysis.drawn import chains_from, random_story
from tests.analysis.made_children import Manner, Wording, made

UNKNOWN = Judgement.unknown("drawn so")
FAMILY = """
    1+      2x      3x
    1+(1,2) 2x(3,1)
"""


def written(lines: Mapping[str, str]) -> tuple[dict[Slot, tuple[Step, ...]], dict[Slot, str]]:
    """Texts of one step a line; a line ``[x=1] words`` states the fragment x=1."""
    texts = {Slot.parse(name): text for name, text in lines.items()}
    steps = {}
    for slot, text in texts.items():
        start, found = 0, []
        for line in text.split("\n"):
            fragment = line[1 : line.index("]")] if line.startswith("[") else None
            if line.strip():
                found.append(Step(start, start + len(line), UNKNOWN, fragment))
            start += len(line) + 1
        steps[slot] = tuple(found)
    return steps, texts


def test_a_step_counts_for_the_parent_in_which_it_stands() -> None:
    steps, texts = written({
        "1.1": "[a=1] first\n[b=2] then",
        "1.2": "[a=1] so\nNow we  ADD",
        "1.3": "nothing",
        "2.1": "[a=1] both have it\n[b=2] one has it\nnow we add\n[c=9] nobody has it",
    })  # fmt: skip
    found = inheritances(chains_from(FAMILY), steps, texts)
    # a=1 half each, b=2 from 1.1, "now we add" from 1.2 (case and spaces do not count), c=9 new
    assert found[Slot(2, 1)] == Inheritance(
        {Slot(1, 1): 1.5 / 4, Slot(1, 2): 1.5 / 4},
        1 / 4,
        4,
        ((Slot(1, 1), Slot(1, 2)), (Slot(1, 1),), (Slot(1, 2),), ()),
    )
    assert found[Slot(2, 1)].effective_donors == pytest.approx(2.0)


def test_equal_words_with_different_fragments_are_different_steps() -> None:
    steps, texts = written({"1.1": "a=1", "1.2": "[a=1] x", "1.3": "z", "2.1": "[a=1] y"})
    assert edge_shares(chains_from(FAMILY), steps, texts) == {
        (Slot(2, 1), Slot(1, 1)): 0.0,
        (Slot(2, 1), Slot(1, 2)): 1.0,
    }


def test_of_several_parents_with_a_step_those_count_that_write_it_most_alike() -> None:
    steps, texts = written({
        "1.1": "[a=1] 1. So a is one", "1.2": "[a=1] **Step 1.** So a is one", "1.3": "[a=1] a, then, is one",
        "2.1": "[a=1] So  a is ONE", "2.2": "[a=1] 1. So a is one", "2.3": "[a=1] it is one",
    })  # fmt: skip
    chains = chains_from("1+ 2x 3x\n1+(1,2,3) 2x(3,2,1) 3x(1,2,3)")
    # In the tests' texts the mark [a=1] is a part of the words; without it those of 1.1 and 1.2 would be the same.
    steps = {slot: tuple(replace(step, start=step.start + 6) for step in found) for slot, found in steps.items()}
    same, letter_by_letter, other = (one.carriers[0] for one in inheritances(chains, steps, texts).values())
    assert same == (Slot(1, 1), Slot(1, 2)), "marks, case and blanks are no words"
    assert letter_by_letter == (Slot(1, 1),)
    assert other == (Slot(1, 1), Slot(1, 2), Slot(1, 3)), "where nobody has its words all count that state it"


def test_a_parent_that_repeats_a_step_is_credited_once_for_it() -> None:
    steps, texts = written({"1.1": "x\nx\nx", "1.2": "x", "1.3": "z", "2.1": "x\nx"})
    assert inheritances(chains_from(FAMILY), steps, texts)[Slot(2, 1)].shares == {Slot(1, 1): 0.5, Slot(1, 2): 0.5}


def test_a_child_without_steps_has_no_shares_and_no_links() -> None:
    steps, texts = written({"1.1": "x", "1.2": "y", "1.3": "z", "2.1": ""})
    found = inheritances(chains_from(FAMILY), steps, texts)
    assert found[Slot(2, 1)] == Inheritance({Slot(1, 1): 0.0, Slot(1, 2): 0.0}, 0.0, 0, ())
    assert found[Slot(2, 2)].steps == 0  # its text was not given
    assert found[Slot(2, 1)].effective_donors == 0.0
    assert edge_shares(chains_from(FAMILY), steps, texts) == {}


def test_nothing_known_is_nothing_inherited() -> None:
    assert inheritances([], {}, {}) == {}
    assert inheritances(chains_from("1+"), {}, {}) == {}
    assert inheritances(chains_from("1+ 2x\n!(1,2) .(1,2)"), {}, {}) == {}


def test_a_parent_that_was_not_in_the_prompt_gives_nothing() -> None:
    steps, texts = written({"1.1": "x", "1.2": "x", "2.1": "x"})
    shares = edge_shares(chains_from("1+ !\n1+(2,1)"), steps, texts)
    assert shares == {(Slot(2, 1), Slot(1, 1)): 1.0}


def test_effective_donors_are_one_for_one_donor_and_fewer_than_k_for_unequal_ones() -> None:
    one, two, three = Slot(1, 1), Slot(1, 2), Slot(1, 3)
    assert Inheritance({one: 0.5, two: 0.0}, 0.5, 2, ()).effective_donors == 1.0
    assert Inheritance({one: 0.2, two: 0.2, three: 0.2}, 0.4, 5, ()).effective_donors == pytest.approx(3.0)
    unequal = Inheritance({one: 0.6, two: 0.2}, 0.2, 5, ()).effective_donors
    assert unequal == pytest.approx(math.exp(-(0.75 * math.log(0.75) + 0.25 * math.log(0.25))))


def random_steps(rng: random.Random, slots: list[Slot]) -> tuple[dict[Slot, tuple[Step, ...]], dict[Slot, str]]:
    lines = ("[a=1] p", "[a=2] p", "so it is", "So  it is", "hence")
    return written({str(slot): "\n".join(rng.choices(lines, k=rng.randrange(5))) for slot in slots})


def test_shares_agree_with_the_definition_and_sum_with_the_new_share_to_one() -> None:
    rng = random.Random(53)
    for _ in range(40):
        chains = random_story(rng)
        steps, texts = random_steps(rng, [chain.slot for chain in chains])

        def key(slot: Slot, step: Step, texts: dict[Slot, str] = texts) -> str:
            return step.fragment or " ".join(texts[slot][step.start : step.end].lower().split())

        def words(slot: Slot, step: Step, texts: dict[Slot, str] = texts) -> str:
            return " ".join(texts[slot][step.start : step.end].lower().split())

        def letters(slot: Slot, step: Step, texts: dict[Slot, str] = texts) -> str:
            return texts[slot][step.start : step.end]

        for child, found in inheritances(chains, steps, texts).items():
            parents = list(found.shares)
            slow = dict.fromkeys(parents, 0.0)
            new = 0.0
            for step in steps[child]:
                alike = [
                    {
                        parent
                        for parent in parents
                        for one in steps[parent]
                        if key(parent, one) == key(child, step)
                        and (how is None or how(parent, one) == how(child, step))
                    }
                    for how in (None, words, letters)
                ]
                carriers = next((found for found in reversed(alike) if found), set())
                for parent in carriers:
                    slow[parent] += 1 / len(carriers) / len(steps[child])
                new += (not carriers) / len(steps[child])
            assert found.shares == pytest.approx(slow)
            assert found.new == pytest.approx(new)
            assert sum(found.shares.values()) + found.new == pytest.approx(1.0 if steps[child] else 0.0)
            assert 0.0 <= found.effective_donors <= len(parents) + 1e-9


@pytest.mark.parametrize("wording", list(Wording))
@pytest.mark.parametrize("reworded", [0.0, 0.8])
def test_copied_steps_are_credited_to_those_from_whom_they_were_copied(reworded: float, wording: Wording) -> None:
    """Also where four lines of five are put in other words, some of them without their equation."""
    credited = copied = hit = 0
    for seed in range(4):
        one = made(seed, Manner(anew=0.0, silent=0.0, reworded=reworded), wording)
        for child, found in inheritances(one.chains, one.steps, one.texts).items():
            for carriers, donor in zip(found.carriers, one.donors[child], strict=True):
                assert donor is not None
                credited += bool(carriers)
                copied += 1
                hit += donor in carriers
    assert hit / credited > 0.95
    assert hit / copied > 0.9
