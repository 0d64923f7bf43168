"""A batch from the command line: one run a problem, one line of JSON a run, bad rows told and left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rsa_viz.cli import main
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store
from rsa_viz.tasks import sources
from rsa_viz.tasks.sources import Columns, ReadProblems
from tests.servers.openai_server import OpenAIServer
from tests.servers.replies import Reply

QUICK = ("--model", "synthetic/slip=0.15,oversight=0.2,speed=0", "-N", "2", "-K", "2", "-T", "2")
FIRST = "Work modulo 97.\na = 12\nb = 45\nc = a * b\nWhat is c?"
SECOND = "Work modulo 97.\na = 20\nb = 30\nc = a * b\nWhat is c?"


class Ran:
    """One finished call of ``run``."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def results(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    def call(*arguments: str | Path) -> Ran:
        capfd.readouterr()
        code = main(["run", "--db", str(tmp_path / "runs.db"), *map(str, arguments)])
        return Ran(code, *capfd.readouterr())

    return call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        {"question": FIRST, "gold": "55", "title": "first"},
        {"question": FIRST, "gold": "54"},
        {"question": SECOND, "title": "second"},
        {"question": "Who wrote Faust?", "gold": "Goethe", "title": "third"},
    ]
    path = tmp_path / "batch.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_every_good_problem_is_run_and_the_bad_row_is_told(call, file: Path, tmp_path: Path) -> None:
    ran = call(*QUICK, "--problems", file, "--note", "a batch")
    assert ran.code == 0, ran.err
    assert [(one["problem"], one["task"], one["status"], one["done"]) for one in ran.results] == [
        ("first", "program", "done", 4),
        ("second", "program", "done", 4),
        ("third", "text", "done", 4),
    ]
    assert f"row 2 of {file}" in ran.err
    assert "contradicts the program" in ran.err
    assert "problem 3 of 3: third (text)" in ran.err
    assert [run.id for run in Store(tmp_path / "runs.db").runs(search="a batch")] == [
        one["run_id"] for one in reversed(ran.results)
    ]


def test_the_limit_takes_the_first_ones_and_a_task_overrules_the_guess(call, file: Path) -> None:
    ran = call(*QUICK, "--problems", file, "--limit", "1", "--task", "text")
    assert ran.code == 0, ran.err
    assert [(one["problem"], one["task"]) for one in ran.results] == [("first", "text")]


def test_columns_of_a_table_can_be_named(call, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f'frage,ergebnis\n"{FIRST}",55\n')
    ran = call(*QUICK, "--problems", table, "--column", "question=frage", "--column", "gold=ergebnis")
    assert [(one["gold"], one["task"]) for one in ran.results] == [("55", "program")], ran.err


def test_a_data_set_of_the_hub_is_run_by_name(call, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []

    def read_hub(name: str, **options: object) -> ReadProblems:
        asked.append((name, *options.values()))
        return ReadProblems((Problem("program", FIRST, "55", "from the hub"),), ())

    monkeypatch.setattr(sources, "read_hub", read_hub)
    ran = call(*QUICK, "--problems", "hf:somebody/quiz:easy:train", "--limit", "7")
    assert [one["problem"] for one in ran.results] == ["from the hub"], ran.err
    assert call(*QUICK, "--problems", "hf:somebody/quiz").code == 0
    assert asked == [
        ("somebody/quiz", "easy", "train", 7, None, Columns()),
        ("somebody/quiz", None, "test", 100, None, Columns()),
    ]


def test_puzzles_are_run_to_their_verdicts(call, tmp_path: Path) -> None:
    pytest.importorskip("reasoning_gym", reason="the extra 'reasoning-gym' is not installed")
    (tmp_path / "puzzles.json").write_text(
        json.dumps(
            {
                "question": "Make 24 using 8, 5, 10, 6.",
                "answer": "10*(8 - 5) - 6",
                "metadata": {"dataset_name": "puzzle24", "entry": {"numbers": [8, 5, 10, 6]}},
            }
        )
    )
    with OpenAIServer(script=lambda *_: Reply("I see: <answer>8*5 - 10 - 6</answer>")) as server:
        shape = ("-N", "2", "-K", "2", "-T", "2")
        ran = call("--model", "openai/x", "--api-base", server.address, *shape, "--problems", tmp_path / "puzzles.json")
    (result,) = ran.results
    assert (result["task"], result["status"], result["answer"]) == ("reasoning_gym", "done", "8*5 - 10 - 6")
    assert [row["mean"] for row in result["by_generation"]] == [1.0, 1.0]


def test_a_batch_ends_when_its_endpoint_cannot_be_used(call, file: Path, tmp_path: Path) -> None:
    with OpenAIServer(script=lambda *_: Reply(status=401)) as server:
        ran = call(
            "--model", "openai/x", "--api-base", server.address, "-N", "2", "-K", "1", "-T", "1", "--problems", file
        )
    assert ran.code == 1
    assert [one["status"] for one in ran.results] == ["failed"]
    assert "2 of 3 problems were not begun" in ran.err
    left = [RunStatus.PLANNED] * 2
    assert [run.status for run in Store(tmp_path / "runs.db").runs()] == [*left, RunStatus.FAILED]


def test_an_interrupted_batch_stops_its_run_and_begins_no_other(call, file: Path, tmp_path: Path, monkeypatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rsa_viz.cli.drive._watch", interrupted)
    ran = call("--model", "synthetic/speed=1", "-N", "2", "-K", "1", "-T", "1", "--problems", file)
    assert ran.code == 130
    left = [RunStatus.PLANNED] * 2
    assert [run.status for run in Store(tmp_path / "runs.db").runs()] == [*left, RunStatus.STOPPED]
    assert "2 of 3 problems were not begun" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--problems", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["--problems", "FILE", "--limit", "0"], "--limit"),
        (["--problems", "FILE", "--answer", "7"], "--answer"),
        (["--problems", "FILE", "--question", "Who?"], "--question"),
        (["--problems", "FILE", "--column", "frage"], "--column"),
        (["--problems", "FILE", "--column", "gold=nowhere"], "'nowhere'"),
        (["--problems", "FILE", "--task", "magic"], "'magic'"),
        (["--problems", "FILE", "--model", "nosuchprovider/x"], "nosuchprovider"),
        (["--limit", "3"], "--problems"),
        (["--problems", "hf:not a name"], "no name of a data set"),
    ],
)
def test_bad_input_is_told_in_one_line_and_nothing_is_run(call, file: Path, tmp_path: Path, arguments, says) -> None:
    ran = call(*QUICK, *(file if one == "FILE" else one for one in arguments))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith("rsa_viz: ")
    assert says in ran.err.splitlines()[-1]
    assert Store(tmp_path / "runs.db").count_runs() == 0


def test_a_file_without_a_single_good_problem_is_refused_with_every_reason(call, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"question": " "}\nnot json\n')
    ran = call(*QUICK, "--problems", path)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 3
