"""A run as a table that a spreadsheet may open."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from stored_runs import CONFIG, SHA, UNKNOWN, finish_small_run, small_run

from rsa_viz.core.chain import Answer, Completion, Judgement, Outcome, Slot
from rsa_viz.core.errors import NotFound
from rsa_viz.core.run import ModelChoice
from rsa_viz.store import Store, export_csv
from rsa_viz.store.chains_csv import safe_cell

pytestmark = pytest.mark.usefixtures("unflushed")


def table(store: Store, run_id: str) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    export_csv(store, run_id, out)
    out.getvalue().encode("utf-8")
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def test_a_row_a_chain_in_slot_order_with_its_text(store: Store) -> None:
    run = small_run(store)
    finish_small_run(store, run.id)
    rows = table(store, run.id)
    assert [row["chain"] for row in rows] == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3"]
    child = rows[4]
    assert (child["parents"], child["available"], child["text"]) == ("1.2 1.3", "1.2", "6 * 7 = 42")
    assert (child["status"], child["answer"], child["verdict"], child["verdict_source"]) == (
        "done",
        "42",
        "right",
        "reference",
    )
    assert (child["tokens_in"], child["latency_s"], child["run"]) == ("20", "1.5", run.id)
    assert (rows[2]["status"], rows[2]["text"], rows[2]["error"]) == ("failed", "", "the server said 500")


def test_planned_chains_are_rows_too(store: Store) -> None:
    run = small_run(store)
    assert {row["status"] for row in table(store, run.id)} == {"planned"}


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("'=1", "''=1"),
        ("-5", "-5"),
        ("+0.25", "+0.25"),
        ("-5\n=1", "'-5\n=1"),
        ("a=1", "a=1"),
        ("", ""),
        ("a\x00b\ud83dc", "a\ufffdb\ufffdc"),
        ("\x00=1", "\ufffd=1"),
    ],
)
def test_no_cell_is_taken_for_a_formula(text: str, cell: str) -> None:
    assert safe_cell(text) == cell


def test_every_column_that_a_model_can_fill_is_safe_and_whole(store: Store) -> None:
    run = small_run(store)
    text = '=1,"2";\r\n3'
    outcome = Outcome(Slot(1, 1), Completion(text, text, text), text, 1, SHA, (), False, 1.0, 2.0)
    store.record(run.id, outcome, Answer(text, text, 0, 1), Judgement.unknown(text), text)
    first = table(store, run.id)[0]
    columns = ("text", "reasoning", "finish_reason", "error", "answer", "answer_key", "verdict_why", "endpoint")
    assert {first[column] for column in columns} == {"'" + text}


def test_a_run_that_is_not_there_has_no_table(store: Store) -> None:
    with pytest.raises(NotFound):
        export_csv(store, "000000000000", io.StringIO())


def test_unknown_is_empty_and_not_wrong(store: Store) -> None:
    run = small_run(store)
    outcome = Outcome(Slot(1, 1), Completion("hm"), None, 1, SHA, (), False, 1.0, 2.0)
    store.record(run.id, outcome, None, UNKNOWN, "lab")
    first = table(store, run.id)[0]
    assert (first["answer"], first["score"], first["verdict"]) == ("", "", "unknown")


def test_the_servers_address_is_left_out(store: Store) -> None:
    model = ModelChoice("openai/small", "http://gpu7.lab.example:8123/v1")
    run = small_run(store, replace(CONFIG, model=model))
    outcome = Outcome(Slot(1, 1), None, f"no answer from {model.api_base}", 1, SHA, (), False, 1.0, 2.0)
    store.record(run.id, outcome, None, UNKNOWN, f"lab at {model.api_base}")
    first = table(store, run.id)[0]
    assert first["error"] == "no answer from (address left out)"
    assert first["endpoint"] == "lab at (address left out)"
