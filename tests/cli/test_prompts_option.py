"""``run --prompts``: a saved set by its name and version, or one from a file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rsa_viz.cli import main
from rsa_viz.core.chain import Slot
from rsa_viz.core.prompts import PLAIN, PromptSet
from rsa_viz.service import Service
from rsa_viz.store import Store

QUICK = ("--model", "synthetic/fast", "-N", "2", "-K", "1", "-T", "2")
MINE = replace(PLAIN, name="mine", sample="Please, solve this.\n" + PLAIN.sample)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two versions of one set are saved in it."""
    with Store(tmp_path / "runs.db") as store:
        store.save_prompt_set(MINE)
        store.save_prompt_set(replace(MINE, sample=f"Once more: {PLAIN.sample}"))
    return tmp_path / "runs.db"


def used(database: Path, *arguments: str | Path) -> PromptSet:
    """Run a small run and return the prompt set that it keeps."""
    assert main(["run", "--db", str(database), *QUICK, *map(str, arguments)]) == 0
    with Store(database) as store:
        return store.runs()[0].prompts


def test_a_run_uses_the_set_that_is_named_and_keeps_it(database: Path) -> None:
    assert used(database) == PLAIN
    assert used(database, "--prompts", "plain@1") == PLAIN
    assert used(database, "--prompts", "mine@1") == MINE
    assert used(database, "--prompts", "mine").version == 2
    with Store(database) as store:
        rebuilt = Service(store).prompt(store.runs()[0].id, Slot(1, 1))
        assert rebuilt.matches
        assert rebuilt.messages[0]["content"].startswith("Once more: Solve the following")


def test_a_set_from_a_file_may_leave_out_its_name_and_version(database: Path, tmp_path: Path) -> None:
    file = tmp_path / "short.JSON"
    file.write_text(json.dumps(MINE.templates), encoding="utf-8-sig")
    assert used(database, "--prompts", file) == replace(MINE, name="short")
    file.write_text(json.dumps({**MINE.templates, "name": "lecture", "version": 7}))
    assert used(database, "--prompts", file) == replace(MINE, name="lecture", version=7)


def test_a_batch_uses_it_too(database: Path, tmp_path: Path) -> None:
    batch = tmp_path / "two.jsonl"
    batch.write_text('{"question": "What is 2 + 3?"}\n{"question": "What is 3 + 4?"}\n')
    assert used(database, "--prompts", "mine@1", "--problems", batch) == MINE


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("fancy", "no prompt set is called 'fancy'; there are: mine@1, mine@2, plain@1"),
        ("mine@3", "'mine@3'"),
        ("plain@", "'plain@'"),
        ("nowhere.json", "cannot read a prompt set from"),
    ],
)
def test_an_unknown_set_is_one_clear_line_and_no_run(
    database: Path, written: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--db", str(database), *QUICK, "--prompts", written]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert len(err.splitlines()) == 1
    assert Store(database).count_runs() == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "no JSON"),
        ("[]", "must be an object"),
        (json.dumps({"sample": "{{question}}"}), "has no 'aggregate'"),
        (json.dumps({**MINE.templates, "verify": "?"}), "verify"),
        (json.dumps({**MINE.templates, "refine": "{{question}}"}), "the refine template has no {{candidates}}"),
        (json.dumps({**MINE.templates, "version": "2"}), "'version'"),
        (json.dumps({**MINE.templates, "sample": 5}), "'sample'"),
    ],
)
def test_a_file_that_holds_no_prompt_set_is_one_clear_line(
    database: Path, tmp_path: Path, content: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_text(content)
    assert main(["run", "--db", str(database), *QUICK, "--prompts", str(tmp_path / "bad.json")]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert "bad.json: " in err
    assert len(err.splitlines()) == 1
