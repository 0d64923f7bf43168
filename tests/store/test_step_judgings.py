"""Judgings of steps in the store: kept side by side, in order, deleted with their run."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stored_runs import finish_small_run, small_run

from rsa_viz.core.chain import Slot, Verdict
from rsa_viz.core.errors import InvalidBundle, InvalidInput, NotFound
from rsa_viz.core.step_judging import StepJudging, StepVerdict
from rsa_viz.store import Store, export_bundle, import_bundle

pytestmark = pytest.mark.usefixtures("unflushed")

SAID = StepJudging(
    id=0,
    slot=Slot(1, 1),
    model="openai/judge",
    prompt="judge steps, version 1",
    at=1000.5,
    prompt_sha256="ab" * 32,
    verdicts=(StepVerdict(0, 4, Verdict.RIGHT, "so it is"), StepVerdict(5, 9, Verdict.UNKNOWN, "\x00 \ud800")),
    text="1: right – so it is\n2: unknown \x00",
    finish_reason="stop",
    tokens_in=120,
    tokens_out=None,
    latency_s=0.25,
    attempts=2,
)
FAILED = replace(SAID, text=None, verdicts=(), error="the server said 500")


def test_what_was_said_comes_back_as_it_was(store: Store) -> None:
    run = small_run(store)
    finish_small_run(store, run.id)
    before = store.revision(run.id)
    other = replace(SAID, slot=Slot(2, 1), model="openai/other")
    for one in (SAID, FAILED, other):
        store.record_step_judging(run.id, one)
    kept = store.step_judgings(run.id)
    assert [replace(one, id=0) for one in kept] == [SAID, FAILED, other]
    assert [one.id for one in kept] == sorted({one.id for one in kept})
    assert store.revision(run.id) == before + 3


def test_runs_do_not_see_each_others_and_a_deleted_run_takes_its_own(store: Store) -> None:
    one, other = small_run(store), small_run(store)
    for run in (one, other):
        finish_small_run(store, run.id)
        store.record_step_judging(run.id, SAID)
    store.delete_run(one.id)
    assert len(store.step_judgings(other.id)) == 1
    with pytest.raises(NotFound):
        store.step_judgings(one.id)


@pytest.mark.parametrize(
    ("judging", "why"),
    [
        (replace(SAID, slot=Slot(1, 3)), "chain 1.3 is failed"),
        (replace(FAILED, error=None), "record why"),
        (replace(FAILED, verdicts=SAID.verdicts), "no verdicts"),
        (replace(SAID, verdicts=SAID.verdicts[::-1]), "must not overlap"),
        (replace(SAID, verdicts=(StepVerdict(4, 4, Verdict.RIGHT, ""),)), "4 to 4"),
    ],
)
def test_what_does_not_fit_is_refused(store: Store, judging: StepJudging, why: str) -> None:
    run = small_run(store)
    finish_small_run(store, run.id)
    with pytest.raises(InvalidInput, match=why):
        store.record_step_judging(run.id, judging)
    assert store.step_judgings(run.id) == []


def test_a_chain_that_is_not_there_is_not_found(store: Store) -> None:
    run = small_run(store)
    with pytest.raises(NotFound, match=r"no chain 9\.9"):
        store.record_step_judging(run.id, replace(SAID, slot=Slot(9, 9)))


def bundled(store: Store, run_id: str) -> list[str]:
    out = io.StringIO()
    export_bundle(store, run_id, out)
    return out.getvalue().splitlines()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "other.db") as opened:
        yield opened


def test_judgings_travel_with_their_run(store: Store, other: Store) -> None:
    run = small_run(store)
    finish_small_run(store, run.id)
    before = bundled(store, run.id)
    for one in (SAID, FAILED, replace(SAID, slot=Slot(2, 1), model="openai/other")):
        store.record_step_judging(run.id, one)
    bundle = bundled(store, run.id)
    assert json.loads(bundle[0])["version"] == 3
    assert json.loads(bundle[-1])["step_judgings"] == 3
    assert import_bundle(other, bundle).created
    assert [replace(one, id=0) for one in other.step_judgings(run.id)] == [
        replace(one, id=0) for one in store.step_judgings(run.id)
    ]
    assert bundled(other, run.id) == bundle
    assert not import_bundle(other, bundle).created
    assert not import_bundle(other, before).created  # judged since
    store.delete_run(run.id)
    import_bundle(store, before)
    with pytest.raises(InvalidBundle, match="another content"):
        import_bundle(store, bundle)  # what is not here is refused, not dropped in silence


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda record: record.update(i=3), "chain of the bundle that is done"),
        (lambda record: record.update(text=None), "record why"),
        (lambda record: record["verdicts"].reverse(), "must not overlap"),
        (lambda record: record["verdicts"][0].update(verdict="perhaps"), "verdict"),
        (lambda record: record.pop("model"), "model"),
        (lambda record: record.update(verdicts={}), "list of verdicts"),
    ],
)
def test_a_judging_that_does_not_fit_its_bundle_is_refused(
    store: Store, other: Store, change: Callable[[Any], object], why: str
) -> None:
    run = small_run(store)
    finish_small_run(store, run.id)
    store.record_step_judging(run.id, SAID)
    bundle = bundled(store, run.id)
    record = json.loads(bundle[-2])
    change(record)
    with pytest.raises(InvalidBundle, match=why):
        import_bundle(other, [*bundle[:-2], json.dumps(record), bundle[-1]])
    assert other.runs() == []
