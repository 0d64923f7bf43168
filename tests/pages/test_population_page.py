"""The Population page: its pictures, the generation under the slider, play, and a live run."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import OpenApp, axis, click, improving, opened, picture, recorded, said, without_gold, zoom
from playwright.sync_api import expect
from written_runs import record_generations

from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store, owner_name


def test_the_page_says_in_words_what_its_pictures_show(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "population", run=run.id)
    assert not at.exception
    words = said(at)
    assert "right 1/6 → 5/6" in words
    assert f"/population?run={run.id}&amp;t=5" in words
    assert "Answers of generation 5" in words
    assert "1 failed of 30 chains" in words


def test_the_url_chooses_the_generation_and_the_slider_writes_it_back(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "population", run=run.id, t="2")
    assert at.slider(key="generation-slider").value == 2
    assert "Answers of generation 2" in said(at)
    at.slider(key="generation-slider").set_value(4).run()
    assert at.query_params["t"] in ("4", ["4"])
    assert "Answers of generation 4" in said(at)


def test_a_run_that_nobody_can_judge_is_not_called_wrong(app: OpenApp, tmp_path: Path) -> None:
    run = without_gold(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "population", run=run.id)
    assert "Unknown does not count as wrong" in said(at)


@pytest.mark.parametrize(("n", "k", "t"), [(1, 1, 1), (1, 1, 3), (4, 2, 1)])
def test_the_smallest_runs_have_a_page(app: OpenApp, tmp_path: Path, n: int, k: int, t: int) -> None:
    run = recorded(tmp_path / "a.db", n=n, k=k, t=t)
    at = opened(app, tmp_path / "a.db", "population", run=run.id)
    assert not at.exception
    assert len(at.slider) == (t > 1)


def test_an_empty_database_says_how_to_start(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "a.db", "population")
    assert not at.exception
    assert "Start a run" in said(at)


@pytest.mark.browser
def test_generations_play_and_stop_at_the_last(tabs, server) -> None:
    run = recorded(server.database, t=3)
    page = tabs.open(f"{server.url}/population?run={run.id}&t=1")
    expect(page.get_by_role("heading", name="Answers of generation 1")).to_be_visible()
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("heading", name="Answers of generation 2")).to_be_visible()
    expect(page.get_by_role("heading", name="Answers of generation 3")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.wait_for_url("**t=3*")
    bars = page.evaluate(f"document.querySelector('{picture(page, f'distribution-{run.id}')}').data[0].x")
    assert list(bars) == [3, 3]


@pytest.mark.browser
def test_a_click_on_a_generation_chooses_it_and_a_bar_lists_its_chains(tabs, server) -> None:
    run = recorded(server.database)
    page = tabs.open(f"{server.url}/population?run={run.id}")
    click(page, f"correctness-{run.id}", 4, 4 / 6)
    expect(page.get_by_role("heading", name="Answers of generation 4")).to_be_visible()
    page.wait_for_url("**t=4*")
    click(page, f"distribution-{run.id}", 1, 1)
    listed = page.get_by_text("With this answer in generation 4")
    expect(listed).to_contain_text("chain 4.5, chain 4.6")
    listed.get_by_role("link", name="chain 4.6").click()
    expect(page.get_by_role("heading", name="Chain 4.6")).to_be_visible()


@pytest.mark.browser
def test_a_live_run_grows_and_keeps_the_zoom(tabs, server) -> None:
    run = recorded(server.database, n=6, k=2, t=5, until=2, live=True)
    page = tabs.open(f"{server.url}/population?run={run.id}")
    expect(page.get_by_text("right 1/6 → 2/5")).to_be_visible()
    key = f"correctness-{run.id}"
    zoom(page, key, (1.2, 0.2), (3.5, 0.9))
    zoomed = axis(page, key)
    assert 1 < zoomed[0] < zoomed[1] < 4
    with Store(server.database) as store:
        store.exchange(owner_name(), {run.id: None})
        record_generations(store, run, improving, 3, 4)
    expect(page.get_by_text("right 1/6 → 4/6")).to_be_visible()
    assert axis(page, key) == pytest.approx(zoomed)
    with Store(server.database) as store:
        record_generations(store, run, improving, 5, 5)
        store.release(run.id, owner_name(), RunStatus.DONE)
    expect(page.get_by_text("right 1/6 → 5/6")).to_be_visible()
    assert axis(page, key) == pytest.approx(zoomed)
