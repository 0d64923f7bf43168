"""The Run page: the form, then a run watched, paused, resumed, stopped, left and found again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from rsa_viz.core.run import RunStatus
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import TASKS, find_task

OpenApp = Callable[[Path], AppTest]
MARKED = "document.querySelector('.js-plotly-plot').data[1].text.filter(mark => /[●✕]/.test(mark)).length"
KNOBS = {"n": "Population N", "k": "Aggregation K", "t": "Generations T"}


def said(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in [*app.markdown, *app.caption, *app.text])


def test_a_new_user_sees_what_a_run_will_cost_and_can_start_at_once(app: OpenApp, tmp_path: Path) -> None:
    at = app(tmp_path / "fresh.db").run()
    assert "160 calls, 10 generations (9 aggregations)" in said(at)
    assert "576 parent links" in said(at)
    assert "3,520 out" in said(at)  # of the tiny model it is known how long an answer is
    assert [at.number_input(key=f"knob-{knob}").value for knob in "nkt"] == [16, 4, 10]
    assert model_of(at) == "tiny/holes"
    assert "Medium: alone, tiny/holes is right in 18 % of 1,000 solutions." in said(at)
    assert not at.warning
    assert not at.button(key="start").disabled


def test_the_model_that_knows_the_task_is_proposed_and_a_choice_that_can_answer_stays(
    app: OpenApp, tmp_path: Path
) -> None:
    at = app(tmp_path / "fresh.db").run()
    at.selectbox(key="problem-family").select(find_task("program").title).run()
    assert model_of(at) == "synthetic/reasoner"
    at.selectbox(key="model").set_value("synthetic/fast").run()
    at.selectbox(key="problem-of-Modular arithmetic").select_index(0).run()
    assert model_of(at) == "synthetic/fast"
    at.selectbox(key="problem-family").select(find_task("holes").title).run()
    assert model_of(at) == "tiny/holes"
    assert not at.warning
    at.selectbox(key="model").set_value("synthetic/fast").run()
    assert "works on programs only" in at.warning[0].value
    at.selectbox(key="problem-family").select(find_task("gsm8k").title).run()
    assert model_of(at) == "synthetic/reasoner"
    assert "it will give no answer to this question" in at.warning[0].value


def test_the_tiny_model_says_before_the_start_what_it_cannot_read(app: OpenApp, tmp_path: Path) -> None:
    at = app(tmp_path / "fresh.db").run()
    at.number_input(key="knob-k").set_value(9).run()
    assert "It says: I can read 8 candidates at most, not 9." in at.warning[0].value
    at.selectbox(key="strategy").set_value("majority-vote").run()
    assert not at.warning
    at.get("button_group")[0].set_value("Your own question").run()
    at.selectbox(key="own-task").select_index(list(TASKS).index("holes")).run()
    at.text_area(key="own-question").set_value("Work modulo 7.\n(1) 3 ? 5 ? 2 ? 2 = 4").run()
    assert "modulo 13 only, not modulo 7" in at.warning[0].value
    assert not at.button(key="start").disabled


def test_more_parents_than_chains_is_one_line_and_no_start(app: OpenApp, tmp_path: Path) -> None:
    at = app(tmp_path / "fresh.db").run()
    at.number_input(key="knob-k").set_value(17).run()
    assert len(at.error) == 1
    assert "K \\= 17" in at.error[0].value or "K = 17" in at.error[0].value
    assert at.button(key="start").disabled


def test_a_strategy_shows_only_the_knobs_that_it_uses(app: OpenApp, tmp_path: Path) -> None:
    at = app(tmp_path / "fresh.db").run()
    at.selectbox(key="strategy").set_value("majority-vote").run()
    assert [one.key for one in at.number_input if one.key.startswith("knob-")] == ["knob-n"]
    assert "16 calls, 1 generation (0 aggregations)" in said(at)
    at.selectbox(key="strategy").set_value("self-refinement").run()
    assert [one.key for one in at.number_input if one.key.startswith("knob-")] == ["knob-n", "knob-t"]


def test_an_own_question_can_be_asked_without_a_gold_answer(app: OpenApp, tmp_path: Path) -> None:
    at = app(tmp_path / "fresh.db").run()
    at.get("button_group")[0].set_value("Your own question").run()
    assert at.button(key="start").disabled
    at.text_area(key="own-question").set_value("How many legs has a spider?").run()
    assert not at.button(key="start").disabled
    assert not at.exception


def test_a_typed_key_goes_to_the_service_and_into_no_file(
    app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, str | None]] = []
    monkeypatch.setattr(
        Service, "start", lambda self, run_id, *, api_key=None, **_: started.append((run_id, api_key)), raising=True
    )
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-operator")
    monkeypatch.setenv("RSA_VIZ_VISITOR_ADDRESS", "1")
    database = tmp_path / "fresh.db"
    at = app(database).run()
    at.selectbox(key="model").set_value("another").run()
    at.text_input(key="other-model").set_value("openai/some-model")
    at.text_input(key="other-base").set_value("http://127.0.0.1:9/v1")
    at.text_input(key="other-key").set_value("sk-typed-by-a-viewer").run()
    at.button(key="start").click().run()
    assert not at.exception
    assert not at.error
    assert [key for _, key in started] == ["sk-typed-by-a-viewer"]
    with Store(database) as store:
        model = store.run(started[0][0]).config.model
    assert (model.model, model.api_base, model.api_key_env) == ("openai/some-model", "http://127.0.0.1:9/v1", None)
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"sk-typed" not in written
    assert b"sk-of-the-operator" not in written


def test_a_finished_run_shows_its_answer_and_polls_no_more(app: OpenApp, full_database: Path) -> None:
    with Store(full_database) as store:
        run = next(run for run in store.runs() if run.problem.gold is not None and run.config.t == 3)
    at = app(full_database)
    at.query_params["run"] = run.id
    at.run()
    assert not at.exception
    assert any(one.value.startswith("Uniform draw: chain 3.") for one in at.caption)
    assert any(one.value.startswith("Majority vote") for one in at.caption)
    assert run.status is RunStatus.DONE
    assert not at.main.get("auto_refresh")


def model_of(at: AppTest) -> str:
    return str(at.selectbox(key="model").value)


# In a real browser


def start_run(page: Page, *, n: int, t: int) -> None:
    """Fill in the form and press Start: a program, whose model writes at a pace to watch."""
    page.locator(".st-key-start button").wait_for()
    page.get_by_role("combobox", name="Family", exact=True).click()
    page.get_by_role("option", name=find_task("program").title).click()
    page.get_by_text("Writes at a pace to watch").wait_for()
    for knob, value in (("n", n), ("t", t)):
        field = page.get_by_role("spinbutton", name=KNOBS[knob])
        field.fill(str(value))
        field.press("Enter")
    page.get_by_text(re.compile(f"{n * t} calls, {t} generation")).wait_for()
    page.locator(".st-key-start button").click()
    wait_for_board(page)


def wait_for_board(page: Page) -> None:
    page.wait_for_function("document.querySelector('.js-plotly-plot')?.data?.length > 1")


def board(page: Page, what: str) -> object:
    """Something about the board's picture, as its JavaScript object tells."""
    return page.locator(".js-plotly-plot").first.evaluate(f"plot => {what}")


