"""The Experiments page: nothing yet, made by form and by text, watched, driven, taken along, deleted."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from pages.parts.experiment_arms import arm_of
from pages.parts.experiment_list import PARAMETER, PREPARING
from pages.parts.frame import _service
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.run import RunStatus
from rsa_viz.core.toml import to_toml
from rsa_viz.service import Service
from rsa_viz.service.layout import read_toml
from rsa_viz.store import Store

OpenApp = Callable[[Path], AppTest]
SPEC = """
name = "two <b>arms</b>"
note = "$x$ matters"
[[problems]]
programs = 2
lines = 3
[defaults]
model = "synthetic/fast"
n = 2
[[arms]]
name = "RSA"
k = [1, 2]
t = 2
[[arms]]
name = "Reference"
strategy = "reference"
"""


def opened(app: OpenApp, database: Path, **query: str) -> AppTest:
    at = app(database)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    at.switch_page("pages/experiments.py").run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    parts = (at.markdown, at.caption, at.error, at.warning, at.info, at.header, at.subheader)
    return "\n".join(str(one.value) for row in parts for one in row).replace("\\", "")


@pytest.fixture
def recorded(tmp_path: Path) -> tuple[Path, str]:
    """A database with an experiment that is done."""
    path = tmp_path / "a.db"
    service = Service(Store(path))
    found = service.experiments.plan(service.experiments.lay_out(read_toml(SPEC, "x"))).experiment
    service.experiments.start(found.id)
    assert service.experiments.wait(found.id, timeout=60)
    service.close()
    return path, found.id


def test_without_an_experiment_the_page_says_what_one_is_and_how_to_begin(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "a.db")
    assert "No experiment yet" in said(at)
    assert "Give it a name to go on" in said(at)


def test_the_form_foresees_what_it_takes_and_then_plans_and_starts_it(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "a.db")
    at.text_input(key="experiment-name").input("by form")
    at.number_input(key="experiment-generated").set_value(1)
    at.number_input(key="experiment-seeds").set_value(1)
    at.run()
    assert "**3 runs, 120 calls**: 3 settings × 1 problem × 1 seed." in said(at)
    assert list(at.dataframe[-1].value["Setting"]) == ["RSA · K 2", "RSA · K 4", "Majority vote"]
    at.button(key="experiment-begin").click().run()
    service = _service(str(tmp_path / "a.db"), False)
    preparing = service.experiments.preparing("by form")
    assert preparing is not None
    preparing.wait(60)
    at.run()
    ((listed, _),) = service.experiments.store.all()
    found = service.experiments.store.find(listed.id)
    assert PREPARING not in at.session_state
    assert at.query_params[PARAMETER] == found.id
    assert service.experiments.wait(found.id, timeout=60)
    assert [service.store.run(run_id).status for run_id in found.run_ids] == [RunStatus.DONE] * 3
    service.close()


def test_the_form_proposes_the_model_that_knows_the_problems_and_goes_on_as_a_text(
    app: OpenApp, tmp_path: Path
) -> None:
    at = opened(app, tmp_path / "a.db")
    at.text_input(key="experiment-name").input("by task").run()
    assert 'model = "tiny/holes"' in said_as_code(at)
    assert "holes = 8\nguesses = [1, 2]" in said_as_code(at)
    at.selectbox(key="experiment-kind").set_value("programs").run()
    assert 'model = "synthetic/fast"' in said_as_code(at)
    assert "programs = 8\nlines = [6, 12]" in said_as_code(at)
    assert not at.warning
    at.button(key="experiment-as-text").click().run()
    text = str(at.text_area(key="experiment-text").value)
    assert tomllib.loads(text)["name"] == "by task"
    at.text_area(key="experiment-text").input(text.replace("t = 5", 't = 5\ncandidates = "summary"')).run()
    assert not at.exception
    assert not at.error
    at.text_area(key="experiment-text").input(text.replace('"synthetic/fast"', '"tiny/holes"')).run()
    assert "tiny/holes gives no answer to 8 of 8 problems: it knows missing operations only." in said(at)


def said_as_code(at: AppTest) -> str:
    return "\n".join(str(one.value) for one in at.code)


def test_a_row_of_the_table_may_carry_every_option_and_a_column_that_is_not_shown_gives_none() -> None:
    row = {"Arm": "", "Strategy": "rsa", "Model": "m", "Aggregator": None, "N": "4 8", "K": "", "T": "3, 5"}
    options = {
        "Last temperature": "0.2", "Fresh chains, %": "0, 12.5", "A child sees of each parent": "tail",
        "Characters of the end": "900", "Max tokens an answer": "256", "Prompts": "terse@2",
    }  # fmt: skip
    plain = {"name": "arm 3", "strategy": "rsa", "model": "m", "n": [4, 8], "t": [3, 5]}
    assert arm_of(3, row) == plain
    assert arm_of(3, {**row, **options}) == plain | {
        "temperature_end": [0.2], "fresh_rate": [0.0, 0.125], "candidates": "tail", "tail_characters": [900],
        "max_tokens": [256], "prompts": "terse@2",
    }  # fmt: skip
    with pytest.raises(InvalidInput, match=r"arm 3 \(arm 3\): Fresh chains, % must be numbers, not 'some'"):
        arm_of(3, {**row, "Fresh chains, %": "some"})


def test_a_text_is_refused_with_its_place_and_taken_when_it_is_right(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "a.db")
    at.segmented_control(key="experiment-way").set_value("As a file (TOML)").run()
    at.text_area(key="experiment-text").input(SPEC.replace("n = 2", "n = 0")).run()
    assert "your text, [[arms]] 1 (RSA): N (population size) must be a whole number from 1" in said(at)
    at.text_area(key="experiment-text").input(
        'name = "x"\n[[problems]]\nfile = "/etc/passwd"\n[[arms]]\nmodel = "synthetic/fast"'
    ).run()
    assert "file '/etc/passwd' cannot be read from here" in said(at)
    at.text_area(key="experiment-text").input(SPEC).run()
    assert "**6 runs, 20 calls**" in said(at)


def test_a_finished_one_shows_its_numbers_its_file_and_the_way_to_compare(
    app: OpenApp, recorded: tuple[Path, str]
) -> None:
    path, experiment_id = recorded
    at = opened(app, path, experiment=experiment_id)
    words = said(at)
    assert "two <b>arms</b>" in words
    assert "$x$ matters" in words
    assert ":orange-badge[:material/science: Simulation]" in words
    assert {metric.label: metric.value for metric in at.metric}["Runs done"] == "6 of 6"
    assert (
        "6 of 6 runs done. Right chains in the last generation, on average over (so many) done runs: RSA · K 1" in words
    )
    service = Service(Store(path))
    spec = service.experiments.store.find(experiment_id).spec
    assert tomllib.loads(to_toml(spec)) == spec
    assert [button.label for button in at.button if button.key and button.key.startswith("experiment-")] == [
        "Close",
        "Delete it",
    ]
    at.button(key="experiment-close").click().run()
    assert "6 of 6 runs done, 20 of 20 calls" in said(at)


def test_one_that_is_not_done_can_be_gone_on_with_and_deleted_with_its_runs(app: OpenApp, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    service = Service(Store(path))
    found = service.experiments.plan(service.experiments.lay_out(read_toml(SPEC, "x"))).experiment
    at = opened(app, path, experiment=found.id)
    assert "0 of 6 runs done" in said(at)
    at.button(key="experiment-start").click().run()
    driving = _service(str(path), False)
    assert driving.experiments.wait(found.id, timeout=60)
    at.run()
    assert "6 of 6 runs done" in said(at)
    at.checkbox(key="experiment-delete-runs").check().run()
    at.button(key="experiment-delete").click().run()
    assert "No experiment yet" in said(at)
    assert service.store.count_runs() == 0
    driving.close()


def test_an_unknown_one_is_said_to_be_unknown(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "a.db", experiment="abc<b>")
    assert "There is no experiment abc<b> in this database." in said(at)
    assert PARAMETER not in at.query_params


def test_where_the_app_only_shows_nothing_can_be_made_or_changed(
    app: OpenApp, recorded: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, experiment_id = recorded
    monkeypatch.setenv("RSA_VIZ_READ_ONLY", "1")
    at = opened(app, path, experiment=experiment_id)
    # what a viewer may press: another language, and a way back
    assert [button.key for button in at.button if button.key != "language-zh"] == ["experiment-close"]
    at.button(key="experiment-close").click().run()
    assert "New experiment" not in said(at)


@pytest.mark.browser
def test_a_click_on_a_cell_opens_its_run(tabs, server) -> None:
    service = Service(Store(server.database))
    found = service.experiments.plan(service.experiments.lay_out(read_toml(SPEC, "x"))).experiment
    page = tabs.open(f"{server.url}/experiments?experiment={found.id}")
    picture = page.locator(".picture .plot-container")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('.picture .scatterlayer .point') !== null")
    box = page.locator(".picture .nsewdrag").bounding_box()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 10)
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 10)
    page.wait_for_url("**run=*")
    assert found.run_ids[0] in page.url
    service.close()
