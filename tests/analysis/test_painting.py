"""Whose steps a child's are: by hand, against the definition, and on recombination with known donors."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from rsa_viz.analysis.inheritance import inheritance
from rsa_viz.analysis.painting import Donor, Painted, leading, most_doubt, painted, shares_of_donors
from rsa_viz.analysis.rediscovery import Chance, Doubt, StepRates, rates, step_rates, told
from rsa_viz.analysis.step_keys import Carried, StepKey, carried
from rsa_viz.core.chain import Chain, ChainStatus, Slot
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.strategies import find_strategy
from tests.analysis.drawn import chains_from, random_story

FAMILY = """
    1+      2x      3x
    1+(2,1) 2x(1,3) 3x(2,3)
"""
KEYS = {
    Slot(1, 1): ["fragment a", "text so", "fragment b"],
    Slot(1, 2): ["text so", "fragment a", "fragment a"],
    Slot(1, 3): ["fragment c"],
    Slot(2, 1): ["fragment b", "text so", "fragment c", "fragment a"],
    Slot(2, 2): ["text new"],
}


class Certain(StepRates):
    """Where whatever stands in a parent was copied."""

    def chance(self, key: str, parents: Sequence[Carried]) -> Chance | None:
        return Chance(1.0, 0.0, 0.0)


CERTAIN = Certain(rates([], {}), rates([], {}))


def test_each_step_names_the_parents_in_which_it_stands_and_where() -> None:
    chain = chains_from(FAMILY)[3]
    steps = painted(chain, KEYS, CERTAIN)
    assert [one.donors for one in steps] == [
        (Donor(Slot(1, 1), 2, 3),),
        (Donor(Slot(1, 2), 1, 1), Donor(Slot(1, 1), 2, 2)),  # in prompt order
        (),  # c stands in 1.3, which is no parent of it
        (Donor(Slot(1, 2), 1, 2), Donor(Slot(1, 1), 2, 1)),  # the first of two places
    ]
    assert [one.probability for one in steps] == [1.0, 1.0, 0.0, 1.0]
    assert shares_of_donors(steps) == {Slot(1, 1): 2.0, Slot(1, 2): 1.0}


def test_a_step_has_the_chance_of_its_words_where_they_stand_in_a_parent_and_else_of_its_fragment() -> None:
    def key(what: str, words: str) -> StepKey:
        return StepKey(what, f"text {words}", hash(words))

    stated = {
        Slot(1, 1): [key("fragment a", "so")], Slot(1, 2): [key("fragment a", "thus")], Slot(1, 3): [],
        Slot(2, 1): [key("fragment a", "so")], Slot(2, 2): [key("fragment a", "hence")],
    }  # fmt: skip
    chains = chains_from(FAMILY)
    found = step_rates(chains, stated)
    (same,), (other,) = (painted(chain, stated, found) for chain in chains[3:5])
    assert found.words.chance("text so", 1, 2) is not None
    assert same.probability == told([found.words.chance("text so", 1, 2)])[0]
    assert [donor.slot for donor in same.donors] == [Slot(1, 1)], "1.2 states it in other words"
    # 2.2 has 1.3 among its parents and 1.1, whose words are others
    assert (other.probability, other.doubt) == told([found.fragments.chance("fragment a", 1, 2)])
    assert found.fragments.exposed == 2, "2.2 and 2.3: of 2.1 the words tell"


def test_where_nothing_is_found_again_the_donors_get_the_shares_of_inheritance() -> None:
    dice = random.Random(8)
    for _ in range(20):
        chains = random_story(dice)
        keys = {chain.slot: [dice.choice("abcdefg") for _ in range(dice.randrange(6))] for chain in chains}
        for chain in chains:
            if chain.status is ChainStatus.DONE:
                parents = {parent: frozenset(keys[parent]) for parent in chain.available}
                known = inheritance(keys[chain.slot], parents)
                steps = painted(chain, keys, CERTAIN)
                counts = {slot: share * known.steps for slot, share in known.shares.items() if share}
                assert shares_of_donors(steps) == pytest.approx(counts)
                assert [tuple(one.slot for one in step.donors) for step in steps] == list(known.carriers)


def test_a_sampled_chain_and_a_silent_one_have_no_donors() -> None:
    chains = chains_from(FAMILY)
    found = step_rates(chains, KEYS)
    assert all(step.donors == () for step in painted(chains[0], KEYS, found))
    assert painted(chains[5], KEYS, found) == ()
    assert shares_of_donors(()) == {}
    assert step_rates([], {}).chance("fragment a", [carried(["fragment a"])]) is None


def test_on_recombination_with_known_donors_what_each_gave_is_met() -> None:
    """Each of 12 places is copied from a random parent by chance 0.6, else made anew from 9 ways to write it."""
    dice, met, true = random.Random(3), 0.0, 0.0
    errors = []
    for seed in range(6):
        texts: dict[Slot, list[str]] = {}
        given: dict[Slot, dict[Slot, int]] = {}
        chains = []
        for number, one in enumerate(find_strategy("rsa").plan(16, 4, 8, Streams(seed, "p")), start=1):
            donors: dict[Slot, int] = {}
            texts[one.slot] = []
            for place in range(12):
                donor = dice.choice(one.parents) if one.parents and dice.random() < 0.6 else None
                texts[one.slot].append(
                    f"fragment {place}={dice.randrange(9)}" if donor is None else texts[donor][place]
                )
                if donor is not None:
                    donors[donor] = donors.get(donor, 0) + 1
            given[one.slot] = donors
            chains.append(Chain(number, one.slot, one.kind, one.parents, one.parents, status=ChainStatus.DONE))
        found = step_rates(chains, texts)
        for chain in chains:
            shares = shares_of_donors(painted(chain, texts, found))
            met += sum(shares.values())
            true += sum(given[chain.slot].values())
            errors += [shares.get(parent, 0.0) - given[chain.slot].get(parent, 0) for parent in chain.parents]
    assert met / true == pytest.approx(1.0, abs=0.1)
    assert sum(map(abs, errors)) / true < 0.45  # of single steps nobody can tell which of several carriers it was


def test_equal_donors_lead_together_and_the_most_frequent_doubt_is_told() -> None:
    one, two, three = Slot(1, 1), Slot(1, 2), Slot(1, 3)
    assert leading({one: 0.5, two: 0.5, three: 0.2}) == (one, two)
    assert leading({one: 0.5, two: 0.6}) == (two,)
    assert leading({one: 0.0}) == leading({}) == ()
    donors = (Donor(one, 1, 1),)
    few, common = Painted(donors, None, Doubt.FEW), Painted(donors, None, Doubt.COMMON)
    assert most_doubt([few, common, common, Painted(donors, 0.3), Painted((), 0.0)]) == (3, Doubt.COMMON)
    assert most_doubt([Painted((), 0.0)]) == (0, None)
    assert few.each == 0.0
