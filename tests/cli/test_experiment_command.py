"""The commands experiment and experiments: foreseen, run, gone on with, listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rsa_viz.cli import experiment, main
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store

SPEC = """
name = "two arms"
[[problems]]
bundled = "program"
count = 2
[[problems]]
file = "mine.jsonl"
[defaults]
model = "synthetic/fast"
n = 2
[[arms]]
name = "RSA"
k = 2
t = [1, 2]
[[arms]]
name = "Reference"
strategy = "reference"
"""


class Ran:
    """One finished call."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads(self.out.splitlines()[-1])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    question = "Work modulo 97.\\na = 12\\nb = 45\\nc = a * b\\nWhat is c?"
    (tmp_path / "mine.jsonl").write_text(f'{{"question": "{question}", "gold": "55"}}\n{{"question": ""}}\n')
    path = tmp_path / "two.toml"
    path.write_text(SPEC)
    return path


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    def call(*arguments: str | Path) -> Ran:
        capfd.readouterr()
        code = main([*map(str, arguments), "--db", str(tmp_path / "runs.db")])
        return Ran(code, *capfd.readouterr())

    return call


def test_a_dry_run_says_what_it_takes_and_stores_nothing(call, file: Path, tmp_path: Path) -> None:
    ran = call("experiment", file, "--dry-run")
    assert ran.code == 0, ran.err
    rows = [" ".join(line.split()[:4]) for line in ran.out.splitlines()]
    assert "RSA 3 0 12" in rows
    assert "Reference 3 0 6" in rows
    assert "all 6 0 18" in rows
    assert "serves RSA · T 1" in ran.out
    assert "[[problems]] 2: row 2: " in ran.err
    assert "at most" in ran.out
    assert Store(tmp_path / "runs.db").count_runs() == 0


MIXED = """
name = "mixed"
[[problems]]
programs = 2
[[problems]]
holes = 3
[[arms]]
model = ["tiny/holes", "synthetic/fast"]
n = 2
k = 2
t = 2
"""


@pytest.mark.parametrize("option", ["--dry-run", "--plan-only"])
def test_problems_that_a_model_does_not_know_are_named_before_anything_is_started(
    call, tmp_path: Path, option: str
) -> None:
    (tmp_path / "mixed.toml").write_text(MIXED)
    ran = call("experiment", tmp_path / "mixed.toml", option)
    assert ran.code == 0, ran.err
    assert "tiny/holes gives no answer to 2 of 5 problems: it knows missing operations only." in ran.err
    assert "synthetic/fast gives no answer to 3 of 5 problems: it works on programs only." in ran.err


def test_summaries_of_a_model_that_writes_none_are_refused(call, tmp_path: Path) -> None:
    (tmp_path / "mixed.toml").write_text(MIXED + 'candidates = "summary"\n')
    ran = call("experiment", tmp_path / "mixed.toml", "--dry-run")
    assert ran.code == 2
    assert "[[arms]] 1 (rsa): tiny/holes cannot write summaries" in ran.err


def test_it_is_run_gone_on_with_extended_and_listed(call, file: Path) -> None:
    first = call("experiment", file)
    assert (first.code, first.summary["runs_done"], first.summary["done"]) == (0, 6, 18), first.err
    assert "18/18 calls, 6/6 runs" in first.err
    again = call("experiment", file)
    assert again.summary == first.summary
    assert "0 new runs, 6 recorded ones" in again.err
    file.write_text(SPEC.replace("count = 2", "count = 3"))
    more = call("experiment", file, "--plan-only")
    assert (more.code, more.summary["runs"], more.summary["left"]) == (0, 8, 6)
    (listed,) = json.loads(call("experiments", "--json").out)
    assert (listed["name"], listed["runs"], listed["runs_done"], listed["calls"]) == ("two arms", 8, 6, 24)
    assert "6/8 runs" in call("experiments").out


def test_ctrl_c_stops_it_and_the_same_command_goes_on(call, file: Path, tmp_path: Path, monkeypatch) -> None:
    file.write_text(SPEC.replace("synthetic/fast", "synthetic/speed=200"))
    looks: list[int] = []

    def interrupt(seen: Any) -> str:
        looks.append(seen.done)
        if seen.done:
            raise KeyboardInterrupt
        return "not yet"

    monkeypatch.setattr(experiment, "told", interrupt)
    monkeypatch.setattr(experiment, "SAY_EVERY_S", 0.0)
    ran = call("experiment", file)
    assert ran.code == 130
    assert "the same command goes on with it" in ran.err
    assert 0 < ran.summary["done"] < 18
    statuses = {run.status for run in Store(tmp_path / "runs.db").runs()}
    assert RunStatus.RUNNING not in statuses
    assert RunStatus.INTERRUPTED not in statuses
    monkeypatch.undo()
    assert call("experiment", file, "--plan-only").summary["left"] == 18 - ran.summary["done"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "is no TOML"),
        ('name = "x"\n[[problems]]\nprograms = 1\n[[arms]]\nmodel = "synthetic/fast"\nkk = 3', "there is no key 'kk'"),
        (
            'name = "x"\n[[problems]]\nfile = "none.jsonl"\n[[arms]]\nmodel = "synthetic/fast"',
            "'none.jsonl' cannot be read",
        ),
    ],
)
def test_bad_input_is_said_in_one_line_with_the_files_name(call, file: Path, text: str, says: str) -> None:
    file.write_text(text)
    ran = call("experiment", file)
    assert (ran.code, ran.out) == (2, "")
    assert str(file) in ran.err
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_bad_options_are_refused(call, file: Path, tmp_path: Path) -> None:
    assert "--concurrency must be from 1" in call("experiment", file, "--concurrency", "0").err
    assert "cannot be read" in call("experiment", tmp_path / "nothing.toml").err


def test_the_experiments_that_come_with_the_app_can_be_run(call) -> None:
    files = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))
    assert len(files) >= 2
    for file in files:
        ran = call("experiment", file, "--dry-run")
        assert ran.code == 0, ran.err
