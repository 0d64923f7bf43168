"""The command analyse: one JSON object on standard output, unknown as null."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rsa_viz.analysis.fate import fate
from rsa_viz.analysis.fate_telling import fate_in_words, turns_in_words
from rsa_viz.analysis.ledger import ledger
from rsa_viz.cli.analyse import ANALYSES, plain
from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a finished run, and after it one that nobody can judge."""
    path = tmp_path_factory.mktemp("analysed") / "runs.db"
    problem = find_task("program").problems()[0]
    with Store(path) as store:
        service = Service(store)
        for one in (problem, Problem("text", problem.question)):
            run = service.create(one, RunConfig(ModelChoice("synthetic/slip=0.2,speed=0"), n=6, k=3, t=4))
            service.start(run.id)
            assert service.wait(run.id, timeout=60).done == 24
        service.close()
    return path


@pytest.fixture(scope="module")
def run_id(database: Path) -> str:
    with Store(database) as store:
        return store.runs()[1].id


def asked(call: Call, run_id: str, what: str, *more: str) -> Any:
    code, out, err = call("analyse", run_id, "--what", what, *more)
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize("what", sorted(ANALYSES))
def test_every_analysis_prints_one_object_that_says_what_it_is(call: Call, run_id: str, what: str) -> None:
    found = asked(call, run_id, what)
    assert (found["run_id"], found["what"], found["status"], found["simulated"]) == (run_id, what, "done", True)
    assert len(found) > 4


def test_the_events_are_the_ledger(call: Call, run_id: str, database: Path) -> None:
    found = asked(call, run_id, "events")
    with Store(database) as store:
        chains = store.chains(run_id)
    assert [(one["kind"], one["t"], one["slot"]) for one in found["events"]] == [
        (event.kind.value, event.t, str(event.slot) if event.slot else None) for event in ledger(chains)
    ]
    told = fate(chains)
    assert found["words"] == [*fate_in_words(told), *(line.whole for line in turns_in_words(told.turns))]
    assert [(one["kind"], one["now"]["t"]) for one in found["fate"]["turns"]] == [
        (turn.kind.value, turn.t) for turn in told.turns
    ]
    assert [one["t"] for one in found["standings"]] == [1, 2, 3, 4]
    assert found["fate"]["kind"] == fate(chains).kind.value


def test_generations_and_answers_add_up(call: Call, run_id: str) -> None:
    generations = asked(call, run_id, "generations")["generations"]
    assert [row["t"] for row in generations] == [1, 2, 3, 4]
    assert all(row["right"] + row["wrong"] + row["unknown"] == row["done"] == 6 for row in generations)
    answers = asked(call, run_id, "answers")
    assert sum(one["chains"] for one in answers["classes"]) == 24
    assert all(sum(row["counts"].values()) + row["abstained"] == row["done"] for row in answers["shares"])
    assert answers["vote"]["of"] == 6


def test_transmission_counts_every_judged_child(call: Call, run_id: str) -> None:
    rows = asked(call, run_id, "transmission")["transmission"]
    assert [(row["k"], row["j"]) for row in rows] == [(3, 0), (3, 1), (3, 2), (3, 3)]
    assert sum(row["children"] for row in rows) == 18
    assert all(row["share"] is None for row in rows if not row["children"])


def test_a_prediction_says_what_it_supposes_and_answers_what_if(call: Call, run_id: str) -> None:
    found = asked(call, run_id, "prediction")
    assert "not a measurement" in found["assumes"]
    assert found["own"] == found["asked"] == {"n": 6, "k": 3, "t": 4}
    assert len(found["forecast"]["expected"]) == len(found["drift"]) == 4
    other = asked(call, run_id, "prediction", "-N", "12", "-K", "2", "-T", "9", "--seen", "2")
    assert other["asked"] == {"n": 12, "k": 2, "t": 9}
    assert (other["start"], other["seen"], other["drift"]) == (2, 2, [])
    assert len(other["forecast"]["expected"]) == 8


def test_what_nobody_judged_is_null_and_not_nought(call: Call, database: Path) -> None:
    with Store(database) as store:
        run_id = store.runs()[0].id
    assert asked(call, run_id, "generations")["generations"][0]["mean"] is None
    assert asked(call, run_id, "prediction")["forecast"] is None
    assert asked(call, run_id, "events")["fate"]["kind"] == "unknown"
    assert asked(call, run_id, "transmission")["transmission"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--what", "weather"), "--what takes one of generations, answers, events"),
        (("--what", "events", "-N", "3"), "go with --what prediction"),
        (("--what", "prediction", "-N", "2"), "K = 3"),
        (("--what", "prediction", "-T", "0"), "-T must be from 1 to 4096, not 0"),
        ((), "--what"),
    ],
)
def test_what_cannot_be_asked_is_one_line(call: Call, run_id: str, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = call("analyse", run_id, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_an_unknown_run_is_one_line(call: Call) -> None:
    code, _, err = call("analyse", "00000000dead", "--what", "events")
    assert code == 2
    assert "00000000dead" in err


def test_values_become_json() -> None:
    assert plain({Slot(3, 12): (Slot(1, 1), Verdict.RIGHT, None, 0.5)}) == {"3.12": ["1.1", "right", None, 0.5]}
