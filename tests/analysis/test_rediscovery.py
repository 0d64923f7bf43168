"""Inherited or found again: by hand, against the model itself, and on populations of which the truth is known."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from rsa_viz.analysis.copying import Exposure, R, grid, reach, weigh
from rsa_viz.analysis.painting import painted
from rsa_viz.analysis.rediscovery import (
    Doubt,
    Origin,
    Rates,
    _counted,
    first_seen,
    mean_inherited,
    origins,
    rates,
    step_rates,
)
from rsa_viz.analysis.step_keys import step_key
from rsa_viz.core.chain import Chain, ChainStatus, PromptKind, Slot
from rsa_viz.core.genealogy import Streams
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.strategies import find_strategy
from rsa_viz.llm.knobs import PRESETS
from rsa_viz.llm.synthetic import reason
from rsa_viz.tasks.program import PROGRAM
from tests.analysis.drawn import chains_from, slots
from tests.analysis.made_children import (
    ALONE,
    HALF,
    RECOMBINING,
    REWORDING,
    Made,
    Manner,
    Wording,
    made,
    single_results,
)
from tests.llm.shape import programs


def keys(stated: Mapping[str, str]) -> dict[Slot, tuple[str, ...]]:
    """Fragments by slot, as the keys of steps."""
    return {Slot.parse(name): tuple(f"fragment {word}" for word in words.split()) for name, words in stated.items()}


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


def counts(drawing: str, stated: Mapping[Slot, Sequence[str]]) -> dict[str, dict[object, tuple[int, int]]]:
    """By key: how many chains of each exposure there are, and how many have the key."""
    done = sorted(
        (chain for chain in chains_from(drawing) if chain.status is ChainStatus.DONE), key=lambda one: one.slot
    )
    names = list(dict.fromkeys(key for chain in done for key in stated.get(chain.slot, ())))
    own = {
        chain.slot: np.array(sorted({names.index(key) for key in stated.get(chain.slot, ())}), dtype=int)
        for chain in done
    }
    found = _counted(done, own, names, {})
    columns: list[object] = ["sampled", "unexposed", *(tuple(one) for one in found.exposures)]
    return {
        name.removeprefix("fragment "): {
            column: (int(of), int(has))
            for column, of, has in zip(columns, found.of[place], found.present[place], strict=True)
            if of
        }
        for place, name in enumerate(names)
    }


def test_a_key_is_counted_by_how_many_parents_offered_it_and_who_has_it() -> None:
    found = counts(FAMILY, STATED)
    # a: 2.1 has it from both, 2.2 from nobody, 2.3 from 1.1; 3.1 from both, 3.2 3.3 from both and without it, 3.4 too
    assert found["a"] == {"sampled": (4, 2), "unexposed": (1, 1), (2, 2): (5, 2), (1, 2): (1, 1)}
    # b: offered by one to 2.1 (no), 2.3 (yes), 3.2 3.3 (no); 2.2 3.1 3.4 were not offered it, 3.1 has it
    assert found["b"] == {"sampled": (4, 1), "unexposed": (3, 1), (1, 2): (4, 1)}
    assert found["e"] == {"sampled": (4, 0), "unexposed": (7, 1)}
    known = rates(chains_from(FAMILY), STATED)
    assert (known.exposed, known.present) == (16, 6)  # 2.1 a, 2.3 a b c, 3.1 a, 3.2 c
    assert known.copied is not None
    assert 0 < known.copied < 6 / 16


def test_the_chance_agrees_with_the_model_summed_out_by_the_definition() -> None:
    dice = random.Random(4)
    for _ in range(2):
        chains, stated, _ = single_results(dice.randrange(10**6), 4, 2, 3, 0.5, pool=4)
        found = rates(chains, stated)
        by_hand = slowly(chains, stated, dispersion_of(chains, stated))
        for (key, exposure), (mean, deviation) in by_hand.items():
            chance = found.chance(key, *exposure)
            assert chance is not None
            assert chance.mean == pytest.approx(mean, abs=0.003)
            assert chance.deviation == pytest.approx(deviation, abs=0.006)


def dispersion_of(chains: Sequence[Chain], stated: Mapping[Slot, Sequence[str]]) -> float:
    names = list(dict.fromkeys(key for chain in chains for key in stated[chain.slot]))
    own = {slot: np.array(sorted(names.index(key) for key in found), dtype=int) for slot, found in stated.items()}
    return weigh(_counted(list(chains), own, names, {})).dispersion


def slowly(
    chains: Sequence[Chain], stated: Mapping[Slot, Sequence[str]], dispersion: float
) -> dict[tuple[str, Exposure], tuple[float, float]]:
    """Mean and standard deviation of P(inherited), chain by chain and point by point."""
    names = {key for found in stated.values() for key in found}
    weights: list[tuple[float, tuple[float, ...], dict[str, list[float]]]] = []
    for (c, take, spread, add), prior in zip(grid().points.tolist(), grid().prior.tolist(), strict=True):

        def parts(exposure: Exposure, c=c, take=take, spread=spread, add=add) -> tuple[float, float]:  # type: ignore[no-untyped-def]
            taken = take * reach(spread, exposure)
            return c * taken, 1 - c + c * (1 - taken) * add

        total, of_r = 0.0, {}
        for key in names:
            logs = []
            for r in R.tolist():
                one = 0.0
                for chain in chains:
                    m = sum(key in stated[parent] for parent in chain.available)
                    b, w = (0.0, 1 - c + c * add) if chain.available else (0.0, 1.0)
                    if m:
                        b, w = parts(Exposure(m, len(chain.available)))
                    present = min(max(b + w * r, 1e-6), 1 - 1e-5)
                    one += math.log(present if key in stated[chain.slot] else 1 - present)
                logs.append(one)
            top = max(logs)
            whole = sum(math.exp(one - top) for one in logs)
            total += top + math.log(whole)
            of_r[key] = [math.exp(one - top) / whole for one in logs]
        weights.append((total / dispersion + math.log(prior), (c, take, spread, add), of_r))
    top = max(weight for weight, _, _ in weights)
    whole = sum(math.exp(weight - top) for weight, _, _ in weights)
    found = {}
    for chain in chains:
        for key in stated[chain.slot]:
            m = sum(key in stated[parent] for parent in chain.available)
            if not m:
                continue
            exposure, first, second = Exposure(m, len(chain.available)), 0.0, 0.0
            for weight, (c, take, spread, add), of_r in weights:
                taken = take * reach(spread, exposure)
                for r, part in zip(R.tolist(), of_r[key], strict=True):
                    p = math.exp(weight - top) / whole * part
                    chance = c * taken / (c * taken + (1 - c + c * (1 - taken) * add) * r)
                    first, second = first + p * chance, second + p * chance**2
            found[key, exposure] = (first, math.sqrt(max(second - first**2, 0.0)))
    return found


def test_how_far_a_key_reaches_runs_from_its_share_of_the_parents_to_all() -> None:
    assert [reach(0.0, Exposure(m, 4)) for m in (1, 2, 4)] == [0.25, 0.5, 1.0]
    assert [reach(1.0, Exposure(m, 4)) for m in (1, 2, 4)] == [1.0, 1.0, 1.0]
    assert reach(0.5, Exposure(1, 2)) == pytest.approx(0.5 / 0.75)


def expected(chains: Sequence[Chain], stated: Mapping[Slot, Sequence[str]], found: Rates) -> float:
    """How many matches can be expected to be copied."""
    total = 0.0
    for chain in chains:
        for key in stated[chain.slot]:
            m = sum(key in stated[parent] for parent in chain.available)
            chance = found.chance(key, m, len(chain.available)) if m else None
            total += chance.mean if chance else 0.0
    return total


def test_where_each_fragment_is_copied_by_itself_the_number_of_copies_is_met() -> None:
    """Real copies over expected ones, at a rate at which counting every match says 2.5 times too many."""
    ratios, naive = [], []
    for seed in range(30):
        chains, stated, copies = single_results(seed, 16, 4, 10, 0.2)
        found = rates(chains, stated)
        ratios.append(expected(chains, stated, found) / copies)
        naive.append(found.present / copies)
    assert statistics.mean(naive) > 2
    assert statistics.mean(ratios) == pytest.approx(1.0, abs=0.06)
    assert statistics.pstdev(ratios) < 0.15


class Calibration:
    """What was told of the steps that stand in a parent, and what is true."""

    def __init__(self, manner: Manner, wording: Wording, *, seeds: int, n: int = 16, k: int = 4, t: int = 10) -> None:
        self.standing = self.told = 0
        self.claimed = self.true = 0.0
        for seed in range(seeds):
            self.add(made(seed, manner, wording, n=n, k=k, t=t))

    def add(self, one: Made) -> None:
        keys = {slot: [step_key(step, one.texts[slot]) for step in found] for slot, found in one.steps.items()}
        known = step_rates(one.chains, keys)
        for chain in one.chains:
            for step, donor in zip(painted(chain, keys, known), one.donors[chain.slot], strict=True):
                self.standing += bool(step.donors)
                if step.donors and step.probability is not None:
                    self.told += 1
                    self.claimed += step.probability
                    self.true += donor is not None

    @property
    def error(self) -> float:
        return (self.claimed - self.true) / max(self.told, 1)


@pytest.mark.parametrize("wording", list(Wording))
@pytest.mark.parametrize("manner", [RECOMBINING, REWORDING, HALF], ids=["recombining", "rewording", "half"])
def test_of_children_that_copy_or_recombine_the_share_that_was_copied_is_met(manner: Manner, wording: Wording) -> None:
    found = Calibration(manner, wording, seeds=6)
    assert found.told > 0.9 * found.standing
    assert abs(found.error) < 0.12


@pytest.mark.parametrize("wording", list(Wording))
def test_of_children_that_never_look_at_their_parents_hardly_anything_is_said_to_be_inherited(wording: Wording) -> None:
    """Most of their steps stand in a parent all the same; in fixed wording all of these do so word by word."""
    found = Calibration(ALONE, wording, seeds=6)
    assert found.standing > 3_000
    assert found.true == 0
    assert found.error < 0.07


def test_the_synthetic_reasoner_asked_the_question_alone_inherits_hardly_anything() -> None:
    """It has one way to write each line, so most lines of a child stand in its parents letter by letter."""
    (problem,) = programs(1, seed=3)
    (message,) = PLAIN.compose(PromptKind.SAMPLE, PROGRAM.parts(problem), problem, [])
    plan = find_strategy("rsa").plan(16, 4, 6, Streams(1, problem.key))
    texts = {one.slot: reason(message["content"], PRESETS["reasoner"], seed=one.seed) for one in plan}
    chains = [
        Chain(1, one.slot, one.kind, one.parents, one.parents, status=ChainStatus.DONE, characters=1) for one in plan
    ]
    keys = {slot: [step_key(step, text) for step in PROGRAM.steps(text, problem)] for slot, text in texts.items()}
    known = step_rates(chains, keys)
    standing = [step for chain in chains for step in painted(chain, keys, known) if step.donors]
    told = [step.probability for step in standing if step.probability is not None]
    assert len(told) > 0.9 * len(standing) > 300
    assert statistics.mean(told) < 0.05


@pytest.mark.parametrize("manner", [RECOMBINING, HALF, ALONE], ids=["recombining", "half", "alone"])
def test_of_a_small_run_most_cannot_be_told_and_what_is_told_is_about_right(manner: Manner) -> None:
    found = Calibration(manner, Wording.FREE, seeds=16, n=4, k=2, t=3)
    assert found.told < 0.15 * found.standing
    assert abs(found.error) < 0.2


def test_what_every_chain_states_is_of_unknown_origin_and_never_of_none() -> None:
    """Nobody can say whether a child that states what all chains state has it from its parents."""
    plan = find_strategy("rsa").plan(8, 2, 5, Streams(1, "made"))
    chains = [
        Chain(1, one.slot, one.kind, one.parents, one.parents, status=ChainStatus.DONE, characters=1) for one in plan
    ]
    stated = {chain.slot: ("fragment a", "fragment b") for chain in chains}
    child = origins(chains[-1], stated, step_rates(chains, stated), first_seen(stated))
    assert [(one.probability, one.doubt) for one in child.fragments] == [(None, Doubt.COMMON)] * 2
    assert mean_inherited(chains, "a", stated, step_rates(chains, stated)) is None


def test_the_words_of_a_step_tell_more_than_its_fragment() -> None:
    """All chains come to the same results, so only the words say who copied."""
    one = made(3, RECOMBINING, Wording.FREE)
    keys = {slot: [step_key(step, one.texts[slot]) for step in found] for slot, found in one.steps.items()}
    known = step_rates(one.chains, keys)
    said = [
        (step.probability, donor is not None)
        for chain in one.chains
        for step, donor in zip(painted(chain, keys, known), one.donors[chain.slot], strict=True)
        if step.donors and step.probability is not None
    ]
    copied = [chance for chance, true in said if true]
    anew = [chance for chance, true in said if not true]
    assert len(anew) > 20
    assert statistics.mean(copied) > 0.9
    assert statistics.mean(anew) < 0.6


def test_each_fragment_of_a_child_is_inherited_reappearing_or_new() -> None:
    chains = chains_from(FAMILY)
    found = step_rates(chains, STATED)
    seen = first_seen(STATED)
    by_slot = {chain.slot: chain for chain in chains}

    child = origins(by_slot[Slot(3, 1)], STATED, found, seen)  # parents 2.1 (a d) and 2.2 (a), itself a b
    a, b = child.fragments
    assert (a.key, a.origin, a.candidates, a.seen) == ("a", Origin.PARENTS, slots("2.1", "2.2"), Slot(1, 1))
    # its parents carry a, both of them, and only these words are known of it
    chance = found.words.chance("fragment a", 2, 2)
    assert chance is not None
    assert (a.probability, a.doubt) == (chance.probability, chance.doubt)
    assert (b.key, b.origin, b.candidates, b.probability, b.seen) == ("b", Origin.REAPPEARING, (), None, Slot(1, 1))
    assert child.lost == ("d",)
    assert [child.count(origin) for origin in Origin] == [1, 1, 0]

    new = origins(by_slot[Slot(3, 3)], STATED, found, seen)
    assert (new.fragments[0].origin, new.fragments[0].seen) == (Origin.NEW, None)
    assert new.lost == ("a", "c", "b")  # in the parents' order


def test_a_sampled_chain_has_new_fragments_only_and_a_silent_one_none() -> None:
    chains = chains_from(FAMILY)
    found = step_rates(chains, STATED)
    first = origins(chains[0], STATED, found, first_seen(STATED))
    assert [one.origin for one in first.fragments] == [Origin.NEW, Origin.NEW]
    assert first.lost == ()
    silent = origins(chains[3], STATED, found, first_seen(STATED))
    assert (silent.fragments, silent.lost) == ((), ())


def test_a_parent_that_was_not_in_the_prompt_counts_for_nothing() -> None:
    chains = chains_from("1+ !\n1+(1,2)\n")
    stated = keys({"1.1": "a", "1.2": "b", "2.1": "a b"})
    child = origins(chains[2], stated, step_rates(chains, stated), first_seen(stated))
    assert [(one.key, one.origin) for one in child.fragments] == [("a", Origin.PARENTS), ("b", Origin.REAPPEARING)]


@pytest.mark.parametrize("drawing", ["", "1+ 2x", "! !\n!(1,2)"])
def test_without_children_nothing_is_known_of_copying(drawing: str) -> None:
    chains = chains_from(drawing)
    found = rates(chains, keys({"1.1": "a"}) if drawing else {})
    assert (found.copied, found.exposed, found.present) == (None, 0, 0)
    assert found.chance("fragment a", 1, 2) is None


def test_what_children_do_not_take_over_is_not_inherited() -> None:
    plan = find_strategy("rsa").plan(16, 4, 6, Streams(1, "made"))
    chains = [
        Chain(1, one.slot, one.kind, one.parents, one.parents, status=ChainStatus.DONE, characters=1) for one in plan
    ]
    stated = {chain.slot: (f"fragment {chain.slot}",) for chain in chains}
    found = rates(chains, stated)
    assert found.present == 0
    assert found.copied == 0.0
