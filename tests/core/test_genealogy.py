"""The drawn genealogy: exact small plans, a slow twin of the draw, and the laws every plan obeys."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from rsa_viz.core.chain import PromptKind, Slot
from rsa_viz.core.errors import InvalidPlan
from rsa_viz.core.genealogy import Plan, PlannedChain, Streams, draw_distinct
from rsa_viz.core.strategies import STRATEGIES, FinalAnswer, Strategy
from rsa_viz.core.strategies.islands import ISLANDS

STREAMS = Streams(seed=0, problem="0123456789abcdef")
BY_NAME = pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)


def planned(slot: tuple[int, int], *parents: tuple[int, int]) -> PlannedChain:
    return PlannedChain(Slot(*slot), PromptKind.AGGREGATE, tuple(Slot(*parent) for parent in parents), seed=0)


# 1.1 ──┬── 2.1 ─── 3.1
# 1.2 ──┤
# 1.3   └── 2.2          1.3 has no child; 2.2 descends from 1.1 alone
SMALL = Plan(
    (
        planned((1, 1)),
        planned((1, 2)),
        planned((1, 3)),
        planned((2, 1), (1, 2), (1, 1)),
        planned((2, 2), (1, 1)),
        planned((3, 1), (2, 1)),
    )
)


def test_a_plan_knows_its_generations_children_heights_and_links() -> None:
    assert [len(generation) for generation in SMALL.generations] == [3, 2, 1]
    assert SMALL.children[Slot(1, 1)] == (Slot(2, 1), Slot(2, 2))
    assert SMALL.children[Slot(1, 3)] == ()
    assert SMALL.heights == {
        Slot(1, 1): 2,
        Slot(1, 2): 2,
        Slot(1, 3): 0,
        Slot(2, 1): 1,
        Slot(2, 2): 0,
        Slot(3, 1): 0,
    }
    assert SMALL.links == 4
    assert SMALL[Slot(2, 1)].parents == (Slot(1, 2), Slot(1, 1))


@pytest.mark.parametrize(
    ("chains", "says"),
    [
        ((), "at least one chain"),
        ((planned((1, 1)), planned((1, 1))), "distinct"),
        ((planned((1, 2)), planned((1, 1))), "slot order"),
        ((planned((2, 1)),), "without a gap"),
        ((planned((1, 1)), planned((2, 1), (1, 2))), r"2\.1 cannot have 1\.2"),
        ((planned((1, 1)), planned((2, 1), (2, 1))), r"2\.1 cannot have 2\.1"),
        ((planned((1, 1)), planned((2, 1), (1, 1), (1, 1))), "a parent twice"),
    ],
)
def test_a_plan_that_could_not_run_is_refused(chains: tuple[PlannedChain, ...], says: str) -> None:
    with pytest.raises(InvalidPlan, match=says):
        Plan(chains)


def test_the_draw_is_uniform_over_ordered_selections() -> None:
    draws = Counter(draw_distinct(Streams(0, "p").at(Slot(2, i)), 4, 2) for i in range(1, 24_001))
    assert set(draws) == set(itertools.permutations(range(1, 5), 2))
    expected = 24_000 / 12
    chi_squared = sum((seen - expected) ** 2 / expected for seen in draws.values())
    assert chi_squared < 31.3  # 11 degrees of freedom, p = 0.001


def test_drawing_more_parents_than_there_are_is_refused() -> None:
    with pytest.raises(InvalidPlan, match="5 distinct parents from 4"):
        draw_distinct(STREAMS.at(Slot(2, 1)), 4, 5)


def test_the_genealogy_of_seed_0_is_the_same_on_every_machine_and_in_every_version() -> None:
    plan = STRATEGIES["rsa"].plan(4, 2, 3, STREAMS)
    drawn = [(str(chain.slot), [str(parent) for parent in chain.parents]) for chain in plan if chain.parents]
    assert drawn == GOLDEN
    assert plan[Slot(3, 4)].seed == GOLDEN_SEED


GOLDEN = [
    ("2.1", ["1.2", "1.1"]),
    ("2.2", ["1.3", "1.2"]),
    ("2.3", ["1.4", "1.2"]),
    ("2.4", ["1.3", "1.1"]),
    ("3.1", ["2.3", "2.1"]),
    ("3.2", ["2.3", "2.4"]),
    ("3.3", ["2.4", "2.2"]),
    ("3.4", ["2.1", "2.4"]),
]
GOLDEN_SEED = 2014717531


def test_a_slots_stream_depends_on_seed_problem_generation_and_index_only() -> None:
    small, large = STRATEGIES["rsa"].plan(8, 3, 3, STREAMS), STRATEGIES["rsa"].plan(8, 3, 9, STREAMS)
    assert [large[chain.slot] for chain in small] == list(small)
    others = [Streams(1, STREAMS.problem), Streams(0, "fedcba9876543210")]
    for other in others:
        assert [chain.parents for chain in STRATEGIES["rsa"].plan(8, 3, 3, other)] != [chain.parents for chain in small]


def test_streams_of_different_names_differ() -> None:
    assert STREAMS.at(Slot(1, 1), "parents").random() != STREAMS.at(Slot(1, 1), "final").random()


def test_rsa_draws_k_distinct_parents_from_the_generation_before_only() -> None:
    plan = STRATEGIES["rsa"].plan(16, 4, 10, STREAMS)
    assert (len(plan), plan.links) == (160, 576)
    for chain in plan:
        if chain.slot.t == 1:
            assert (chain.parents, chain.kind) == ((), PromptKind.SAMPLE)
        else:
            assert len(set(chain.parents)) == 4
            assert {parent.t for parent in chain.parents} == {chain.slot.t - 1}
            assert chain.kind is PromptKind.AGGREGATE
    assert len({chain.seed for chain in plan}) == 160


def test_self_refinement_makes_lines_that_never_meet() -> None:
    plan = STRATEGIES["self-refinement"].plan(3, 9, 4, STREAMS)
    assert all(chain.parents == (Slot(chain.slot.t - 1, chain.slot.i),) for chain in plan if chain.slot.t > 1)
    assert {chain.kind for chain in plan if chain.slot.t > 1} == {PromptKind.REFINE}


@pytest.mark.parametrize(("name", "calls"), [("aggregate-once", 10), ("majority-vote", 5), ("reference", 5)])
def test_the_baselines_take_one_or_two_generations_whatever_t_says(name: str, calls: int) -> None:
    assert len(STRATEGIES[name].plan(5, 2, 7, STREAMS)) == calls


def test_only_the_majority_vote_answers_by_vote_and_only_rejection_by_what_is_accepted() -> None:
    others = {name: one.final for name, one in STRATEGIES.items() if one.final is not FinalAnswer.DRAW}
    assert others == {"majority-vote": FinalAnswer.VOTE, "rejection": FinalAnswer.ACCEPTED}


@BY_NAME
def test_a_strategy_fixes_every_knob_that_it_does_not_use(strategy: Strategy) -> None:
    assert strategy.uses | dict(strategy.fixed).keys() == {"n", "k", "t"}
    assert not strategy.uses & dict(strategy.fixed).keys()
    assert strategy.title
    assert strategy.summary.endswith(".")


@BY_NAME
def test_a_strategy_plans_a_population_of_one(strategy: Strategy) -> None:
    if strategy is ISLANDS:
        with pytest.raises(InvalidPlan, match=r"two islands need at least 2 K = 2 chains, and N is 1"):
            strategy.plan(1, 1, 1, STREAMS)
        return
    plan = strategy.plan(1, 1, 1, STREAMS)
    assert plan.generations[0][0].slot == Slot(1, 1)


@pytest.mark.parametrize(
    ("n", "k", "t", "says"),
    [(4, 5, 3, "K = 5 distinct parents"), (0, 1, 3, "N must be"), (4, 0, 3, "K must be"), (4, 2, 0, "T must be")],
)
def test_impossible_shapes_are_refused_before_anything_is_paid(n: int, k: int, t: int, says: str) -> None:
    with pytest.raises(InvalidPlan, match=says):
        STRATEGIES["rsa"].plan(n, k, t, STREAMS)


def test_a_large_genealogy_is_drawn() -> None:
    plan = STRATEGIES["rsa"].plan(64, 8, 21, STREAMS)
    assert (len(plan), plan.links) == (1344, 10_240)
