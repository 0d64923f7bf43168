"""Parquet tables of runs: what is read back is what was recorded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from rsa_viz.core.chain import ChainStatus, Slot, Verdict
from rsa_viz.core.errors import InvalidInput, NotFound
from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.exports import sheet
from rsa_viz.exports.sheet import Sheet
from rsa_viz.service import Service, chosen_runs, result, write_tables
from rsa_viz.service.exchange import write_run
from rsa_viz.store import Store
from rsa_viz.tasks import opening_problem
from tests.exports.recorded_runs import LAB, OPEN, SUM, recorded, sevens


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "runs.db") as opened:
        yield opened


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    return parquet.read_table(folder / f"{name}.parquet").to_pylist()


def test_every_chain_of_every_run_is_read_back_as_it_was_recorded(store: Store, tmp_path: Path) -> None:
    runs = [
        recorded(store, SUM, sevens, n=4, k=2, t=3, until=2),
        recorded(store, OPEN, lambda _: "It \x00 is.", n=2, k=1, t=2),
    ]
    store.rule_verdict(runs[0].id, Slot(1, 1), Verdict.RIGHT, "a slip of the pen")
    write_tables(store, runs, tmp_path / "tables")
    found = rows(tmp_path / "tables", "chains")
    chains = [(run, chain) for run in runs for chain in store.chains(run.id, text=True)]
    assert [(row["run_id"], row["chain"]) for row in found] == [(run.id, str(chain.slot)) for run, chain in chains]
    for row, (_, chain) in zip(found, chains, strict=True):
        for name in ("t", "i"):
            assert row[name] == getattr(chain.slot, name)
        for name in (
            "kind", "origin", "copied_from", "status", "fresh", "answer", "answer_key", "answer_start", "answer_end",
            "verdict", "verdict_source", "verdict_why", "score", "ruled", "seed", "finish_reason", "truncated",
            "tokens_in", "tokens_out", "first_token_s", "latency_s", "attempts", "prompt_sha256", "characters",
            "text", "reasoning",
        ):  # fmt: skip
            assert row[name] == getattr(chain, name), (name, chain.slot)
        assert row["parents"] == [str(slot) for slot in chain.parents]
        assert row["available"] == ([str(slot) for slot in chain.available] if chain.ended else None)
        moment = None if chain.ended_at is None else datetime.fromtimestamp(chain.ended_at, UTC)
        assert row["ended_at"] == moment
    assert (found[0]["verdict"], found[0]["judged_verdict"], found[0]["ruled"]) == ("right", "wrong", True)
    assert found[2]["error"] == "no answer from (address left out) in 5 s"


def test_a_row_of_runs_holds_the_configuration_and_the_answer(store: Store, tmp_path: Path) -> None:
    run = recorded(store, SUM, sevens, n=4, k=2, t=2)
    write_tables(store, [run], tmp_path / "tables")
    (row,) = rows(tmp_path / "tables", "runs")
    said = result(run, store.chains(run.id))
    assert (row["n"], row["k"], row["generations"], row["aggregations"]) == (4, 2, 2, 1)
    assert (row["gold"], row["metadata"], row["model"], row["simulated"]) == ("42", '{"level": 1}', LAB.model, False)
    for name in ("answer", "answer_by", "answer_chain", "vote", "votes", "votes_of", "vote_tied"):
        assert row[name] == said[name]
    assert row["created_at"] == datetime.fromtimestamp(run.created_at, UTC)
    text = str(row)
    assert not any(secret in text for secret in ("gpu7", "LAB_SECRET_KEY", "basement"))


def test_links_have_positions_and_those_of_planned_children_are_neither_there_nor_lost(
    store: Store, tmp_path: Path
) -> None:
    run = recorded(store, SUM, sevens, n=3, k=2, t=3, until=2)
    write_tables(store, [run], tmp_path / "tables")
    found = rows(tmp_path / "tables", "links")
    chains = store.chains(run.id)
    assert [(row["child"], row["position"], row["parent"], row["available"]) for row in found] == [
        (
            str(chain.slot),
            position,
            str(parent),
            None if chain.status is ChainStatus.PLANNED else parent in chain.available,
        )
        for chain in chains
        for position, parent in enumerate(chain.parents, start=1)
    ]
    assert {row["available"] for row in found} == {True, False, None}
    assert all((row["child_t"], row["parent_t"]) in {(2, 1), (3, 2)} for row in found)


def test_columns_have_types_and_a_table_without_rows_has_them_too(store: Store, tmp_path: Path) -> None:
    write_tables(store, [], tmp_path / "tables")
    schema = parquet.read_schema(tmp_path / "tables" / "chains.parquet")
    assert parquet.read_table(tmp_path / "tables" / "chains.parquet").num_rows == 0
    assert schema.field("t").type == pa.int32()
    assert schema.field("parents").type == pa.list_(pa.string())
    assert schema.field("started_at").type == pa.timestamp("us", tz="UTC")
    assert schema.field("ruled").type == pa.bool_()
    assert {path.name for path in (tmp_path / "tables").iterdir()} == {
        "runs.parquet",
        "chains.parquet",
        "links.parquet",
        "asides.parquet",
    }


def test_the_export_of_one_run_is_the_same_tables_in_a_zip(store: Store, tmp_path: Path) -> None:
    run, out = recorded(store, SUM, sevens, n=2, k=2, t=2), io.BytesIO()
    write_run(store, run.id, "parquet", out)
    write_tables(store, [run], tmp_path / "tables")
    with zipfile.ZipFile(out) as zipped:
        assert zipped.namelist() == ["runs.parquet", "chains.parquet", "links.parquet", "asides.parquet"]
        for name in zipped.namelist():
            assert parquet.read_table(io.BytesIO(zipped.read(name))).equals(
                parquet.read_table(tmp_path / "tables" / name)
            )


def test_halves_of_characters_are_replaced_and_rows_beyond_memory_are_written_in_groups(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 3)
    out = io.BytesIO()
    texts = ["a\ud83d", "b\U0001f600\x00", "", "c", None, "e", "f"]
    with Sheet(out, {"text": pa.string(), "more": pa.list_(pa.string())}) as written:
        for text in texts:
            written.add({"text": text, "more": [text]})
    assert written.rows == 7
    file = parquet.ParquetFile(out)
    assert file.num_row_groups == 3
    shown = ["a\ufffd", *texts[1:]]
    assert file.read().to_pylist() == [{"text": text, "more": [text]} for text in shown]


def test_runs_are_chosen_by_id_and_by_search_each_once_oldest_first(store: Store) -> None:
    first, second, third = (recorded(store, replace(SUM, title=title), sevens, n=2, k=1, t=1) for title in "aba")
    assert [run.id for run in chosen_runs(store, search="")] == [first.id, second.id, third.id]
    assert [run.id for run in chosen_runs(store, [second.id], "a")] == [second.id, first.id, third.id]
    with pytest.raises(InvalidInput, match="the search 'zebra' finds no run"):
        chosen_runs(store, search="zebra")
    with pytest.raises(InvalidInput, match="no run is chosen"):
        chosen_runs(store)
    with pytest.raises(NotFound):
        chosen_runs(store, ["0" * 12])


def test_a_folder_that_cannot_be_written_is_refused_with_its_name(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="cannot write tables into"):
        write_tables(store, [], tmp_path / "file")


def test_verifications_are_rows_and_the_report_says_what_they_said(store: Store, tmp_path: Path) -> None:
    service = Service(store, ())
    config = RunConfig(ModelChoice("synthetic/fast"), strategy="rejection", n=5, k=1, t=1)
    run = service.create(opening_problem("program"), config)
    service.start(run.id)
    service.wait(run.id, timeout=60)
    service.close()
    write_tables(store, [store.run(run.id)], tmp_path / "tables")
    asides = store.asides(run.id, text=True)
    assert [
        (row["run_id"], row["chain"], row["kind"], row["accepted"], row["text"], row["seed"])
        for row in rows(tmp_path / "tables", "asides")
    ] == [(run.id, str(one.slot), "verify", one.accepted, one.text, one.seed) for one in asides]
    (row,) = rows(tmp_path / "tables", "runs")
    assert row["answer_by"] == "accepted"
    out = io.BytesIO()
    write_run(store, run.id, "html", out)
    html = out.getvalue().decode()
    accepted = sum(one.accepted is True for one in asides)
    assert f"their verification accepted, {accepted} of 5 chains" in html
    assert html.count("Its verification: accepted") == accepted
