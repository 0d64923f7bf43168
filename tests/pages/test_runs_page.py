"""The Runs page: search, note, delete, import and a comparison by eye."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from rsa_viz.core.genealogy import Streams
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, Run, RunConfig
from rsa_viz.core.strategies import find_strategy
from rsa_viz.service import Service
from rsa_viz.store import Store

OpenApp = Callable[[Path], AppTest]


def planned(store: Store, title: str, note: str = "") -> Run:
    problem = Problem("text", f"What is {title}?", "1", title)
    config = RunConfig(ModelChoice("synthetic/fast"), n=2, k=1, t=2)
    plan = find_strategy("rsa").plan(2, 1, 2, Streams(0, problem.key))
    return store.create_run(problem, config, PLAIN, plan, note=note)


def opened(app: OpenApp, database: Path) -> AppTest:
    return app(database).run().switch_page("pages/runs.py").run()


def titles(at: AppTest) -> list[str]:
    """The titles of the listed runs, in order."""
    return [one.value.split("**")[1] for one in at.markdown if one.value.startswith("**") and "seed" in one.value]


def test_the_newest_run_comes_first_and_the_search_narrows_the_list(app: OpenApp, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.db") as store:
        for title, note in (("apples", ""), ("pears", "for the lecture"), ("plums", "")):
            planned(store, title, note)
    at = opened(app, tmp_path / "runs.db")
    assert titles(at) == ["plums", "pears", "apples"]
    at.text_input(key="search").set_value("lecture").run()
    assert titles(at) == ["pears"]


def test_a_run_whose_chains_are_not_there_yet_says_so(app: OpenApp, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.db") as store:
        planned(store, "apples")
    at = opened(app, tmp_path / "runs.db")
    assert any("nothing done yet" in one.value for one in at.markdown)


def test_shares_are_right_of_judged_and_unknown_stays_unknown(app: OpenApp, full_database: Path) -> None:
    at = opened(app, full_database)
    shares = [one.value.splitlines()[0].strip() for one in at.markdown if one.value.startswith("Right ")]
    assert shares[0] == "Right unknown → unknown"
    assert all("/" in share for share in shares[1:])


def test_a_note_is_kept(app: OpenApp, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.db") as store:
        run = planned(store, "apples")
    at = opened(app, tmp_path / "runs.db")
    at.button(key=f"more-{run.id}").click().run()
    at.text_area(key=f"note-{run.id}").set_value("<b>look</b> here").run()
    at.button(key=f"save-note-{run.id}").click().run()
    assert not at.exception
    with Store(tmp_path / "runs.db") as store:
        assert store.run(run.id).note == "<b>look</b> here"


def test_deleting_needs_a_confirmation(app: OpenApp, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.db") as store:
        run = planned(store, "apples")
        kept = planned(store, "pears")
    at = opened(app, tmp_path / "runs.db")
    at.button(key=f"more-{run.id}").click().run()
    assert at.button(key=f"delete-{run.id}").disabled
    at.checkbox(key=f"sure-{run.id}").check().run()
    at.button(key=f"delete-{run.id}").click().run()
    assert not at.exception
    with Store(tmp_path / "runs.db") as store:
        assert [one.id for one in store.runs()] == [kept.id]


def test_an_exported_run_imports_elsewhere_and_a_broken_file_is_one_clear_line(
    app: OpenApp, full_database: Path, tmp_path: Path
) -> None:
    out = io.BytesIO()
    with Store(full_database) as store:
        run = store.runs(limit=1)[0]
        service = Service(store)
        service.export(run.id, "jsonl", out)
        service.close()
    at = opened(app, tmp_path / "empty.db")
    at.file_uploader(key="bundle").upload("broken.jsonl", b"{not json", "application/jsonl")
    next(one for one in at.button if one.label == "Import").click().run()
    assert not at.exception
    assert "line 1" in at.error[0].value
    at.file_uploader(key="bundle").upload("run.jsonl", out.getvalue(), "application/jsonl")
    next(one for one in at.button if one.label == "Import").click().run()
    assert not at.exception
    with Store(tmp_path / "empty.db") as store:
        assert [one.id for one in store.runs()] == [run.id]


def test_two_ticked_runs_stand_side_by_side_and_the_url_says_which(app: OpenApp, full_database: Path) -> None:
    with Store(full_database) as store:
        first, second = (run.id for run in store.runs(limit=2))
    at = opened(app, full_database)
    at.checkbox(key=f"compare-{first}").check().run()
    assert "Tick a second run" in at.info[0].value
    at.checkbox(key=f"compare-{second}").check().run()
    assert not at.exception
    assert len(at.get("bidi_component")) == 4
    assert at.query_params["compare"] in (f"{first},{second}", [f"{first},{second}"])


@pytest.mark.browser
def test_a_run_is_opened_from_the_list_and_its_files_can_be_downloaded(tabs, server) -> None:
    with Store(server.database) as store:
        run = planned(store, "quinces")
    page = tabs.open(f"{server.url}/runs")
    page.locator(f".st-key-more-{run.id}").get_by_role("button", name="More").click()
    with page.expect_download() as waiting:
        page.locator(f".st-key-export-jsonl-{run.id}").get_by_role("button", name="jsonl").click()
    assert waiting.value.suggested_filename == f"{run.id}.jsonl"
    page.get_by_role("button", name="Close").click()
    page.get_by_role("dialog").wait_for(state="hidden")
    page.locator(f".st-key-open-{run.id} button").click()
    page.wait_for_url(f"**/?run={run.id}")
    expect(page.locator(".st-key-controls")).to_contain_text("Planned")