def ended(page: Page) -> int:
    words = page.locator("[data-testid=stMetricValue]").first.inner_text()
    return int(words.split(" of ")[0].replace(",", ""))


@pytest.mark.browser
def test_a_run_is_watched_paused_left_found_again_and_finished(tabs, server, run_id_in) -> None:
    page = tabs.open(server.url)
    start_run(page, n=8, t=8)
    run_id = run_id_in(page.url)

    # The whole board is there from the start, as planned cells, and fills.
    assert board(page, "plot.data[1].x.length") == 64
    expect(page.locator(".st-key-controls")).to_contain_text("Running")
    page.wait_for_function("document.querySelector('[data-testid=stMetricValue]').innerText[0] !== '0'")

    # A second browser sees the same run.
    other = tabs.open(f"{server.url}/?run={run_id}")
    expect(other.locator(".st-key-controls")).to_contain_text("Running")
    wait_for_board(other)
    assert board(other, "plot.data[1].x.length") == 64

    # Zoom stays through a live refresh: new marks come into the same picture.
    page.locator(".js-plotly-plot").first.evaluate("plot => { plot.dataset.same = 'yes' }")
    drag_a_zoom(page)
    zoomed = board(page, "plot.layout.xaxis.range.map(Number)")
    assert zoomed != [0.5, 8.5]
    page.wait_for_function(f"before => {MARKED} > before", arg=page.evaluate(MARKED))
    assert board(page, "plot.layout.xaxis.range.map(Number)") == zoomed
    assert board(page, "plot.dataset.same") == "yes"

    # Paused in one browser, it is paused in the other.
    page.locator(".st-key-pause button").click()
    expect(page.locator(".st-key-controls")).to_contain_text("Paused")
    expect(other.locator(".st-key-controls")).to_contain_text("Paused")
    assert ended(page) < 64
    assert board(page, "plot.layout.xaxis.range.map(Number)") == zoomed
    assert board(page, "plot.dataset.same") == "yes"

    # Resumed, the tabs closed: it goes on, and is there when one comes back.
    page.locator(".st-key-resume button").click()
    expect(page.locator(".st-key-controls")).to_contain_text("Running")
    tabs.close()
    with Store(server.database, read_only=True) as store:
        back = tabs.open(f"{server.url}/?run={run_id}")
        expect(back.locator(".st-key-controls")).to_contain_text("Done", timeout=60_000)
        expect(back.get_by_text("Every chain is accounted for.")).to_be_visible(timeout=60_000)
        assert store.run(run_id).done == 64
    expect(back.get_by_text("Majority vote")).to_be_visible()


