"""The commands compare and advise: one JSON object each, bad input in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.store.experiment_store import ExperimentStore
from rsa_viz.tasks import find_task

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two batches of two problems, RSA and a vote, and a third arm that is not finished."""
    path = tmp_path_factory.mktemp("compared") / "runs.db"
    problems = find_task("program").problems()[:2]
    model = ModelChoice("synthetic/slip=0.2,speed=0")
    with Store(path) as store:
        service = Service(store)
        for config in (RunConfig(model, n=8, k=3, t=4), RunConfig(model, strategy="majority-vote", n=6)):
            for run in service.create_all(problems, config).runs:
                service.start(run.id)
                assert service.wait(run.id, 60).status == "done"
        service.create(problems[0], RunConfig(model, strategy="reference", n=2))
        service.close()
    return path


def test_runs_become_arms_with_their_differences(call: Call) -> None:
    code, out, err = call("compare", "--search", "synthetic", "--against", "Majority vote, N=6")
    assert code == 0, err
    found = json.loads(out)
    assert [(one["label"], one["problems"]) for one in found["arms"]] == [
        ("RSA, N=8, K=3", 2),
        ("Majority vote, N=6", 2),
        ("Reference, N=2", 0),
    ]
    assert (found["simulated"], found["unfinished"], found["compared"]) == (True, 1, "in the end")
    assert [point["x"] for point in found["arms"][0]["by_generation"]] == [1, 2, 3, 4]
    assert [point["spent"] for point in found["arms"][0]["by_budget"]] == [8, 16, 24, 32]
    first, last = found["differences"]
    assert (first["problems"], first["weight"]) == (2, "too few problems to tell")
    assert (last["value"], last["weight"]) == (None, "unknown")


def test_what_persons_ruled_is_in_the_answer_and_in_the_file(call: Call, database: Path, tmp_path: Path) -> None:
    quiet = json.loads(call("compare", "--search", "synthetic")[1])
    assert quiet["rulings"] == {"words": "", "by_run": {}}
    with Store(database) as store:
        run = next(run for run in store.runs() if run.config.strategy == "rsa")
        ruling = store.rule_verdict(run.id, Slot(1, 1), Verdict.UNKNOWN)
    try:
        html = tmp_path / "compared.html"
        code, out, err = call("compare", "--search", "synthetic", "--html", str(html))
        assert code == 0, err
        words = "1 verdict set by a person, in 1 of 5 runs"
        assert json.loads(out)["rulings"] == {"words": words, "by_run": {run.id: {"verdicts": 1, "merges": 0}}}
        written = html.read_text(encoding="utf-8")
        assert f"{words}. Every number and figure here counts them." in written
        assert written.count(words) > 3, "at the head and under each figure"
    finally:
        with Store(database) as store:
            store.undo_ruling(run.id, ruling.id)


def test_batches_are_compared_for_equal_budgets(call: Call, database: Path) -> None:
    with Store(database) as store:
        names = sorted({run.note.split()[1] for run in store.runs() if run.note})
    code, out, err = call("compare", "--batch", *names, "--equal", "--axis", "tokens")
    assert code == 0, err
    found = json.loads(out)
    assert (found["runs"], found["compared"], found["axis"]) == (4, "for equal budgets", "tokens")
    assert found["budget"] > 0


def test_an_experiment_is_compared_by_its_name(call: Call, database: Path) -> None:
    with Store(database) as store:
        experiments = ExperimentStore(store.database)
        made = experiments.save("mine", "", {})
        experiments.set_runs(made.id, [run.id for run in store.runs(search="rsa")])
    code, out, err = call("compare", "--experiment", "mine")
    assert code == 0, err
    assert [one["label"] for one in json.loads(out)["arms"]] == ["RSA, N=8, K=3"]


def test_a_run_advises_for_a_budget(call: Call, database: Path) -> None:
    with Store(database) as store:
        rsa = [run.id for run in store.runs(search="rsa")]
        vote = store.runs(search="majority-vote")[0].id
    code, out, err = call("advise", *rsa, "--calls", "40")
    assert code == 0, err
    found = json.loads(out)
    assert (found["unit"], found["budget"], found["runs"], found["simulated"]) == ("calls", 40.0, 2, True)
    assert found["best"]["cost"] <= 40
    assert "A prediction, not a measurement" in found["words"][0]
    code, out, _ = call("advise", vote, "--calls", "40")
    assert code == 1
    assert json.loads(out)["best"] is None
    assert "do not suffice" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("compare",), "say which runs"),
        (("compare", "--batch", "abcdef"), "no run is in batch abcdef"),
        (("compare", "--runs", "00000000dead"), "00000000dead"),
        (("compare", "--experiment", "none"), "there is no experiment 'none'"),
        (("compare", "--search", "", "--axis", "euros"), "--axis takes one of calls, tokens, seconds, not 'euros'"),
        (("compare", "--search", "", "--against", "nobody"), "--against 'nobody' is none of the arms"),
        (("advise", "00000000dead", "--calls", "5"), "00000000dead"),
        (("advise", "x"), "give one budget"),
        (("advise", "x", "--calls", "5", "--tokens", "9"), "give one budget"),
        (("advise", "x", "--calls", "-5"), "--calls must be a number above 0, not -5"),
    ],
)
def test_what_cannot_be_compared_is_one_line(call: Call, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
