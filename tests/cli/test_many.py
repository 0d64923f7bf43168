"""The commands on many runs, and the exports that are more than text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyarrow import parquet

from rsa_viz.core.run import ModelChoice
from rsa_viz.store import Store
from tests.exports.recorded_runs import OPEN, SUM, recorded, sevens

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "runs.db"
    with Store(path) as store:
        recorded(store, SUM, sevens, n=4, k=2, t=2, model=ModelChoice("synthetic/written"))
        recorded(store, OPEN, sevens, n=4, k=2, t=2)
    return path


def test_tables_of_all_runs(call: Call, tmp_path: Path) -> None:
    code, out, _ = call("tables", "--search", "", "--out", str(tmp_path / "new" / "folder"))
    assert (code, json.loads(out)["runs"]) == (0, 2)
    assert parquet.read_table(tmp_path / "new" / "folder" / "chains.parquet").num_rows == 16


def test_training_data_tell_what_they_hold_and_what_was_left_out(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "train.parquet"
    asked = ("-K", "2", "--prompts", "3", "--standard", "0.5", "--drop", "all-right", "--drop", "all-wrong")
    code, out, err = call("training-data", "--search", "", "--out", str(file), *asked, "--data-source", "sums")
    said = json.loads(out)
    assert code == 0
    assert (said["aggregation"], said["standard"], said["problems"], said["simulated"]) == (2, 2, 1, True)
    assert list(said["left_out"].values()) == ["its problem has no gold answer"]
    assert "simulation" in err
    assert "only 2 of 3 aggregation prompts" in err
    rows = parquet.read_table(file).to_pylist()
    assert {row["data_source"] for row in rows} == {"sums"}
    assert [row["extra_info"]["right"] for row in rows] == [1, 1, None, None]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("training-data", "--out", "x.parquet"), "no run is named"),
        (("training-data", "--search", "zebra", "--out", "x.parquet"), "'zebra' finds no run"),
        (("training-data", "--search", "", "--standard", "1", "--out", "x.parquet"), "share of standard prompts"),
        (("training-data", "--search", "", "-K", "9", "--out", "x.parquet"), "fewer than K = 9"),
        (("tables", "nothing", "--out", "x"), "no run 'nothing'"),
        (("export", "nothing", "--format", "parquet", "--out", "x.parquet"), "several tables in one ZIP"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_leaves_no_file(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = call(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert list(tmp_path.iterdir()) == []


def test_a_run_is_exported_as_html(call: Call, database: Path, tmp_path: Path) -> None:
    with Store(database) as store:
        run_id = store.runs()[0].id
    assert call("export", run_id, "--format", "html", "--out", str(tmp_path / "run.html"))[0] == 0
    assert (tmp_path / "run.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
