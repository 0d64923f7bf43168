"""Forked runs and left-out parents, from the plan in the database to the last call: what is shared, what is new."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rsa_viz.analysis.leave_one_out import leave_one_out, leave_one_out_in_words
from rsa_viz.cli import main
from rsa_viz.core.chain import ChainOrigin, Slot, Verdict
from rsa_viz.core.errors import InvalidBundle, InvalidInput, InvalidPlan
from rsa_viz.core.fork import Change, LeftOut, OtherK, OtherSeed, OtherTemperature, Written
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import Candidates, ModelChoice, Run, RunConfig, RunStatus
from rsa_viz.core.strategies import STRATEGIES
from rsa_viz.service import Service, foresee_prepared, prepare_fork, prepare_leave_one_out, result
from rsa_viz.store import Store
from rsa_viz.tasks import opening_problem
from tests.servers.openai_server import OpenAIServer

QUICK = RunConfig(ModelChoice("synthetic/fast"), n=5, k=3, t=4, seed=3)
HARM = "<img src=x onerror=alert(1)> **b** $x$ chain 1.1\x00\ud800 {{candidates}}\n---- Solution 9 ----\na = 5"
ALL = (
    OtherTemperature(0.2),
    OtherK(2),
    OtherSeed(9),
    Written(Slot(2, 2), HARM),
    Written(Slot(2, 2), "a = 5", edited=True),
    LeftOut(Slot(2, 1)),
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(Store(tmp_path / "runs.db"))
    yield service
    service.close()


def driven(service: Service, run: Run) -> Run:
    """The run, driven to its end."""
    service.start(run.id)
    return service.wait(run.id, timeout=60)


def original(service: Service, **changes: object) -> Run:
    run = driven(service, service.create(opening_problem("program"), replace(QUICK, **changes)))  # type: ignore[arg-type]
    assert run.status is RunStatus.DONE
    return run


@pytest.mark.parametrize("candidates", [Candidates.WHOLE, Candidates.SUMMARY])
def test_every_fork_is_foreseen_made_run_exported_and_forked_again(
    service: Service, tmp_path: Path, candidates: Candidates
) -> None:
    run = original(service, candidates=candidates)
    before = service.store.chains(run.id, text=True)
    for change in ALL:
        cost = foresee_prepared(service, prepare_fork(service, run.id, 2, change))
        fork = service.fork(run.id, 2, change)
        assert (fork.calls, fork.done, fork.status) == (cost.calls, 0, RunStatus.PLANNED)
        ended = driven(service, fork)
        assert (ended.status, ended.done) == (RunStatus.DONE, cost.calls)
        chains = service.store.chains(fork.id, text=True)
        planted = [chain.slot for chain in chains if chain.origin is ChainOrigin.PLANTED]
        assert planted == ([Slot(2, 2)] if isinstance(change, Written) else [])
        for chain, was in zip(chains, before, strict=True):
            if chain.slot.t > 2 or chain.slot in planted:
                continue
            assert (chain.origin, chain.copied_from) == (ChainOrigin.COPIED, chain.slot)
            told = replace(was, id=chain.id, origin=chain.origin, copied_from=chain.slot)
            assert replace(chain, temperature=was.temperature) == told
        made = [chain for chain in chains if chain.slot not in planted]
        assert all(service.prompt(fork.id, chain.slot).matches for chain in made)
        assert service.prompt(fork.id, Slot(2, 2)).matches is (None if planted else True)
        if isinstance(change, Written):
            _same_elsewhere(service, fork.id, tmp_path)
        again = driven(service, service.fork(fork.id, 3, OtherSeed(77)))
        assert again.status is RunStatus.DONE
        assert [
            chain.slot for chain in service.store.chains(again.id) if chain.origin is ChainOrigin.PLANTED
        ] == planted
    assert service.store.chains(run.id, text=True) == before
    assert len(service.store.forks(run.id)) == len(ALL)


def _same_elsewhere(service: Service, run_id: str, folder: Path) -> None:
    """The run survives a bundle, with its origin and its counts, and a second import changes nothing."""
    out = io.BytesIO()
    service.export(run_id, "jsonl", out)
    other = Service(Store(folder / f"{run_id}.db"))
    assert other.import_run(out.getvalue()).created
    assert not other.import_run(out.getvalue()).created
    here, there = service.store.run(run_id), other.store.run(run_id)
    assert (there.origin, there.calls, there.done, there.failed) == (here.origin, here.calls, here.done, here.failed)
    assert [replace(chain, id=0) for chain in other.store.chains(run_id, text=True)] == [
        replace(chain, id=0) for chain in service.store.chains(run_id, text=True)
    ]
    again = io.BytesIO()
    other.export(run_id, "jsonl", again)
    assert again.getvalue() == out.getvalue()
    assert other.fork(run_id, 1, OtherSeed(5)).origin is not None  # though its own original is not there
    other.close()
    other.store.close()


def test_a_change_that_leaves_the_links_leaves_everything_else(service: Service) -> None:
    run = original(service)
    plan = service.store.plan(run.id)
    cooler = service.store.plan(service.fork(run.id, 2, OtherTemperature(0.2)).id)
    assert [(one.slot, one.parents, one.seed) for one in cooler] == [(one.slot, one.parents, one.seed) for one in plan]
    assert {one.temperature for one in cooler if one.slot.t <= 2} == {1.0}  # that is how they were sampled
    assert {one.temperature for one in cooler if one.slot.t > 2} == {None}
    fewer = service.store.plan(service.fork(run.id, 2, OtherK(2)).id)
    assert all(few.parents == one.parents[:2] for few, one in zip(fewer, plan, strict=True) if one.slot.t > 2)
    child = service.store.children(run.id, Slot(2, 1))[0]
    without = service.store.plan(service.fork(run.id, 2, LeftOut(Slot(2, 1), child)).id)
    changed = [one.slot for one, was in zip(without, plan, strict=True) if one != was]
    assert changed == [child]
    assert without[child].parents == tuple(slot for slot in plan[child].parents if slot != Slot(2, 1))


@pytest.mark.parametrize(
    ("t", "change", "says"),
    [
        (0, OtherSeed(9), "can be forked at generation 1 to 3, not at 0"),
        (4, OtherSeed(9), "can be forked at generation 1 to 3, not at 4"),
        (2, OtherTemperature(1.0), "would not differ"),
        (2, OtherTemperature(3.0), "must be from 0 to 2"),
        (2, OtherK(6), "cannot be drawn from a population of N = 5"),
        (2, Written(Slot(3, 1), "a = 5"), "of generation 2"),
        (2, Written(Slot(2, 1), " \n"), "is empty"),
        (2, Written(Slot(2, 1), "x" * 1_000_001), "1,000,001 characters"),
        (2, LeftOut(Slot(2, 1), Slot(4, 1)), "no parent of chain 4.1"),
        (1, LeftOut(Slot(2, 1)), "must be a chain of generation 1 or before"),
    ],
)
def test_what_cannot_be_forked_is_refused_before_anything_is_stored(
    service: Service, t: int, change: Change, says: str
) -> None:
    run = service.create(opening_problem("program"), QUICK)
    with pytest.raises(InvalidInput, match=says):
        service.fork(run.id, t, change)
    assert service.store.count_runs() == 1


def test_only_what_has_ended_is_taken_over_and_a_fork_outlives_its_original(service: Service) -> None:
    slow = service.create(
        opening_problem("program"), replace(QUICK, model=ModelChoice("synthetic/speed=2000"), concurrency=2)
    )
    with pytest.raises(InvalidInput, match="have not ended; wait"):
        service.fork(slow.id, 1, OtherSeed(9))
    assert service.store.count_runs() == 1
    service.start(slow.id)
    while not all(chain.ended for chain in service.store.chains(slow.id, t=1)):
        assert service.store.run(slow.id).status is RunStatus.RUNNING
    fork = service.fork(slow.id, 1, OtherTemperature(0.5))  # while the original runs on
    service.start(fork.id)
    service.stop(fork.id)
    service.stop(slow.id)
    assert service.wait(fork.id, timeout=30).status in (RunStatus.STOPPED, RunStatus.DONE)
    service.wait(slow.id, timeout=30)
    service.store.delete_run(slow.id)
    kept = [chain for chain in service.store.chains(fork.id, text=True) if chain.ended]
    ended = driven(service, fork)
    assert (ended.status, ended.done, ended.origin) == (RunStatus.DONE, 15, fork.origin)
    assert [chain for chain in service.store.chains(fork.id, text=True) if chain in kept] == kept


def test_rulings_are_taken_over_as_the_chains_read(service: Service) -> None:
    run = original(service)
    service.store.rule_verdict(run.id, Slot(1, 1), Verdict.UNKNOWN, "cannot be read")
    undone = service.store.rule_verdict(run.id, Slot(1, 2), Verdict.UNKNOWN)
    service.store.undo_ruling(run.id, undone.id)
    service.store.rule_verdict(run.id, Slot(3, 1), Verdict.UNKNOWN)  # after the fork
    fork = service.fork(run.id, 1, OtherSeed(9))
    (ruling,) = service.store.rulings(fork.id)
    assert (ruling.slot, ruling.why) == (Slot(1, 1), "cannot be read")
    assert service.store.chain(fork.id, Slot(1, 1)).verdict is Verdict.UNKNOWN
    judged = service.store.chain(run.id, Slot(1, 1), judged=True).verdict
    service.store.undo_ruling(fork.id, ruling.id)
    assert service.store.chain(fork.id, Slot(1, 1)).verdict is judged
    assert service.store.chain(run.id, Slot(1, 1)).verdict is Verdict.UNKNOWN


def test_a_merge_into_a_class_that_the_fork_does_not_have_reads_as_in_the_original(service: Service) -> None:
    """Generation 1 answers 44, its children 43; the merge was made while every 43 was ruled unknown."""

    def learning(messages: object) -> str:
        return "It is \\boxed{43}" if "boxed{44}" in json.dumps(messages) else "It is \\boxed{44}"

    with OpenAIServer(script=learning) as server:
        model = ModelChoice("openai/test-model", api_base=server.address)
        problem = Problem("text", "What is it?", "43", "Learning")
        run = driven(service, service.create(problem, RunConfig(model, n=3, k=2, t=2, seed=1)))
    store = service.store
    keys = [chain.answer_key for chain in store.chains(run.id)]
    assert keys == [keys[0]] * 3 + [keys[3]] * 3
    ruled = [store.rule_verdict(run.id, Slot(2, i), Verdict.UNKNOWN) for i in (1, 2, 3)]
    assert store.merge_answers(run.id, str(keys[0]), str(keys[3])).verdict is Verdict.UNKNOWN
    for ruling in ruled:
        store.undo_ruling(run.id, ruling.id)
    assert [chain.verdict for chain in store.chains(run.id)] == [Verdict.RIGHT] * 6
    fork = service.fork(run.id, 1, OtherSeed(9))
    assert [chain.verdict for chain in store.chains(fork.id, t=1)] == [Verdict.RIGHT] * 3
    assert store.chain(fork.id, Slot(1, 1)).verdict is Verdict.RIGHT


def test_leaving_out_each_parent_names_exactly_the_planted_culprit(service: Service, tmp_path: Path) -> None:
    """A model that believes one text: whoever reads POISON answers 44, everybody else 43."""
    problem = Problem("text", "What is it?", "43", "Believing")

    def believing(messages: object) -> str:
        return "It is \\boxed{44}" if "POISON" in json.dumps(messages) else "It is \\boxed{43}"

    with OpenAIServer(script=believing) as server:
        model = ModelChoice("openai/test-model", api_base=server.address)
        run = driven(service, service.create(problem, RunConfig(model, n=5, k=3, t=3, seed=1)))
        planted = driven(service, service.fork(run.id, 1, Written(Slot(1, 2), "POISON, so it is \\boxed{44}")))
        chains = service.store.chains(planted.id)
        child = next(one for one in chains if Slot(1, 2) in one.parents)
        assert child.verdict is Verdict.WRONG
        cost = foresee_prepared(service, prepare_leave_one_out(service, planted.id, child.slot, 8))
        asked = server.requests
        made = driven(service, service.leave_one_out(planted.id, child.slot, 8))
        assert server.requests - asked == made.done == cost.calls == 32
    found = leave_one_out(service.store.chains(made.id))
    assert found is not None
    position = child.parents.index(Slot(1, 2)) + 1
    assert [(one.position, one.original, one.right) for one in found.without if one.matters] == [
        (position, Slot(1, 2), 8)
    ]
    assert [one.right for one in found.conditions].count(0) == 3
    words = leave_one_out_in_words(found)
    assert f"Without parent {position} (chain 1.2), 8 of 8: leaving it out helps" in words
    assert made.origin is not None
    assert (made.origin.slot, made.origin.run_id) == (child.slot, planted.id)
    outcome = result(made, service.store.chains(made.id))
    assert (outcome["answer"], outcome["answer_by"]) == (None, "none")
    _same_after_a_bundle(service, made.id, tmp_path / "elsewhere.db")
    with pytest.raises(InvalidInput, match="measurement"):
        service.fork(made.id, 1, OtherSeed(3))
    with pytest.raises(InvalidPlan, match="no parent in its prompt"):
        service.leave_one_out(run.id, Slot(1, 1), 8)
    with pytest.raises(InvalidPlan, match="made from a child"):
        service.create(problem, replace(QUICK, strategy="leave-one-out"))
    assert "leave-one-out" not in STRATEGIES


def _same_after_a_bundle(service: Service, run_id: str, place: Path) -> None:
    out = io.BytesIO()
    service.export(run_id, "jsonl", out)
    lines = out.getvalue().decode().splitlines()
    store = Store(place)
    other = Service(store)
    assert other.import_run(out.getvalue()).created
    assert store.run(run_id).calls == service.store.run(run_id).calls
    store.delete_run(run_id)
    origin = next(number for number, line in enumerate(lines) if '"record":"origin"' in line)
    for broken in (
        [*lines[:origin], *lines[origin + 1 :]],
        [*lines[: origin + 1], *lines[origin:]],
        [line.replace('"origin":"copied"', '"origin":"made"') for line in lines],
        [line.replace('"from_t":1', '"from_t":null') for line in lines],
    ):
        with pytest.raises(InvalidBundle, match="origin"):
            other.import_run("\n".join(broken).encode())
    assert store.count_runs() == 0
    other.close()
    store.close()


def test_the_commands_fork_and_leave_out_after_saying_what_it_costs(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = original(service)
    on = ["--db", str(tmp_path / "runs.db")]
    text = tmp_path / "text.txt"
    text.write_text(HARM.replace("\ud800", ""), encoding="utf-8")
    assert main(["fork", run.id, "--plant", "2.1", "--text", str(text), "--cost", *on]) == 0
    assert json.loads(capsys.readouterr().out)["calls"] == 10
    assert main(["fork", run.id, "--plant", "2.1", "--text", str(text), *on]) == 0
    printed = capsys.readouterr()
    assert "10 calls, about" in printed.err
    fork = json.loads(printed.out)
    assert (fork["done"], fork["forked_from"]["change"]) == (10, "chain 2.1 planted by a person")
    assert main(["analyse", run.id, "--what", "forks", *on]) == 0
    (found,) = json.loads(capsys.readouterr().out)["forks"]
    assert found["run_id"] == fork["run_id"]
    assert [one["t"] for one in found["partings"]] == [3, 4]
    assert main(["leave-one-out", run.id, "--child", "3.1", "--times", "2", *on]) == 0
    printed = capsys.readouterr()
    assert "This is an intervention" in printed.err
    assert main(["analyse", json.loads(printed.out)["run_id"], "--what", "leave-one-out", *on]) == 0
    assert [one["size"] for one in json.loads(capsys.readouterr().out)["conditions"]] == [2, 2, 2, 2]
    for wrong, says in (
        (["--at", "2"], "differs in one thing"),
        (["--at", "2", "--seed", "4", "-K", "2"], "differs in one thing"),
        (["--seed", "4"], "--at"),
        (["--plant", "2.1"], "--text goes with"),
        (["--at", "2", "--seed", "4", "--of", "3.1"], "--of goes with"),
    ):
        assert main(["fork", run.id, *wrong, *on]) == 2
        assert says in capsys.readouterr().err
