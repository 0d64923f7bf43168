"""Calls about chains in the database: planned with their run, recorded once after their chain, and in bundles."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stored_runs import PLAN, PROBLEM, SHA, UNKNOWN, done, failed, small_run

from rsa_viz.core.aside import Aside, AsideKind, AsideOutcome, PlannedAside
from rsa_viz.core.chain import ChainStatus, Completion, InFlight, Slot
from rsa_viz.core.errors import InvalidBundle, InvalidInput, NotFound, RsaVizError, StoreError
from rsa_viz.core.genealogy import Plan
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import Candidates, ModelChoice, Run, RunConfig
from rsa_viz.store import ImportedRun, Store, export_bundle, export_csv, import_bundle, owner_name

pytestmark = pytest.mark.usefixtures("unflushed")

SUMMARISE, VERIFY = AsideKind.SUMMARISE, AsideKind.VERIFY
CONFIG = RunConfig(ModelChoice("openai/small"), n=3, k=2, t=2, candidates=Candidates.SUMMARY)
ASIDES = {
    Slot(1, 1): PlannedAside(SUMMARISE, 2**31 - 1),
    Slot(1, 3): PlannedAside(SUMMARISE, 8),
    Slot(2, 1): PlannedAside(VERIFY, 9),
}
WITH_ASIDES = Plan(tuple(replace(chain, aside=ASIDES.get(chain.slot)) for chain in PLAN))
ODD = "sum\x00mary \ud800 \x10 数学"


def planned_run(store: Store) -> Run:
    return store.create_run(
        PROBLEM, CONFIG, replace(PLAIN, name="mine", verify="{{question}} {{candidates}} ?"), WITH_ASIDES
    )


def came_back(t: int, i: int, kind: AsideKind, text: str = ODD) -> AsideOutcome:
    completion = Completion(text, "thought", "stop", 40, 5, 0.25, 0.5)
    return AsideOutcome(Slot(t, i), kind, completion, None, 2, SHA, 1002.0, 1003.0)


def gave_up(t: int, i: int, kind: AsideKind) -> AsideOutcome:
    return AsideOutcome(Slot(t, i), kind, None, "the server said 500", 6, SHA, 1002.0, 1009.0)


def finish(store: Store, run_id: str) -> None:
    """1.3 fails and so does its summary; 2.1 is accepted."""
    store.record(run_id, done(1, 1), None, UNKNOWN, "lab")
    store.record_aside(run_id, came_back(1, 1, SUMMARISE), None, "lab")
    store.record(run_id, done(1, 2), None, UNKNOWN, "lab")
    store.record(run_id, failed(1, 3), None, UNKNOWN, "lab")
    store.record_aside(run_id, gave_up(1, 3, SUMMARISE), None, "lab")
    store.record(run_id, done(2, 1, available=(Slot(1, 2), Slot(1, 1))), None, UNKNOWN, "lab")
    store.record_aside(run_id, came_back(2, 1, VERIFY, "True"), True, "lab")
    store.record(run_id, done(2, 2, available=(Slot(1, 2),)), None, UNKNOWN, "lab")
    store.record(run_id, done(2, 3, available=(Slot(1, 1),)), None, UNKNOWN, "lab")


def test_asides_are_planned_with_their_run_and_count_as_calls(store: Store) -> None:
    run = planned_run(store)
    assert (run.calls, run.done, run.failed) == (9, 0, 0)
    assert store.plan(run.id) == WITH_ASIDES
    assert store.asides(run.id) == [
        Aside(Slot(1, 1), SUMMARISE, 2**31 - 1),
        Aside(Slot(1, 3), SUMMARISE, 8),
        Aside(Slot(2, 1), VERIFY, 9),
    ]
    assert store.asides(small_run(store).id) == []
    with pytest.raises(NotFound):
        store.asides("0" * 12)


def test_an_aside_comes_back_as_it_was_recorded(store: Store) -> None:
    run = planned_run(store)
    finish(store, run.id)
    now = store.run(run.id)
    assert (now.calls, now.done, now.failed) == (9, 7, 2)
    whole = store.asides(run.id, text=True)
    assert whole[0] == Aside(
        slot=Slot(1, 1),
        kind=SUMMARISE,
        seed=2**31 - 1,
        status=ChainStatus.DONE,
        text=ODD,
        reasoning="thought",
        prompt_sha256=SHA,
        finish_reason="stop",
        tokens_in=40,
        tokens_out=5,
        first_token_s=0.25,
        latency_s=0.5,
        started_at=1002.0,
        ended_at=1003.0,
        attempts=2,
        endpoint="lab",
    )
    assert (whole[1].status, whole[1].error, whole[1].text) == (ChainStatus.FAILED, "the server said 500", None)
    assert (whole[2].accepted, whole[2].text) == (True, "True")
    assert store.asides(run.id)[2] == replace(whole[2], text=None, reasoning=None)
    assert store.aside(run.id, Slot(2, 1)) == whole[2]
    assert store.aside(run.id, Slot(2, 2)) is None
    assert store.summaries(run.id, [Slot(1, 1), Slot(1, 2), Slot(1, 3), Slot(2, 1)]) == {
        Slot(1, 1): ODD,
        Slot(1, 3): None,
    }
    store.claim(run.id, owner_name())


@pytest.mark.parametrize(
    ("outcome", "accepted", "error", "says"),
    [
        (came_back(1, 1, SUMMARISE), None, StoreError, "recorded before"),
        (came_back(1, 3, SUMMARISE), None, StoreError, "cannot end before its chain"),
        (came_back(1, 2, SUMMARISE), None, InvalidInput, "no call to summarise planned"),
        (came_back(2, 1, SUMMARISE), None, InvalidInput, "no call to summarise planned"),
        (came_back(9, 9, VERIFY), None, NotFound, r"no chain 9\.9"),
        (came_back(2, 1, SUMMARISE), True, InvalidInput, "accepted without a verification"),
        (gave_up(2, 1, VERIFY), False, InvalidInput, "rejected without a verification"),
        (replace(gave_up(2, 1, VERIFY), error=None), None, InvalidInput, "without a reason"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    store: Store, outcome: AsideOutcome, accepted: bool | None, error: type[RsaVizError], says: str
) -> None:
    run = planned_run(store)
    store.record(run.id, done(1, 1), None, UNKNOWN, "lab")
    store.record(run.id, done(1, 2), None, UNKNOWN, "lab")
    store.record_aside(run.id, came_back(1, 1, SUMMARISE), None, "lab")
    store.record(run.id, done(2, 1, available=(Slot(1, 2), Slot(1, 1))), None, UNKNOWN, "lab")
    before = store.asides(run.id, text=True), store.run(run.id)
    with pytest.raises(error, match=says):
        store.record_aside(run.id, outcome, accepted, "lab")
    assert (store.asides(run.id, text=True), store.run(run.id)) == before


def test_an_aside_in_flight_is_told_from_its_chain(store: Store) -> None:
    run = planned_run(store)
    store.claim(run.id, owner_name())
    chain = InFlight(Slot(1, 1), 1, 900.0, 901.0, 4, 1, "text")
    store.exchange(owner_name(), {run.id: [chain]})
    assert store.in_flight(run.id) == [chain]
    store.record(run.id, done(1, 1), None, UNKNOWN, "lab")
    assert store.in_flight(run.id) == []  # what its owner last told is over
    aside = InFlight(Slot(1, 1), 1, 1002.0, 1002.5, 3, 1, "sho", aside=SUMMARISE)
    store.exchange(owner_name(), {run.id: [aside]})
    assert store.in_flight(run.id) == [aside]
    store.record_aside(run.id, came_back(1, 1, SUMMARISE), None, "lab")
    assert store.in_flight(run.id) == []


def exported(store: Store, run_id: str) -> str:
    out = io.StringIO()
    export_bundle(store, run_id, out)
    return out.getvalue()


@pytest.mark.parametrize("finished", [True, False])
def test_a_bundle_carries_asides_prompts_and_options(store: Store, tmp_path: Path, finished: bool) -> None:
    run = planned_run(store)
    if finished:
        finish(store, run.id)
    bundle = exported(store, run.id)
    lines = [json.loads(line) for line in bundle.splitlines()]
    assert lines[0]["version"] == 3
    assert [line.get("record") for line in lines[9:]] == ["aside"] * 3 + ["end"]
    assert lines[-1] == {"record": "end", "chains": 6, "links": 5, "asides": 3}
    assert lines[2]["config"]["candidates"] == "summary"
    with Store(tmp_path / "other.db") as other:
        assert import_bundle(other, io.StringIO(bundle)) == ImportedRun(run.id, created=True)
        assert import_bundle(other, io.StringIO(bundle)) == ImportedRun(run.id, created=False)
        assert other.asides(run.id, text=True) == store.asides(run.id, text=True)
        assert other.plan(run.id) == store.plan(run.id)
        assert replace(other.run(run.id), revision=0) == replace(store.run(run.id), revision=0)
        assert exported(other, run.id) == bundle


def test_a_run_that_uses_nothing_new_is_written_for_older_versions(store: Store, tmp_path: Path) -> None:
    run = small_run(store)
    lines = [json.loads(line) for line in exported(store, run.id).splitlines()]
    assert lines[0]["version"] == 1
    assert not {"temperature_end", "fresh_rate", "candidates", "tail_characters"} & set(lines[2]["config"])
    assert sorted(lines[2]["prompts"]) == ["aggregate", "candidate", "name", "refine", "sample", "version"]
    newer = [*lines]
    newer[2] = {**lines[2], "prompts": {**lines[2]["prompts"], "verify": PLAIN.verify, "summarise": PLAIN.summarise}}
    written = "\n".join(json.dumps(line) for line in newer)
    assert import_bundle(store, io.StringIO(written)) == ImportedRun(run.id, created=False)  # the same run
    warmer = store.create_run(PROBLEM, replace(CONFIG, candidates=Candidates.WHOLE, temperature_end=0.5), PLAIN, PLAN)
    assert json.loads(exported(store, warmer.id).splitlines()[0])["version"] == 3


@pytest.mark.parametrize(
    ("line", "change", "says"),
    [
        (10, {"t": 9}, r"line 10 .*its chain stands nowhere"),
        (11, {"t": 1, "i": 1}, r"line 11 .*slot order, one a chain"),
        (10, {"status": "planned"}, r"line 10 .*it is planned"),
        (10, {"text": None}, r"line 10 .*done and must have a text"),
        (11, {"error": None}, r"line 11 .*must have an error"),
        (10, {"accepted": False}, r"line 10 .*only a verification"),
        (10, {"kind": "judge"}, r"line 10 .*kind: must be one of verify, summarise"),
        (10, {"colour": 1}, r"line 10 .*colour"),
        (13, {"asides": 2}, r"line 13 .*counts 2 asides, but there are 3"),
        (13, {"rulings": 1}, r"line 13 .*counts 1 rulings, but there are 0"),
    ],
)
def test_an_aside_that_does_not_fit_is_refused_with_its_line(
    store: Store, tmp_path: Path, line: int, change: dict[str, Any], says: str
) -> None:
    run = planned_run(store)
    finish(store, run.id)
    lines = [json.loads(one) for one in exported(store, run.id).splitlines()]
    lines[line - 1].update(change)
    with Store(tmp_path / "other.db") as other, pytest.raises(InvalidBundle, match=says):
        import_bundle(other, io.StringIO("\n".join(json.dumps(one) for one in lines)))


@pytest.mark.parametrize(
    "shuffle",
    [lambda lines: lines[:9] + lines[12:], lambda lines: [*lines[:3], *lines[9:12], *lines[3:9], lines[12]]],
    ids=["missing", "before the chains"],
)
def test_asides_that_are_missing_or_out_of_place_are_refused(
    store: Store, tmp_path: Path, shuffle: Callable[[list[str]], list[str]]
) -> None:
    run = planned_run(store)
    lines = shuffle(exported(store, run.id).splitlines())
    with Store(tmp_path / "other.db") as other, pytest.raises(InvalidBundle, match=r"asides|belongs here"):
        import_bundle(other, io.StringIO("\n".join(lines)))


def test_a_table_has_the_call_about_a_chain_in_its_row(store: Store) -> None:
    run = planned_run(store)
    finish(store, run.id)
    out = io.StringIO(newline="")
    export_csv(store, run.id, out)
    rows = {row["chain"]: row for row in csv.DictReader(io.StringIO(out.getvalue(), newline=""))}
    assert {slot: (row["aside"], row["aside_status"], row["accepted"]) for slot, row in rows.items()} == {
        "1.1": ("summarise", "done", ""),
        "1.2": ("", "", ""),
        "1.3": ("summarise", "failed", ""),
        "2.1": ("verify", "done", "True"),
        "2.2": ("", "", ""),
        "2.3": ("", "", ""),
    }
    assert rows["1.1"]["aside_text"] == "sum\ufffdmary \ufffd \x10 数学"
    assert rows["1.3"]["aside_error"] == "the server said 500"


def test_asides_go_with_their_run(store: Store) -> None:
    run = planned_run(store)
    store.delete_run(run.id)
    with store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM aside").scalar() == 0
