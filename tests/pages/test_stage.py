"""Present mode: the view of an address for a hall, moved with keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import RIGHT, WRONG, OpenApp, click, opened, recorded, said
from playwright.sync_api import expect

from rsa_viz.core.access import READ_ONLY
from rsa_viz.core.chain import InFlight, Slot
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store, owner_name


def test_the_view_of_an_address_is_shown_for_a_hall(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "run", run=run.id, present="1", t="2")
    assert not at.exception
    words = said(at)
    assert "The population: A small program" in words
    assert "Generation 2 of 5" in words
    assert "12 of 30 chains have ended" in words
    assert not at.selectbox
    assert not at.button
    at = opened(app, tmp_path / "a.db", "population", run=run.id, present="1", t="3")
    assert "Right chains by generation" in said(at)
    assert "right 1/6 → 3/6" in said(at)


@pytest.mark.parametrize("scene", ["board", "right", "answers", "votes", "genealogy", "nothing"])
def test_every_picture_is_there_with_its_caption(app: OpenApp, tmp_path: Path, scene: str) -> None:
    run = recorded(tmp_path / "a.db", n=2, k=1, t=2)
    at = opened(app, tmp_path / "a.db", "run", run=run.id, present="1", scene=scene)
    assert not at.exception
    assert "Generation 2 of 2" in said(at)


def test_the_genealogy_grows_with_the_generations_and_shows_the_line_of_the_chain_in_the_address(
    app: OpenApp, tmp_path: Path
) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "genealogy", run=run.id, present="1", t="2")
    assert not at.exception
    assert "Who descends from whom" in said(at)
    assert "Showing 12 of 48 parent links" in said(at)
    at.query_params["t"] = "3"
    assert "Showing 24 of 48 parent links" in said(at.run())
    at.query_params["chain"] = "1.1"
    words = said(at.run()).replace("\\", "")
    assert "chain 1.1" in words.lower()
    assert "is the first right one. In " in words
    at.query_params["chain"] = "9.9"
    assert "Showing 24 of 48 parent links" in said(at.run())


def test_the_stage_walks_through_the_deaths_and_returns_of_the_right_answer(app: OpenApp, tmp_path: Path) -> None:
    def write(slot: Slot, prompt: str, seed: int) -> str:
        return RIGHT if slot in (Slot(1, 1), Slot(1, 2), Slot(3, 2)) else WRONG

    run = recorded(tmp_path / "a.db", write=write, n=4, k=2, t=5)
    last = "the last right one before the right answer was lost"
    told = {
        "1.1": f"is the first right one and {last} (of 2 chains there). ",
        "3.2": f"is the one that brought the right answer back and {last}. ",
    }
    for chain, words in told.items():
        at = opened(app, tmp_path / "a.db", "genealogy", run=run.id, present="1", t="5", chain=chain)
        assert not at.exception
        assert words in said(at).replace("\\", "")


def test_an_empty_database_has_a_stage(app: OpenApp, tmp_path: Path) -> None:
    at = opened(app, tmp_path / "a.db", "run", present="1")
    assert not at.exception
    assert "No run yet" in "".join(one.value for one in at.title)


def test_a_live_run_shows_what_streams_and_may_stop_after_this_generation(app: OpenApp, tmp_path: Path) -> None:
    whole = recorded(tmp_path / "a.db")
    with Store(tmp_path / "a.db") as store:
        run = store.create_run(whole.problem, whole.config, whole.prompts, store.plan(whole.id))
        store.claim(run.id, owner_name())
        flight = InFlight(Slot(1, 2), 1, run.created_at, run.created_at + 2, 9, 3, "so far 12")
        store.exchange(owner_name(), {run.id: [flight]})
        at = opened(app, tmp_path / "a.db", "run", run=run.id)
        at.button(key="stop-after").click().run()
        assert store.run(run.id).wanted == "pause after 1"
        assert "It stops after generation 1" in said(at)
        at = opened(app, tmp_path / "a.db", "run", run=run.id, present="1")
        words = said(at)
        assert "LIVE" in words
        assert "so far 12" in words
        assert "Stops after generation 1" in words
        assert "Slowest line of descent" in words
        store.release(run.id, owner_name(), RunStatus.STOPPED)


def test_who_may_change_nothing_sees_the_stage_and_no_form(
    app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded(tmp_path / "a.db")
    monkeypatch.setenv(READ_ONLY, "1")
    at = opened(app, tmp_path / "a.db", "run", run=run.id, present="1")
    at.session_state["stage-asking"] = True
    at.run()
    assert not at.text_area
    assert not at.exception


@pytest.mark.browser
def test_keys_move_through_generations_and_pictures_and_ask_the_audience(tabs, server) -> None:
    run = recorded(server.database, t=3)
    page = tabs.open(f"{server.url}/?run={run.id}&present=1")
    expect(page.get_by_text("18 of 18 chains have ended")).to_be_visible()
    page.locator(".keys[data-listens]").wait_for(state="attached")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("12 of 18 chains have ended")).to_be_visible()
    assert "t=2" in page.url
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("heading", name="Right chains by generation")).to_be_visible()
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="Who descends from whom")).to_be_visible()
    expect(page.get_by_text("is the first right one. In")).to_be_visible()
    click(page, f"stage-genealogy-{run.id}", 2, 3)
    expect(page.get_by_text("The line of")).to_be_visible()
    assert "t=2" in page.url
    page.keyboard.press("a")
    page.get_by_label("The question").fill("a?")  # typing is no key press: neither ? nor a opens anything
    expect(page.get_by_text("fill the screen")).to_have_count(0)
    page.get_by_role("heading").first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_label("The question")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Population").first).to_be_visible()