def drag_a_zoom(page: Page) -> None:
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.8, steps=5)
    page.mouse.up()
    page.wait_for_function("document.querySelector('.js-plotly-plot')?.layout.xaxis.range[1] < 8")


@pytest.mark.browser
def test_a_run_is_stopped_and_a_clicked_cell_comes_under_the_eye(tabs, server) -> None:
    page = tabs.open(server.url)
    start_run(page, n=6, t=6)
    page.wait_for_function("Number(document.querySelector('[data-testid=stMetricValue]').innerText.split(' ')[0]) >= 6")
    page.locator(".st-key-stop button").click()
    expect(page.locator(".st-key-controls")).to_contain_text("Stopped")
    expect(page.get_by_text("Calls in flight were cancelled and stay planned.")).to_be_visible()

    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 12, box["y"] + box["height"] * 5 / 12)  # generation 1, slot 3
    expect(page.get_by_text("Chain 1.3")).to_be_visible()
    expect(page.get_by_role("link", name="Open chain 1.3")).to_be_visible()
    page.get_by_role("link", name="Open chain 1.3").click()
    page.wait_for_url(re.compile(r"/chain\?.*chain=1\.3"))


@pytest.mark.browser
def test_the_form_can_be_used_from_the_keyboard_alone(tabs, server) -> None:
    page = tabs.open(server.url)
    page.get_by_role("spinbutton", name=KNOBS["n"]).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.get_by_text(re.compile("K \\S* ?= 4")).first.wait_for()  # four parents of two chains: the clear line
    page.get_by_role("spinbutton", name=KNOBS["k"]).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.get_by_text("20 calls").wait_for()
    page.locator(".st-key-start button:enabled").focus()  # it was disabled while K was refused
    page.keyboard.press("Enter")
    wait_for_board(page)
