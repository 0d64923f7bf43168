"""A recorded run replayed on the pages of a live one; the recorded example; a recording for a run that cannot go on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pictures import opened, recorded, said
from streamlit.testing.v1 import AppTest

from pages.parts.replaying import speed_of
from rsa_viz.core.access import READ_ONLY
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.run import RunStatus
from rsa_viz.service import EXAMPLES, Service, open_example
from rsa_viz.store import Store, owner_name

OpenApp = Callable[[Path], AppTest]


def metrics(at: AppTest) -> dict[str, str]:
    return {one.label: one.value for one in at.metric}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A database that holds the recorded example and nothing else, and the example's id. Do not change it."""
    path = tmp_path_factory.mktemp("example") / "a.db"
    with Store(path) as store:
        return path, open_example(Service(store)).run_id


def test_an_empty_database_offers_the_example_and_imports_it_only_when_asked(app: OpenApp, tmp_path: Path) -> None:
    at = app(tmp_path / "a.db").run()
    with Store(tmp_path / "a.db") as store:
        assert store.count_runs() == 0
    at.button(key="open-example").click().run()
    assert not at.exception
    with Store(tmp_path / "a.db") as store:
        (run,) = store.runs()
    assert run.config.model.simulated
    assert "Simulation" in said(at)
    assert at.query_params["run"] in (run.id, [run.id])


def test_every_example_is_a_whole_recorded_run_of_its_problem(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        service = Service(store)
        for example in EXAMPLES:
            imported = open_example(service, example.name)
            run = store.run(imported.run_id)
            assert (run.status, run.problem.key, run.config.seed) == (
                *(RunStatus.DONE, example.problem.key, example.seed),
            )
            assert all(chain.started_at and chain.first_token_s for chain in store.chains(run.id))
            assert open_example(service, example.name).created is False


def test_a_moment_in_the_address_shows_the_run_as_it_stood(app: OpenApp, example: tuple[Path, str]) -> None:
    database, run = example
    at = opened(app, database, "run", run=run, moment="10")
    assert not at.exception
    assert "RECORDED" in said(at)
    seen = metrics(at)
    assert 0 < int(seen["Done"].split()[0]) < 160
    assert int(seen["In flight"]) > 0
    assert "being written" in said(at)
    at.button(key="replay-step-1").click().run()
    assert int(metrics(at)["Done"].split()[0]) > int(seen["Done"].split()[0])
    at.button(key="replay-leave").click().run()
    assert metrics(at)["Done"] == "160 of 160"
    assert "moment" not in at.query_params


def test_the_pictures_of_the_population_are_those_of_the_moment(app: OpenApp, example: tuple[Path, str]) -> None:
    database, run = example
    at = opened(app, database, "population", run=run, moment="0")
    assert not at.exception
    assert "No chain has ended yet" in said(at)
    assert "RECORDED" in said(at)


def test_who_may_change_nothing_may_replay(
    app: OpenApp, example: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(READ_ONLY, "1")
    at = opened(app, example[0], "run", run=example[1])
    at.button(key="replay").click().run()
    assert not at.exception
    assert "RECORDED" in said(at)


def test_when_the_server_fails_a_recording_of_the_same_problem_goes_on(app: OpenApp, tmp_path: Path) -> None:
    whole = recorded(tmp_path / "a.db")
    with Store(tmp_path / "a.db") as store:
        dead = store.create_run(whole.problem, whole.config, whole.prompts, store.plan(whole.id))
        store.claim(dead.id, owner_name())
        store.release(dead.id, owner_name(), RunStatus.FAILED, "the server is gone")
    at = opened(app, tmp_path / "a.db", "run", run=dead.id)
    assert "the server is gone" in at.error[0].value
    at.button(key="continue-recorded").click().run()
    assert not at.exception
    assert at.query_params["run"] in (whole.id, [whole.id])
    assert "RECORDED" in said(at)


@pytest.mark.parametrize(
    ("written", "speed"), [("1×", 1), ("50x", 50), (" 2.5 ", 2.5), ("in 30 s", 4), ("in 240s", 0.5)]
)
def test_a_speed_is_a_factor_or_a_time(written: str, speed: float) -> None:
    assert speed_of(written, 120.0) == speed


@pytest.mark.parametrize("written", ["", "0", "51×", "fast", "30 s", "in 0 s", "in 30", "in 5000 s", "1e9"])
def test_what_is_no_speed_is_refused_in_words(written: str) -> None:
    with pytest.raises(InvalidInput, match="is no speed"):
        speed_of(written, 120.0)
