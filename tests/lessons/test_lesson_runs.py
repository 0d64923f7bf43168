"""The lesson's runs: recordings are what the simulation makes, and the examples of failure show what they are to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rsa_viz.analysis.ledger import EventKind, ledger
from rsa_viz.core.access import Access
from rsa_viz.core.chain import Chain, ChainStatus, Verdict
from rsa_viz.core.errors import ReadOnly
from rsa_viz.core.run import ModelChoice, RunStatus
from rsa_viz.lessons import RECORDED
from rsa_viz.lessons.runs import (
    KNOBS_K,
    KNOBS_N,
    RECORDINGS,
    TRAINED,
    at_knobs,
    copying,
    cut_short,
    evolution,
    locked_in,
    lost_minority,
    trained,
)
from rsa_viz.service import Service
from rsa_viz.service.lessons import Lessons, make_all, write_recording
from rsa_viz.store import Store

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Lessons:
    """On an empty database, so that everything found is a recording."""
    return Lessons(Service(Store(tmp_path_factory.mktemp("lessons") / "a.db")))


def chains_of(lessons: Lessons, name: object) -> list[Chain]:
    found = lessons.recording(name)  # type: ignore[arg-type]
    assert found is not None
    return found.service.store.chains(found.run.id, text=True)


def test_every_recording_is_there_whole_and_small_and_there_is_no_other(lessons: Lessons) -> None:
    for one in RECORDED:
        found = lessons.find(one)
        assert found is not None, one.name
        assert found.recorded
        assert found.run.status is RunStatus.DONE
        assert found.run.config == one.config
        assert found.run.config.model.simulated or one.config.model.model in TRAINED
    assert {path.name for path in RECORDINGS.iterdir()} == {one.recording.name for one in RECORDED}
    assert sum(path.stat().st_size for path in RECORDINGS.iterdir()) < 500_000
    assert {at_knobs(n, k).name for n in KNOBS_N for k in KNOBS_K} <= {one.name for one in RECORDED}
    assert lessons.service.store.runs() == []


def test_the_lost_minority_is_lost(lessons: Lessons) -> None:
    chains = chains_of(lessons, lost_minority())
    last = [event for event in ledger(chains) if event.kind is EventKind.LAST_RIGHT]
    assert [event.t for event in last] == [3]
    first = [chain for chain in chains if chain.slot.t == 1]
    assert 0 < sum(chain.verdict is Verdict.RIGHT for chain in first) < len(first) / 2
    assert not any(chain.verdict is Verdict.RIGHT for chain in chains if chain.slot.t > 3)


def test_the_locked_in_consensus_is_wrong_and_once_half_of_them_were_right(lessons: Lessons) -> None:
    chains = chains_of(lessons, locked_in())
    fixed = [event for event in ledger(chains) if event.kind is EventKind.FIXATION]
    assert [event.t for event in fixed] == [7]
    assert all(chain.verdict is Verdict.WRONG for chain in chains if chain.slot.t >= 7)
    assert sum(chain.verdict is Verdict.RIGHT for chain in chains if chain.slot.t == 2) >= 6


def test_truncation_silences_chains_and_costs_right_ones(lessons: Lessons) -> None:
    cut, whole = chains_of(lessons, cut_short()), chains_of(lessons, evolution())
    events = ledger(cut)
    truncated = {event.slot for event in events if event.kind is EventKind.TRUNCATION}
    silent = {event.slot for event in events if event.kind is EventKind.UNREADABLE}
    assert len(truncated & silent) >= 5

    def right(chains: list[Chain], t: int) -> int:
        return sum(chain.verdict is Verdict.RIGHT for chain in chains if chain.slot.t == t)

    assert right(cut, 3) < right(whole, 3)
    assert not any(chain.truncated for chain in whole)


def test_copying_writes_nothing_new(lessons: Lessons) -> None:
    chains = chains_of(lessons, copying())
    known = {chain.slot: chain for chain in chains}
    assert all(chain.answer_key == known[chain.parents[0]].answer_key for chain in chains if chain.parents)


def test_what_training_changes_is_shown_on_the_first_problems_of_the_experiment(lessons: Lessons) -> None:
    written = (ROOT / "experiments" / "training-problems.jsonl").read_text(encoding="utf-8").splitlines()
    for model in TRAINED:
        runs = trained(model)
        assert [(one.problem.question, one.problem.gold) for one in runs] == [
            (row["question"], row["gold"]) for row in map(json.loads, written[: len(runs)])
        ]
        assert {one.config.model.model for one in runs} == {model}
        assert runs[0].by(ModelChoice("openai/other")) == runs[0]  # it is about its model
        assert all(chain.status is ChainStatus.DONE for one in runs for chain in chains_of(lessons, one))


def test_a_run_that_is_made_is_the_recorded_one_and_is_made_once(lessons: Lessons, tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        service = Service(store)
        wanted = at_knobs(4, 2)
        (run,) = make_all(service, [wanted])
        assert [run.id for run in make_all(service, [wanted])] == [run.id]
        service.close()
        assert run.note == "lesson: N=4, K=2"
        texts = [chain.text for chain in store.chains(run.id, text=True)]
        assert texts == [chain.text for chain in chains_of(lessons, wanted)]
        found = Lessons(service).find(wanted)
        assert found is not None
        assert not found.recorded
        for name in ("a", "b"):
            write_recording(store, run.id, tmp_path / name)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_another_model_has_no_recording_and_a_read_only_app_makes_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        lessons = Lessons(Service(store, access=Access(read_only=True)))
        other = evolution().by(ModelChoice("openai/other"))
        assert lessons.find(other) is None
        with pytest.raises(ReadOnly):
            lessons.make(other)
