"""The prompt sets on the Run page: choose, edit, be told what is wrong, save, and see what a run used."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pictures import PROBLEM, OpenApp, opened, said
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import opening_problem

SAMPLE = "Please, solve this.\n{{question}}\n{{hint}}"


def editing(app: OpenApp, database: Path) -> AppTest:
    at = opened(app, database, "run")
    at.toggle(key="prompts-edit").set_value(True).run()
    assert not at.exception
    return at


def written(at: AppTest, purpose: str, text: str, label: str = "plain, version 1") -> AppTest:
    return at.text_area(key=f"prompts-{purpose}-of-{label}").set_value(text).run()


def test_the_editor_shows_the_templates_and_what_they_make_of_the_problem(app: OpenApp, tmp_path: Path) -> None:
    at = editing(app, tmp_path / "a.db")
    for purpose, template in PLAIN.templates.items():
        assert at.text_area(key=f"prompts-{purpose}-of-plain, version 1").value == template
    assert "`{{candidates}}` the candidates' blocks, in prompt order" in said(at)
    assert f"Problem:\n{opening_problem().question}" in said(at)
    assert not at.button(key="start").disabled
    assert at.button(key="prompts-save").disabled
    at.button_group(key="prompts-preview").set_value("aggregate").run()
    assert "---- Solution 2 ----\n(the whole text of candidate 2)" in said(at)
    at.button_group(key="prompts-preview").set_value("refine").run()
    assert "one candidate solution" in said(at)


@pytest.mark.parametrize(
    ("purpose", "text", "says"),
    [
        ("sample", "{{question}} {{x}}", "which nothing fills in"),
        ("sample", "Hello", "the sample template has no"),
        ("aggregate", "{{question}}", "the aggregate template has no"),
        ("candidate", "{{number}}", "the candidate template has no"),
    ],
)
def test_a_bad_template_is_one_clear_line_and_cannot_be_saved_or_run(
    app: OpenApp, tmp_path: Path, purpose: str, text: str, says: str
) -> None:
    at = written(editing(app, tmp_path / "a.db"), purpose, text)
    assert not at.exception
    assert any(says in one.value for one in at.error)
    assert at.button(key="prompts-save").disabled
    assert at.button(key="start").disabled


def test_a_change_is_saved_as_a_version_and_the_next_run_uses_it(app: OpenApp, tmp_path: Path) -> None:
    at = written(editing(app, tmp_path / "a.db"), "sample", SAMPLE)
    assert any("Save them as a new version" in one.value for one in at.error)
    assert at.button(key="start").disabled, "a run never uses what is not saved"
    assert "Please, solve this." in said(at)
    at.text_input(key="prompts-name-plain, version 1").set_value("plain")
    at.button(key="prompts-save").click().run()
    assert any("comes with rsa" in one.value for one in at.error)
    at.text_input(key="prompts-name-plain, version 1").set_value(" lecture ")
    at.button(key="prompts-save").click().run()
    assert not at.exception
    assert at.selectbox(key="prompt-set").value == "lecture, version 1"
    assert not at.button(key="start").disabled
    written(at, "sample", f"Again. {SAMPLE}", "lecture, version 1")
    at.button(key="prompts-save").click().run()
    assert at.selectbox(key="prompt-set").value == "lecture, version 2"
    assert at.selectbox(key="prompt-set").options == ["plain, version 1", "lecture, version 2", "lecture, version 1"]
    at.selectbox(key="prompt-set").select("lecture, version 1").run()
    for knob, value in (("n", 2), ("k", 1), ("t", 1)):
        at.number_input(key=f"knob-{knob}").set_value(value)
    at.run()
    at.button(key="start").click().run()
    assert not at.exception
    with Store(tmp_path / "a.db") as store:
        (run,) = store.runs()
    assert run.prompts == replace(PLAIN, name="lecture", version=1, sample=SAMPLE)
    assert "prompts lecture, version 1" in said(at)


def test_an_edit_is_left_by_switching_the_editor_off(app: OpenApp, tmp_path: Path) -> None:
    at = written(editing(app, tmp_path / "a.db"), "sample", SAMPLE)
    at.toggle(key="prompts-edit").set_value(False).run()
    assert not at.button(key="start").disabled
    at.toggle(key="prompts-edit").set_value(True).run()
    assert at.text_area(key="prompts-sample-of-plain, version 1").value == PLAIN.sample


@pytest.mark.parametrize("page", ["run", "chain"])
def test_the_run_and_its_chains_say_which_set_they_used(app: OpenApp, tmp_path: Path, page: str) -> None:
    with Store(tmp_path / "a.db") as store:
        prompts = replace(PLAIN, name="my own", version=7)
        run = Service(store).create(PROBLEM, RunConfig(ModelChoice("synthetic/fast"), n=2, k=1, t=1), prompts=prompts)
    at = opened(app, tmp_path / "a.db", page, run=run.id)
    assert "prompts my own, version 7" in said(at)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_prompts_are_edited_saved_used_and_found_again(tabs, server, run_id_in, dark: bool) -> None:
    name = "dark" if dark else "light"
    page = tabs.open(server.url, dark=dark)
    page.get_by_text("Advanced").click()
    page.get_by_role("switch", name="Edit").press("Space")
    field = page.get_by_role("textbox", name="First generation, from the question alone")
    field.fill("Kindly solve:\n{{questoin}}")
    field.press("ControlOrMeta+Enter")
    expect(page.get_by_text("which nothing fills in").first).to_be_visible()
    field.fill("Kindly solve:\n{{question}}\n{{hint}}")
    field.press("ControlOrMeta+Enter")
    expect(page.locator(".st-key-prompts-composed")).to_contain_text("Kindly solve:")
    expect(page.locator(".st-key-start button")).to_be_disabled()
    page.get_by_role("textbox", name="Save as").fill(f"kind {name}")
    page.get_by_role("textbox", name="Save as").press("Enter")
    save = page.locator(".st-key-prompts-save button")
    expect(save).to_have_count(1)  # while the page is drawn anew there may be two
    save.click()
    expect(page.locator(".st-key-start button")).to_be_enabled()
    for knob, value in (("Population N", "2"), ("Aggregation K", "1"), ("Generations T", "1")):
        number = page.get_by_role("spinbutton", name=knob)
        number.fill(value)
        number.press("Enter")
    page.get_by_text("2 calls, 1 generation").wait_for()
    page.locator(".st-key-start button").click()
    expect(page.get_by_text(f"prompts kind {name}, version 1")).to_be_visible()
    run_id = run_id_in(page.url)
    expect(page.get_by_text("Every chain is accounted for.")).to_be_visible(timeout=60_000)
    page.goto(f"{server.url}/chain?run={run_id}&chain=1.1")
    expect(page.get_by_text(f"prompts kind {name}, version 1")).to_be_visible()
    page.get_by_role("tab", name="Prompt").click()
    expect(page.get_by_text(re.compile("it is what was sent"))).to_be_visible()
    expect(page.get_by_role("tabpanel").get_by_text("Kindly solve:")).to_be_visible()
