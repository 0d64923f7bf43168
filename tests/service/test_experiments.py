"""Experiments on a real database with the embedded model: what is planned, reused, extended, driven and told."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rsa_viz.core.access import Access
from rsa_viz.core.chain import Verdict
from rsa_viz.core.errors import InvalidInput, NotFound
from rsa_viz.core.price import Price
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import RunStatus
from rsa_viz.core.spec import read_spec, spec_content
from rsa_viz.core.toml import to_toml
from rsa_viz.llm.endpoints import Endpoint
from rsa_viz.service import Service
from rsa_viz.service.experiment_planning import Planned
from rsa_viz.service.layout import Layout, read_toml
from rsa_viz.store import Store
from tests.servers.openai_server import OpenAIServer, Reply

SMALL: dict[str, Any] = {
    "name": "small",
    "seeds": 2,
    "problems": [{"programs": 2, "lines": 3}],
    "defaults": {"model": "synthetic/fast", "n": 3, "k": 2},
    "arms": [{"name": "RSA", "t": [1, 2]}, {"name": "Reference", "strategy": "reference", "k": [1, 2]}],
}
PRICED = Endpoint("priced", "synthetic/fast", "Priced", price=Price(1e6, 2e6, "EUR"), concurrency=3)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(Store(tmp_path / "runs.db"), (PRICED,))
    yield service
    service.close()


def laid(service: Service, folder: Path | None = None, **changes: Any) -> Layout:
    return service.experiments.lay_out(read_spec({**SMALL, **changes}), where="x.toml", folder=folder)


def planned(service: Service, **changes: Any) -> Planned:
    return service.experiments.plan(laid(service, **changes))


def driven(service: Service, found: Planned) -> list[RunStatus]:
    service.experiments.start(found.experiment.id)
    assert service.experiments.wait(found.experiment.id, timeout=60)
    return [service.store.run(run_id).status for run_id in found.experiment.run_ids]


def test_points_that_others_serve_are_not_run_and_planning_twice_adds_nothing(service: Service) -> None:
    layout = laid(service)
    assert layout.served_by == (1, 1, 2, 2)
    assert layout.names == ("RSA", "Reference")
    first = service.experiments.plan(layout)
    assert (first.added, first.reused, first.dropped) == (8, 0, 0)
    runs = [service.store.run(run_id) for run_id in first.experiment.run_ids]
    assert [(run.config.seed, run.problem.key, run.config.strategy, run.config.t) for run in runs] == [
        (seed, problem.key, strategy, t)
        for seed in (0, 1)
        for problem in layout.problems
        for strategy, t in (("rsa", 2), ("reference", 1))
    ]
    assert {run.note for run in runs} == {"small: RSA", "small: Reference"}
    again = planned(service)
    assert (again.added, again.reused, again.dropped) == (0, 8, 0)
    assert again.experiment == first.experiment == service.experiments.store.find("small")


def test_an_extension_adds_what_is_missing_and_a_smaller_version_sets_aside_what_is_too_much(service: Service) -> None:
    first = planned(service)
    more = planned(service, seeds=3, problems=[{"programs": 3, "lines": 3}])
    assert (more.added, more.reused, more.dropped) == (10, 8, 0)
    assert set(first.experiment.run_ids) < set(more.experiment.run_ids)
    less = planned(service, seeds=1, arms=SMALL["arms"][:1])
    assert (less.added, less.reused, less.dropped) == (0, 2, 16)
    assert service.store.count_runs() == 18


def test_a_run_that_is_recorded_is_used_again_wherever_it_comes_from_unless_fresh_ones_are_wanted(
    service: Service,
) -> None:
    (wanted, *_) = laid(service).wanted()
    longer = replace(wanted.config, t=4, retries=1, concurrency=2)
    by_hand = service.create(wanted.problem, longer, prompts=replace(PLAIN, name="mine"))
    service.create(wanted.problem, replace(longer, temperature=0.4))
    assert sum(one.reused for one in service.experiments.foresee(laid(service))) == 1
    assert sum(one.reused for one in service.experiments.foresee(laid(service), fresh=True)) == 0
    assert by_hand.id in planned(service).experiment.run_ids
    other = service.experiments.plan(laid(service, name="other"), fresh=True)
    assert (other.added, other.reused) == (8, 0)
    assert service.experiments.plan(laid(service, name="other"), fresh=True).reused == 8


def test_no_finished_call_is_made_twice(service: Service) -> None:
    first = planned(service)
    assert set(driven(service, first)) == {RunStatus.DONE}
    before = {run_id: service.store.chains(run_id, text=True) for run_id in first.experiment.run_ids}
    more = planned(service, seeds=3)
    assert set(driven(service, more)) == {RunStatus.DONE}
    assert {run_id: service.store.chains(run_id, text=True) for run_id in before} == before


def test_its_progress_counts_calls_tokens_cost_and_right_chains_as_persons_ruled(service: Service) -> None:
    found = planned(service, defaults={"model": "priced", "n": 3, "k": 2})
    seen = service.experiments.progress(found.experiment.id)
    assert (seen.calls, seen.done, seen.left, seen.tokens_in, seen.right) == (36, 0, 36, 0, {})
    assert (seen.live, seen.seconds_left, seen.cost) == (False, None, {})
    assert set(driven(service, found)) == {RunStatus.DONE}
    seen = service.experiments.progress(found.experiment.id)
    chains = {run_id: service.store.chains(run_id) for run_id in found.experiment.run_ids}
    every = [chain for row in chains.values() for chain in row]
    assert (seen.done, seen.left, seen.runs_done, seen.uncounted) == (36, 0, 8, 0)
    assert seen.tokens_in == sum(chain.tokens_in or 0 for chain in every)
    assert seen.cost == {"EUR": pytest.approx(seen.tokens_in + 2 * seen.tokens_out)}
    assert seen.calls_per_minute > 0
    run_id = found.experiment.run_ids[0]
    last = [chain for chain in chains[run_id] if chain.slot.t == 2]
    right = sum(chain.verdict is Verdict.RIGHT for chain in last)
    assert seen.right[run_id] == (right, 3 - right)
    one = next(chain for chain in last)
    overruled = Verdict.WRONG if one.verdict is Verdict.RIGHT else Verdict.RIGHT
    service.store.rule_verdict(run_id, one.slot, overruled)
    changed = right + (1 if overruled is Verdict.RIGHT else -1)
    assert service.experiments.progress(found.experiment.id).right[run_id] == (changed, 3 - changed)


def test_what_is_foreseen_shrinks_to_what_is_left(service: Service) -> None:
    whole = service.experiments.foresee(laid(service, defaults={"model": "priced", "n": 3, "k": 2}))
    assert [(one.name, one.runs, one.reused, one.calls) for one in whole] == [
        ("RSA", 4, 0, 24), ("Reference", 4, 0, 12),
    ]  # fmt: skip
    assert whole[0].serves == ("RSA · T 1", "RSA · T 2")
    assert whole[0].bill.by_currency == {"EUR": pytest.approx(whole[0].tokens_in + 2 * whole[0].tokens_out)}
    found = planned(service, seeds=1, defaults={"model": "priced", "n": 3, "k": 2})
    driven(service, found)
    left = service.experiments.foresee(laid(service, defaults={"model": "priced", "n": 3, "k": 2}))
    assert [(one.reused, one.calls) for one in left] == [(2, 12), (2, 6)]


def test_every_run_has_its_place_among_points_problems_and_seeds(service: Service) -> None:
    found = planned(service)
    places = service.experiments.places(found.experiment)
    assert [(one.point, one.problem, one.seed) for one in places] == [
        (point, problem, seed) for seed in (0, 1) for problem in (0, 1) for point in ("RSA", "Reference")
    ]
    service.store.delete_run(found.experiment.run_ids[1])
    assert len(service.experiments.places(found.experiment)) == 7


def test_an_endpoint_that_cannot_be_used_stops_its_runs_and_no_others(service: Service) -> None:
    with OpenAIServer(script=lambda messages: Reply(status=401)) as server:
        bad = {"name": "Bad", "model": {"model": "openai/x", "api_base": server.address}}
        found = planned(service, arms=[bad, {"name": "Good"}], seeds=1)
        statuses = driven(service, found)
    runs = [service.store.run(run_id) for run_id in found.experiment.run_ids]
    by_arm = {
        arm: [status for run, status in zip(runs, statuses, strict=True) if run.note == f"small: {arm}"]
        for arm in ("Bad", "Good")
    }
    assert by_arm == {"Bad": [RunStatus.FAILED, RunStatus.PLANNED], "Good": [RunStatus.DONE] * 2}
    (error,) = service.experiments.progress(found.experiment.id).errors
    assert "401" in error


@pytest.mark.parametrize("wanted", ["pause", "stop"])
def test_it_is_paused_or_stopped_from_another_service_and_gone_on_with(service: Service, wanted: str) -> None:
    slow = {"model": "synthetic/speed=120", "n": 3, "k": 2, "concurrency": 2}
    found = planned(service, defaults=slow, seeds=1, arms=SMALL["arms"][:1])
    service.experiments.start(found.experiment.id)
    while not service.experiments.progress(found.experiment.id).done:
        assert service.experiments.at_work(found.experiment.id)
    elsewhere = Service(service.store, (PRICED,))
    getattr(elsewhere.experiments, wanted)(found.experiment.id)
    assert service.experiments.wait(found.experiment.id, timeout=60)
    statuses = {service.store.run(run_id).status for run_id in found.experiment.run_ids}
    assert {"pause": RunStatus.PAUSED, "stop": RunStatus.STOPPED}[wanted] in statuses
    assert RunStatus.RUNNING not in statuses
    assert not elsewhere.experiments.progress(found.experiment.id).live
    if wanted == "pause":
        assert set(driven(service, found)) == {RunStatus.DONE}


def test_it_is_planned_and_started_in_the_background(service: Service) -> None:
    preparing = service.experiments.prepare(laid(service))
    assert service.experiments.preparing("small") is preparing
    preparing.wait(60)
    assert (preparing.done, preparing.total, preparing.error) == (8, 8, "")
    assert preparing.planned is not None
    assert set(driven(service, preparing.planned)) == {RunStatus.DONE}


def test_what_may_change_is_written_into_the_specification_that_is_kept(service: Service, tmp_path: Path) -> None:
    rows = [
        {"question": "1 + 1?", "gold": "2"},
        {"question": "  "},
        {"question": "2 + 2?", "gold": "4", "title": "two"},
    ]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, rows)))
    prompts = {"terse": {**PLAIN.templates, "sample": "{{question}} Be brief."}}
    arms = [{"name": "A", "prompts": "terse"}]
    changes: dict[str, Any] = {"problems": [{"file": "mine.jsonl", "task": "text"}], "prompts": prompts, "arms": arms}
    layout = laid(service, tmp_path, **changes)
    assert [problem.gold for problem in layout.problems] == ["2", "4"]
    assert len(layout.left_out) == 1
    assert "[[problems]] 1: row 2" in layout.left_out[0]
    found = service.experiments.plan(layout)
    (tmp_path / "mine.jsonl").unlink()
    written = to_toml(found.experiment.spec)
    kept = read_toml(written, "kept.toml")
    assert spec_content(kept) == found.experiment.spec == tomllib.loads(written)
    again = service.experiments.plan(service.experiments.lay_out(kept))
    assert (again.added, again.reused, again.experiment) == (0, 4, found.experiment)
    assert {service.store.run(run_id).prompts.label for run_id in again.experiment.run_ids} == {"terse, version 1"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"problems": [{"bundled": "programs"}]}, "x.toml, [[problems]] 1: no task is called 'programs'"),
        ({"problems": [{"programs": 0}]}, "[[problems]] 1: programs must be a whole number of at least 1, not 0"),
        ({"problems": [{"programs": 1, "lines": [5, 3]}]}, "5 to 3"),
        ({"problems": [{"programs": 1, "lines": "many"}]}, "lines must be a whole number, or two"),
        ({"problems": [{"holes": 1, "guesses": [1, 5]}]}, "0 to 4 guesses, and a range goes up: not 1 to 5"),
        ({"problems": [{"holes": 1, "modulus": 7}]}, "there is no key 'modulus'"),
        ({"problems": [{"question": "love?", "task": "program"}]}, "[[problems]] 1: the question is no program"),
        ({"problems": [{"file": "none.csv"}]}, "[[problems]] 1: file 'none.csv' cannot be read from here"),
        ({"problems": [{"file": "x", "columns": {"gold": 3}}]}, "cannot be read from here"),
        ({"arms": [{"name": "A", "n": 4, "k": 5}]}, "x.toml, [[arms]] 1 (A): K = 5 distinct parents"),
        ({"arms": [{"name": "A", "n": "four"}]}, "[[arms]] 1 (A): N (population size) must be a whole number"),
        ({"arms": [{"name": "A", "strategy": "magic"}]}, "[[arms]] 1 (A): no strategy is called 'magic'"),
        ({"arms": [{"name": "A", "strategy": "leave-one-out"}]}, "is made from other runs"),
        ({"arms": [{"name": "A", "prompts": "ornate"}]}, "[[arms]] 1 (A): no prompt set is called 'ornate'"),
        ({"arms": [{"name": "A", "model": "synthetic/x=1"}]}, "cannot be read at 'x=1'"),
        ({"arms": [{"name": "A", "model": {"api_base": "x"}}]}, "model must be a name, or a table"),
        ({"seeds": 1000, "problems": [{"programs": 11}]}, "are 22,000 runs; an experiment has at most 20,000"),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_place_before_anything_is_stored(
    service: Service, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        planned(service, **changes)
    assert says in str(refused.value)
    assert service.experiments.store.all() == []
    assert service.store.count_runs() == 0


def test_visitors_read_no_file_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("question,gold\n1 + 1?,2\n")
    visited = Service(Store(tmp_path / "runs.db"), (PRICED,), access=Access(visitors=True))
    with pytest.raises(InvalidInput, match="cannot be read from here"):
        laid(visited, tmp_path, problems=[{"file": "secret.csv"}])


def test_deleting_one_keeps_the_runs_that_another_has_too(service: Service) -> None:
    first, second = planned(service), planned(service, name="other", seeds=1)
    shared = set(second.experiment.run_ids)
    assert shared < set(first.experiment.run_ids)
    assert service.experiments.delete(first.experiment.id, runs=True) == 4
    assert {run.id for run in service.store.runs()} == shared
    assert service.experiments.delete(second.experiment.id) == 0
    assert service.store.count_runs() == 4
    with pytest.raises(NotFound):
        service.experiments.delete(first.experiment.id)
    assert service.experiments.store.all() == []
