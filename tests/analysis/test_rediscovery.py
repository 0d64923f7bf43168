"""Inherited or found again: by hand, against the likelihood itself, and on recombination with known truth."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Mapping

import pytest

from rsa_viz.analysis.rediscovery import Origin, first_seen, origins, rates
from rsa_viz.core.chain import Chain, ChainStatus, Slot
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.strategies import find_strategy
from tests.analysis.drawn import chains_from, slots


def keys(stated: Mapping[str, str]) -> dict[Slot, tuple[str, ...]]:
    return {Slot.parse(name): tuple(words.split()) for name, words in stated.items()}


FAMILY = """
    1+      2x      3x      4x
    1+(1,2) 2x(3,4) 1+(1,3) !(1,2)
    1+(1,2) 2x(2,3) 3x(2,3) 4x(1,2)
"""
STATED = keys({
    "1.1": "a b", "1.2": "a", "1.3": "c", "1.4": "",
    "2.1": "a d", "2.2": "a", "2.3": "c a b",
    "3.1": "a b", "3.2": "c", "3.3": "e", "3.4": "",
})  # fmt: skip


def test_rates_are_read_from_who_was_exposed_and_who_was_not() -> None:
    found = rates(chains_from(FAMILY), STATED)
    # a: 1.1 1.2 1.3 1.4 and 2.2 had no parent with it, three of these five state it; exposed 2.1 2.3 and all of 3
    assert found.found["a"] == 3 / 5
    # b: exposed were 2.1 (no), 2.3 (yes), 3.2 and 3.3 (no); of the seven others 1.1 and 3.1
    assert found.found["b"] == 2 / 7
    assert found.found["e"] == 1 / 11
    # exposed pairs: 2.1 a b, 2.2 c, 2.3 a b c; 3.1 a d, 3.2 a b c, 3.3 a b c, 3.4 a d
    assert found.exposed == 16
    assert found.present == 6  # 2.1 a, 2.3 a b c, 3.1 a, 3.2 c


def test_the_copy_rate_is_the_maximum_of_the_likelihood() -> None:
    rng = random.Random(2)
    for _ in range(10):
        chains, stated, _ = recombined(rng.randrange(10**6), 8, 3, 4, rng.choice([0.0, 0.3, 0.9]))
        found = rates(chains, stated)
        assert found.copied is not None

        def log_likelihood(h: float, found=found, chains=chains, stated=stated) -> float:
            total = 0.0
            for chain in chains:
                for key in {key for parent in chain.available for key in stated[parent]}:
                    r = found.found.get(key, 0.0)
                    total += math.log(
                        1 - (1 - h) * (1 - r) if key in stated[chain.slot] else 1 - h
                    )  # without log(1 - r)
            return total

        best = max((n / 1000 for n in range(1000)), key=log_likelihood)
        assert found.copied == pytest.approx(best, abs=0.001)


def test_expectation_maximisation_stands_still_at_the_copy_rate() -> None:
    chains, stated, _ = recombined(5, 8, 3, 4, 0.4)
    found = rates(chains, stated)
    shares = [
        (found.inherited(key) or 0.0) if key in stated[chain.slot] else 0.0
        for chain in chains
        for key in {key for parent in chain.available for key in stated[parent]}
    ]
    assert len(shares) == found.exposed
    assert statistics.mean(shares) == pytest.approx(found.copied)


def test_on_recombination_with_known_truth_the_number_of_copies_is_met() -> None:
    ratios, naive = [], []
    for seed in range(30):
        chains, stated, copies = recombined(seed, 16, 4, 10, 0.2)
        found = rates(chains, stated)
        matches = [
            key
            for chain in chains
            for key in stated[chain.slot]
            if any(key in stated[parent] for parent in chain.available)
        ]
        ratios.append(sum(found.inherited(key) or 0.0 for key in matches) / copies)
        naive.append(len(matches) / copies)
    assert statistics.mean(naive) > 2  # counting every match as a copy
    assert statistics.mean(ratios) == pytest.approx(1.0, abs=0.06)
    assert statistics.pstdev(ratios) < 0.15


def test_the_probability_of_inheritance_tells_copies_from_finds() -> None:
    """Among the matches to which it gives about p, about a share p was copied."""
    told: dict[int, list[bool]] = {}
    for seed in range(40):
        copied: set[tuple[Slot, str]] = set()
        chains, stated, _ = recombined(seed, 16, 4, 8, 0.3, copied)
        found = rates(chains, stated)
        for chain in chains:
            for key in stated[chain.slot]:
                if any(key in stated[parent] for parent in chain.available):
                    told.setdefault(round(5 * (found.inherited(key) or 0.0)), []).append((chain.slot, key) in copied)
    assert len(told) >= 3
    for fifth, cases in told.items():
        if len(cases) > 300:
            assert statistics.mean(cases) == pytest.approx(fifth / 5, abs=0.13)


def recombined(
    seed: int, n: int, k: int, t: int, h: float, copied: set[tuple[Slot, str]] | None = None
) -> tuple[list[Chain], dict[Slot, tuple[str, ...]], int]:
    """A population in which each chain finds fragments by itself, each with its own rate, and copies each fragment that
    its parents carry with probability ``h``. Returns how many were copied; found besides or not."""
    rng = random.Random(seed)
    pool = {f"f{number}": min(0.95, rng.betavariate(0.6, 1.2)) for number in range(40)}
    stated: dict[Slot, tuple[str, ...]] = {}
    chains, copies = [], 0
    for planned in find_strategy("rsa").plan(n, k, t, Streams(seed, "made")):
        offered = sorted({key for parent in planned.parents for key in stated[parent]})
        taken = {key for key in offered if rng.random() < h}
        copies += len(taken)
        if copied is not None:
            copied |= {(planned.slot, key) for key in taken}
        stated[planned.slot] = tuple(key for key, r in pool.items() if rng.random() < r or key in taken)
        chains.append(
            Chain(
                1, planned.slot, planned.kind, planned.parents, planned.parents, status=ChainStatus.DONE, characters=1
            )
        )
    return chains, stated, copies


def test_each_fragment_of_a_child_is_inherited_reappearing_or_new() -> None:
    chains = chains_from(FAMILY)
    found = rates(chains, STATED)
    seen = first_seen(STATED)
    by_slot = {chain.slot: chain for chain in chains}

    child = origins(by_slot[Slot(3, 1)], STATED, found, seen)  # parents 2.1 (a d) and 2.2 (a), itself a b
    a, b = child.fragments
    assert (a.key, a.origin, a.candidates, a.seen) == ("a", Origin.PARENTS, slots("2.1", "2.2"), Slot(1, 1))
    h, r = found.copied, 3 / 5
    assert h is not None
    assert a.probability == pytest.approx(h / (h + (1 - h) * r))
    assert (b.key, b.origin, b.candidates, b.probability, b.seen) == ("b", Origin.REAPPEARING, (), None, Slot(1, 1))
    assert child.lost == ("d",)
    assert [child.count(origin) for origin in Origin] == [1, 1, 0]

    new = origins(by_slot[Slot(3, 3)], STATED, found, seen)
    assert (new.fragments[0].origin, new.fragments[0].seen) == (Origin.NEW, None)
    assert new.lost == ("a", "c", "b")  # in the parents' order


def test_a_sampled_chain_has_new_fragments_only_and_a_silent_one_none() -> None:
    chains = chains_from(FAMILY)
    found = rates(chains, STATED)
    first = origins(chains[0], STATED, found, first_seen(STATED))
    assert [one.origin for one in first.fragments] == [Origin.NEW, Origin.NEW]
    assert first.lost == ()
    silent = origins(chains[3], STATED, found, first_seen(STATED))
    assert (silent.fragments, silent.lost) == ((), ())


def test_a_parent_that_was_not_in_the_prompt_counts_for_nothing() -> None:
    chains = chains_from("1+ !\n1+(1,2)\n")
    stated = keys({"1.1": "a", "1.2": "b", "2.1": "a b"})
    child = origins(chains[2], stated, rates(chains, stated), first_seen(stated))
    assert [(one.key, one.origin) for one in child.fragments] == [("a", Origin.PARENTS), ("b", Origin.REAPPEARING)]


@pytest.mark.parametrize("drawing", ["", "1+ 2x", "! !\n!(1,2)"])
def test_without_children_nothing_is_known_of_copying(drawing: str) -> None:
    chains = chains_from(drawing)
    found = rates(chains, keys({"1.1": "a"}) if drawing else {})
    assert (found.copied, found.exposed, found.present) == (None, 0, 0)
    assert found.inherited("a") is None


def test_what_no_child_takes_over_is_not_inherited() -> None:
    chains = chains_from("1+ 2x\n1+(1,2) 1+(1,2)")
    found = rates(chains, keys({"1.1": "a", "1.2": "b", "2.1": "", "2.2": "c"}))
    assert found.copied == pytest.approx(0.0, abs=1e-6)
