"""Experiments as they are kept, what is known of many runs at a glance, and the signs of life of many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from stored_runs import PROBLEM, RIGHT, UNKNOWN, done, drawn_run, failed, finish_small_run, small_run

from rsa_viz.core.chain import Answer, InFlight, Slot, Verdict
from rsa_viz.core.errors import NotFound
from rsa_viz.core.experiment import Counted, Tally
from rsa_viz.core.run import ModelChoice, RunOrigin, RunStatus
from rsa_viz.store import Store, owner_name
from rsa_viz.store.experiment_store import ExperimentStore

pytestmark = pytest.mark.usefixtures("unflushed")


@pytest.fixture
def kept(store: Store) -> ExperimentStore:
    return ExperimentStore(store.database)


def test_an_experiment_is_kept_under_its_name_and_its_runs_in_their_order(store: Store, kept: ExperimentStore) -> None:
    first = kept.save("heat", "a note", {"seeds": [1, 2]})
    assert (first.name, first.note, first.spec, first.run_ids) == ("heat", "a note", {"seeds": [1, 2]}, ())
    runs = [small_run(store).id for _ in range(3)]
    kept.set_runs(first.id, [runs[2], runs[0], runs[2], "gone"])
    changed = kept.save("heat", "", {"seeds": [3]})
    assert (changed.id, changed.spec, changed.run_ids) == (first.id, {"seeds": [3]}, (runs[2], runs[0]))
    assert kept.find("heat") == kept.find(first.id) == changed
    kept.set_runs(first.id, runs)
    assert [one.run_id for one in kept.members(first.id)] == runs
    store.delete_run(runs[1])
    assert kept.find("heat").run_ids == (runs[0], runs[2])
    kept.delete(first.id)
    assert store.count_runs() == 2
    for ask in (kept.find, kept.delete):
        with pytest.raises(NotFound, match=first.id):
            ask(first.id)
    assert kept.members(first.id) == []


def test_the_list_tells_how_far_each_is(store: Store, kept: ExperimentStore) -> None:
    kept.save("empty", "", {})
    full = kept.save("full", "", {})
    finished, other = small_run(store), small_run(store)
    kept.set_runs(full.id, [finished.id, other.id])
    store.claim(finished.id, owner_name())
    finish_small_run(store, finished.id)
    store.release(finished.id, owner_name(), RunStatus.DONE)
    store.claim(other.id, owner_name())
    found = {one.name: tally for one, tally in kept.all()}
    assert found == {"empty": Tally(), "full": Tally(runs=2, done=1, calls=12, ended=6, running=1)}
    seen = kept.members(full.id)
    assert [(one.status, one.done, one.failed, one.left) for one in seen] == [
        (RunStatus.DONE, 5, 1, 0), (RunStatus.RUNNING, 0, 0, 6),
    ]  # fmt: skip
    assert [(one.models, one.served_by, one.generations) for one in seen[:1]] == [
        ((ModelChoice("openai/small"),), "openai/small", 2)
    ]


def test_tokens_and_right_chains_of_many_runs_are_told_at_once(store: Store, kept: ExperimentStore) -> None:
    finished, begun, ruled = small_run(store), small_run(store), small_run(store)
    for run in (finished, ruled):
        finish_small_run(store, run.id)
    store.record(begun.id, failed(1, 1), None, UNKNOWN, "lab")
    store.record(begun.id, done(1, 2), Answer("42", "42", 8, 10), RIGHT, "lab")
    store.rule_verdict(ruled.id, Slot(2, 1), Verdict.WRONG)
    ids = [finished.id, begun.id, ruled.id, "gone"]
    whole, part, none = Counted(100, 150, 0), Counted(20, 30, 0), Counted()
    assert kept.tokens(ids) == {finished.id: (whole, none), begun.id: (part, none), ruled.id: (whole, none)}
    right = kept.last_right(ids)
    wholly = right[finished.id]
    assert sum(wholly) == sum(right[ruled.id]) == 3
    assert right[ruled.id] == (wholly[0] - 1, wholly[1] + 1)
    assert begun.id not in right
    assert kept.tokens([]) == kept.last_right([]) == {}


def test_forks_are_no_runs_to_be_used_again(store: Store, kept: ExperimentStore) -> None:
    run = small_run(store)
    finish_small_run(store, run.id)
    plan = store.plan(run.id)
    origin = RunOrigin(run.id, 1, "what if")
    copied = {one.slot: one.slot for one in plan if one.slot.t == 1}
    fork = store.create_fork(origin, run.config, run.prompts, plan, copied=copied)
    assert [one.id for one in kept.runs_of(["openai/small"])] == [run.id]
    assert list(kept.runs_of(["openai/other"])) == []
    assert fork.problem == PROBLEM


def test_runs_alone_are_those_that_no_other_experiment_has(store: Store, kept: ExperimentStore) -> None:
    runs = [small_run(store).id for _ in range(3)]
    one, two = kept.save("one", "", {}), kept.save("two", "", {})
    kept.set_runs(one.id, runs)
    kept.set_runs(two.id, runs[1:2])
    assert sorted(kept.alone(one.id)) == sorted([runs[0], runs[2]])
    assert kept.alone(two.id) == []


def test_signs_of_life_of_many_runs_bring_what_is_asked_of_each_that_is_still_ours(store: Store) -> None:
    mine, asked, taken, free = (small_run(store).id for _ in range(4))
    for run_id in (mine, asked):
        store.claim(run_id, owner_name())
    store.claim(taken, "elsewhere:1:other")
    store.ask(asked, "pause")
    flight = [InFlight(Slot(1, 1), 1, 1.0, 2.0, 3, 1, "abc")]
    told = store.exchange(owner_name(), {mine: flight, asked: None, taken: flight, free: flight, "gone": flight})
    assert told == {mine: "run", asked: "pause"}
    assert [one.tail for one in store.in_flight(mine)] == ["abc"]
    assert store.in_flight(asked) == store.in_flight(free) == []
    store.exchange(owner_name(), {mine: None})
    assert len(store.in_flight(mine)) == 1
    store.exchange(owner_name(), {mine: []})
    assert store.in_flight(mine) == []
    assert store.exchange(owner_name(), {}) == {}


QUESTIONS: dict[str, Callable[[Store, ExperimentStore, str, str], object]] = {
    "find": lambda store, kept, experiment, run: kept.find(experiment),
    "set_runs": lambda store, kept, experiment, run: kept.set_runs(experiment, [run]),
    "members": lambda store, kept, experiment, run: kept.members(experiment),
    "tokens": lambda store, kept, experiment, run: kept.tokens([run]),
    "last_right": lambda store, kept, experiment, run: kept.last_right([run]),
    "alone": lambda store, kept, experiment, run: kept.alone(experiment),
    "exchange": lambda store, kept, experiment, run: store.exchange(owner_name(), {run: []}),
    "delete": lambda store, kept, experiment, run: kept.delete(experiment),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_asked_again_and_again_is_answered_by_an_index(
    store: Store, kept: ExperimentStore, question: str
) -> None:
    if store.database.__class__.__name__ != "SqliteFile":
        pytest.skip("SQLite tells its plans")
    runs = [drawn_run(store, 4, 2, 3).id for _ in range(4)]
    found = kept.save("some", "", {})
    kept.set_runs(found.id, runs)
    store.claim(runs[0], owner_name())
    store.record(runs[0], done(1, 1), Answer("1", "1", 0, 1), UNKNOWN, "lab")
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((statement, parameters[0] if many else parameters))

    engine = store.database._engine
    event.listen(engine, "before_cursor_execute", note)
    QUESTIONS[question](store, kept, found.id, runs[0])
    event.remove(engine, "before_cursor_execute", note)
    assert asked
    for statement, parameters in asked:
        with store.database.read() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        for *_, step in plan:
            assert not step.startswith("SCAN") or "USING" in step or step == "SCAN experiment", (step, statement)
