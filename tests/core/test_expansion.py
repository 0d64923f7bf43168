"""The fewest runs that serve all points of an experiment, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

from rsa_viz.core.expansion import Point, covering, labels, run_key, serving, settings_key, settled, wanted_runs
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import Candidates, ModelChoice, RunConfig

BASE = RunConfig(ModelChoice("synthetic/fast"), n=8, k=4, t=5)
ONE, TWO = Problem("text", "1 + 1?", "2"), Problem("text", "2 + 2?", "4")


def points(*configs: RunConfig) -> list[Point]:
    return [Point("arm", settled(config), PLAIN) for config in configs]


def test_one_run_serves_every_t_below_its_own() -> None:
    assert serving(points(replace(BASE, t=2), BASE, replace(BASE, t=3), replace(BASE, k=2, t=2))) == (1, 1, 1, 3)


def test_a_temperature_schedule_ends_with_its_run_so_each_t_is_run() -> None:
    heated = replace(BASE, temperature_end=0.2)
    assert serving(points(replace(heated, t=2), heated, replace(heated, t=2))) == (0, 1, 0)


def test_islands_of_fewer_generations_are_other_runs() -> None:
    islands = replace(BASE, strategy="islands", n=16, k=2, t=6)
    assert serving(points(replace(islands, t=4), islands)) == (0, 1)


def test_settings_that_a_strategy_does_not_read_make_no_further_runs() -> None:
    reference = replace(BASE, strategy="reference")
    varied = [
        replace(reference, k=2, t=9), replace(reference, temperature_end=0.1), replace(reference, fresh_rate=0.5),
        replace(reference, candidates=Candidates.TAIL, tail_characters=9), replace(reference, retries=0, timeout_s=3.0),
        replace(reference, concurrency=1),
    ]  # fmt: skip
    assert set(serving(points(reference, *varied))) == {0}
    assert serving(points(BASE, replace(BASE, tail_characters=9))) == (0, 0)
    tails = replace(BASE, candidates=Candidates.TAIL)
    assert serving(points(tails, replace(tails, tail_characters=9))) == (0, 1)


def test_an_aggregator_makes_runs_of_its_own_unless_it_is_the_model_or_nothing_is_aggregated() -> None:
    other = ModelChoice("synthetic/sloppy")
    two = replace(BASE, aggregator=other)
    assert serving(points(BASE, two, replace(two, t=3), replace(two, t=1))) == (0, 1, 1, 0)
    assert serving(points(BASE, replace(BASE, aggregator=replace(BASE.model, endpoint="fast")))) == (0, 0)
    assert serving(points(replace(BASE, strategy="reference"), replace(two, strategy="reference"))) == (0, 0)
    assert labels(points(BASE, two)) == ("arm · aggregator none", "arm · aggregator synthetic/sloppy")


def test_an_aggregators_server_counts_and_its_name_does_not() -> None:
    def key(*choice: str | None) -> str:
        return settings_key(replace(BASE, aggregator=ModelChoice("openai/x", *choice)), PLAIN)

    assert key("http://a:1", "KEY", "mine") == key("http://a:1")
    assert len({key("http://a:1"), key("http://b:1"), key(None, None, "pool"), settings_key(BASE, PLAIN)}) == 4
    swapped = RunConfig(ModelChoice("openai/x", "http://a:1"), n=8, k=4, t=5, aggregator=BASE.model)
    assert settings_key(swapped, PLAIN) != key("http://a:1")


def test_runs_come_by_seed_then_problem_then_point() -> None:
    two = points(BASE, replace(BASE, k=2))
    runs = list(wanted_runs(two, [ONE, TWO], [7, 8]))
    assert [(one.config.seed, one.problem.gold, one.config.k) for one in runs] == [
        (7, "2", 4), (7, "2", 2), (7, "4", 4), (7, "4", 2), (8, "2", 4), (8, "2", 2), (8, "4", 4), (8, "4", 2),
    ]  # fmt: skip
    assert len({one.key for one in runs}) == 8


def test_a_runs_key_is_made_of_what_decides_its_outcome_alone() -> None:
    def key(config: RunConfig = BASE, prompts=PLAIN) -> str:
        return settings_key(config, prompts)

    same = [replace(BASE, t=9), replace(BASE, seed=4), replace(BASE, concurrency=2, retries=1, timeout_s=9.0)]
    assert {key(one) for one in same} == {key()}
    assert key(prompts=replace(PLAIN, name="mine", version=7)) == key()
    others = [replace(BASE, n=9), replace(BASE, temperature=0.5), replace(BASE, max_tokens=9), replace(BASE, k=3)]
    assert len({key(one) for one in [BASE, *others]}) == 5
    assert key(prompts=replace(PLAIN, sample="{{question}}")) != key()
    here = replace(BASE, model=ModelChoice("openai/x", "http://a:1", "KEY", "mine"))
    assert key(replace(here, model=ModelChoice("openai/x", "http://a:1"))) == key(here)
    assert key(replace(here, model=ModelChoice("openai/x", "http://b:1"))) != key(here)
    pools = [replace(BASE, model=ModelChoice("openai/x", None, None, name)) for name in ("one", "two")]
    assert key(pools[0]) != key(pools[1])
    assert run_key(ONE, 0, key()) != run_key(TWO, 0, key()) != run_key(TWO, 1, key())


def test_a_recorded_run_of_more_generations_covers_but_one_of_the_same_goes_before() -> None:
    (wanted,) = wanted_runs(points(BASE), [ONE], [0])
    assert covering(wanted, {}) is None
    assert covering(wanted, {wanted.key: [("short", 4)]}) is None
    assert covering(wanted, {wanted.key: [("short", 4), ("long", 9), ("longer", 12)]}) == "long"
    assert covering(wanted, {wanted.key: [("long", 9), ("same", 5)]}) == "same"
    (heated,) = wanted_runs(points(replace(BASE, temperature_end=0.3)), [ONE], [0])
    assert covering(heated, {heated.key: [("long", 9)]}) is None


def test_a_point_is_called_by_its_arm_and_what_differs_within_it() -> None:
    here = [
        Point("RSA", BASE, PLAIN),
        Point("RSA", replace(BASE, k=2, temperature_end=0.5), PLAIN),
        Point("Reference", replace(BASE, strategy="reference"), PLAIN),
    ]
    assert labels(here) == ("RSA · K 4 · temperature end None", "RSA · K 2 · temperature end 0.5", "Reference")
