"""Options of any plan, the strategies that came with them, what a child sees of a parent, and what a check says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rsa_viz.core.aside import AsideKind
from rsa_viz.core.candidates import CUT, seen_by_children, tail
from rsa_viz.core.chain import PromptKind, Slot
from rsa_viz.core.errors import InvalidPlan
from rsa_viz.core.fork import OtherSeed, fork_plan
from rsa_viz.core.genealogy import Plan, Streams
from rsa_viz.core.run import Candidates, ModelChoice, RunConfig
from rsa_viz.core.strategies import STRATEGIES, Shape, draw_plan, find_strategy, options_in_words, serves_shorter
from rsa_viz.core.strategies.islands import island_count, islands_at
from rsa_viz.core.verification import read_verification

STREAMS = Streams(0, "a problem")
CONFIG = RunConfig(ModelChoice("m"), n=8, k=2, t=5)
REPEATED = ("rsa", "self-refinement", "layered-mixture", "islands", "aggregate-once")
SINGLE = ("rejection", "majority-vote", "reference")


def drawn(config: RunConfig) -> Plan:
    return draw_plan(find_strategy(config.strategy), config, STREAMS)


@pytest.mark.parametrize("name", STRATEGIES)
def test_without_options_a_plan_is_the_strategys_own(name: str) -> None:
    config = replace(CONFIG, strategy=name)
    assert drawn(config) == find_strategy(name).plan(config.n, config.k, config.t, STREAMS)


def test_the_temperature_goes_from_the_first_to_the_last_generation_in_equal_steps() -> None:
    plan = drawn(replace(CONFIG, temperature=1.0, temperature_end=0.4))
    assert [{chain.temperature for chain in row} for row in plan.generations] == [{1.0}, {0.85}, {0.7}, {0.55}, {0.4}]


@pytest.mark.parametrize("name", REPEATED)
def test_fresh_chains_stand_in_childrens_places_and_change_nobody_else(name: str) -> None:
    config = replace(CONFIG, strategy=name, n=64)
    without, plan = drawn(config), drawn(replace(config, fresh_rate=0.25))
    fresh = [chain for chain in plan if chain.slot.t > 1 and not chain.parents]
    assert {chain.kind for chain in fresh} == {PromptKind.SAMPLE}
    assert [chain for chain in plan if chain not in fresh] == [
        chain for chain in without if chain.slot not in {one.slot for one in fresh}
    ]
    children = sum(chain.slot.t > 1 for chain in plan)
    assert abs(len(fresh) / children - 0.25) < 4 * (0.25 * 0.75 / children) ** 0.5
    assert all(not chain.parents for chain in drawn(replace(config, fresh_rate=1.0)))


def test_summaries_of_a_model_that_cannot_write_them_are_refused_before_anything_is_planned() -> None:
    config = replace(CONFIG, model=ModelChoice("tiny/holes"))
    with pytest.raises(InvalidPlan, match="tiny/holes cannot write summaries"):
        drawn(replace(config, candidates=Candidates.SUMMARY))
    assert drawn(replace(config, candidates=Candidates.TAIL))
    assert ModelChoice("synthetic/fast").summarises
    mixed = replace(CONFIG, aggregator=ModelChoice("tiny/holes"), candidates=Candidates.SUMMARY)
    with pytest.raises(InvalidPlan, match="tiny/holes cannot write summaries"):
        drawn(mixed)


def test_every_chain_that_has_children_is_summarised() -> None:
    plan = drawn(replace(CONFIG, candidates=Candidates.SUMMARY, fresh_rate=0.3))
    summarised = {chain.slot for chain in plan if chain.aside and chain.aside.kind is AsideKind.SUMMARISE}
    assert summarised == {slot for slot, children in plan.children.items() if children}
    assert 0 < len(summarised) < len(plan)
    assert plan.calls == len(plan) + len(summarised)
    assert len({chain.aside.seed for chain in plan if chain.aside} | {chain.seed for chain in plan}) == plan.calls


def test_a_chain_taken_over_by_a_fork_is_summarised_when_it_has_children_there() -> None:
    config = replace(CONFIG, k=1, candidates=Candidates.SUMMARY)
    other = OtherSeed(5)
    plan, drawn_anew = drawn(config), draw_plan(find_strategy("rsa"), config, Streams(5, "a problem"))
    assert any(chain.aside is None for chain in plan.generations[1])
    fork = fork_plan(plan, 2, other, config, drawn_anew)
    assert all(fork[slot].aside for slot, children in fork.children.items() if children)
    assert [chain.aside for chain in fork if plan[chain.slot].aside and chain.slot.t <= 2] == [
        chain.aside for chain in plan if chain.aside and chain.slot.t <= 2
    ]


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize(
    ("option", "says"),
    [
        ({"temperature_end": 0.5}, "temperature of the last generation has no effect in a run of one generation"),
        ({"fresh_rate": 0.5}, r"rate of fresh chains \(0.5\) has no effect.*set it to 0"),
        ({"candidates": Candidates.SUMMARY}, "candidates 'summary' has no effect.*set them to 'whole'"),
        ({"candidates": Candidates.TAIL}, "candidates 'tail' has no effect"),
    ],
)
def test_an_option_without_effect_is_refused(name: str, option: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidPlan, match=says):
        drawn(replace(CONFIG, strategy=name, **option))  # type: ignore[arg-type]


def test_an_aggregator_changes_no_plan_and_writes_whatever_sees_a_parent() -> None:
    config = replace(CONFIG, aggregator=ModelChoice("b"), fresh_rate=0.3)
    assert drawn(config) == drawn(replace(config, aggregator=None))
    writers = {kind: config.writer(kind).model for kind in PromptKind}
    assert writers == {PromptKind.SAMPLE: "m", PromptKind.AGGREGATE: "b", PromptKind.REFINE: "b"}
    assert {replace(config, aggregator=None).writer(kind).model for kind in PromptKind} == {"m"}
    assert [one.model for one in config.models] == ["m", "b"]
    assert options_in_words(config) == ("30 % fresh chains", "b aggregates")
    assert serves_shorter(find_strategy("rsa"), config)


def test_of_two_models_a_run_is_simulated_when_one_is_and_embedded_when_both_are() -> None:
    far, tiny, made = ModelChoice("m"), ModelChoice("tiny/holes"), ModelChoice("synthetic/fast")

    def told(model: ModelChoice, aggregator: ModelChoice) -> tuple[bool, bool]:
        config = replace(CONFIG, model=model, aggregator=aggregator)
        return config.simulated, config.embedded

    assert [told(far, made), told(made, far), told(tiny, made), told(tiny, far)] == [
        (True, False), (True, False), (True, True), (False, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (replace(CONFIG, t=1), "aggregator 'b' has no effect in a run of one generation.*leave it out"),
        (replace(CONFIG, strategy="reference"), "aggregator 'b' has no effect in a run of one generation"),
        (replace(CONFIG, model=ModelChoice("b")), "aggregator 'b' is the model that writes the samples"),
        (replace(CONFIG, fresh_rate=1.0), "aggregator 'b' has no effect where every chain is fresh"),
    ],
)
def test_an_aggregator_without_effect_is_refused(config: RunConfig, says: str) -> None:
    with pytest.raises(InvalidPlan, match=says):
        drawn(replace(config, aggregator=ModelChoice("b")))


def test_the_same_model_under_another_name_is_no_other_model() -> None:
    served = ModelChoice("openai/b", "http://gpu:8000/v1")
    with pytest.raises(InvalidPlan, match="aggregator 'lab' is the model that writes the samples"):
        drawn(replace(CONFIG, model=served, aggregator=replace(served, endpoint="lab")))
    drawn(replace(CONFIG, model=served, aggregator=replace(served, api_base="http://gpu:8001/v1")))


def test_which_runs_hold_the_shorter_ones() -> None:
    serving = [name for name, one in STRATEGIES.items() if serves_shorter(one, CONFIG)]
    assert serving == [name for name in STRATEGIES if name != "islands"]
    assert not serves_shorter(find_strategy("rsa"), replace(CONFIG, temperature_end=0.5))
    config = replace(CONFIG, fresh_rate=0.3)
    assert drawn(replace(config, t=3)).chains == drawn(config).chains[:24]


def test_rejection_verifies_every_sample() -> None:
    plan = drawn(replace(CONFIG, strategy="rejection"))
    assert (len(plan), plan.calls) == (8, 16)
    assert {chain.aside.kind for chain in plan if chain.aside} == {AsideKind.VERIFY}
    assert [chain.seed for chain in plan] == [chain.seed for chain in drawn(replace(CONFIG, strategy="reference"))]


def test_in_a_layered_mixture_every_child_sees_all_in_an_order_of_its_own() -> None:
    strategy = find_strategy("layered-mixture")
    assert strategy.shape(6, 2, 3) == Shape(6, 6, 3)
    children = [chain.parents for chain in strategy.plan(6, 2, 3, STREAMS) if chain.slot.t == 3]
    assert {tuple(sorted(parents)) for parents in children} == {tuple(Slot(2, i) for i in range(1, 7))}
    assert len(set(children)) > 1


@pytest.mark.parametrize(
    ("n", "k", "t", "counts"),
    [
        (16, 4, 10, [2, 2, 2, 2, 2, 1, 1, 1, 1]),
        (16, 2, 10, [4, 4, 4, 2, 2, 2, 1, 1, 1]),
        (64, 4, 3, [2, 1]),  # three generations leave no time for more
        (5, 2, 4, [2, 2, 1]),
    ],
)
def test_islands_merge_in_pairs_until_they_are_one(n: int, k: int, t: int, counts: list[int]) -> None:
    shape = Shape(n, k, t)
    assert [islands_at(shape, one) for one in range(2, t + 1)] == counts
    for chain in find_strategy("islands").plan(n, k, t, STREAMS):
        if chain.parents:
            count = islands_at(shape, chain.slot.t)
            edges = [island * n // count for island in range(count + 1)]
            mine = next(high for high in edges if chain.slot.i <= high)
            assert {next(high for high in edges if parent.i <= high) for parent in chain.parents} == {mine}
            assert len(chain.parents) == k


@pytest.mark.parametrize(("n", "k", "t", "says"), [(7, 4, 9, "2 K = 8 chains, and N is 7"), (8, 4, 2, "T is 2")])
def test_a_population_without_room_for_two_islands_is_refused(n: int, k: int, t: int, says: str) -> None:
    with pytest.raises(InvalidPlan, match=says):
        island_count(Shape(n, k, t))


@pytest.mark.parametrize(
    ("text", "characters", "seen"),
    [
        ("short", 5, "short"),
        ("one two\nthree four\nfive six", 22, f"{CUT}\nthree four\nfive six"),  # a line within the first quarter
        ("one two three four five six seven", 12, f"{CUT}\nsix seven"),  # else a word within the first half
        ("one two three", 5, f"{CUT}\nthree"),  # on a boundary already
        ("abcdefghijklmnop", 4, f"{CUT}\nmnop"),
        ("  blanks around \n", 13, "blanks around"),
    ],
)
def test_a_tail_begins_with_a_line_or_a_word_and_says_that_it_is_one(text: str, characters: int, seen: str) -> None:
    assert tail(text, characters) == seen


def test_children_see_a_summary_where_there_is_one() -> None:
    config = replace(CONFIG, candidates=Candidates.SUMMARY)
    assert seen_by_children("text", "short", config) == "short"
    assert [seen_by_children("text", none, config) for none in (None, "", " \n")] == ["text"] * 3
    assert seen_by_children("text", "short", CONFIG) == "text"
    assert seen_by_children(
        "a long text", None, replace(CONFIG, candidates=Candidates.TAIL, tail_characters=4)
    ).endswith("\ntext")


@pytest.mark.parametrize(
    ("accepted", "texts"),
    [
        (
            True,
            [
                *("True", "true.", "**True**", "The final answer: TRUE", "\\boxed{True}", "\\boxed{\\text{true}}"),
                *("False? I look again. True", "Yes", "yes.", "Yes, it is.\nTrue", "Is it correct? Yes", "not False"),
                *("True or False? I say: True", "<think>false start</think>\nTrue"),
            ],
        ),
        (
            False,
            [
                *("False", "false", "'False'", "\\boxed{False}", "True at first sight, but line 3 slips: False"),
                *("No", "No.", "no", "No, line 3 is wrong.", "The answer is not true", "It isn't true."),
                *("I was asked True or False.\nFalse", "Verdict: **False**."),
            ],
        ),
        (None, ["", " ", "?", "maybe", "True or False", "I cannot tell", "No problem was found in it", "truely", "42"]),
    ],
)
def test_what_a_verification_says_is_read_or_unknown(accepted: bool | None, texts: list[str]) -> None:
    assert {text: read_verification(text) for text in texts} == dict.fromkeys(texts, accepted)
