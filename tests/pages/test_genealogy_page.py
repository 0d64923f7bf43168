"""The Genealogy page: views, a clicked chain, and a live run."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import OpenApp, axis, click, improving, opened, picture, recorded, said, without_gold, zoom
from playwright.sync_api import expect
from written_runs import record_generations

from rsa_viz.core.chain import Slot
from rsa_viz.core.genealogy import Plan
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store, owner_name


def _plan(path: Path, run_id: str) -> Plan:
    with Store(path) as store:
        return store.plan(run_id)


def test_a_chain_in_the_url_is_chosen_with_its_parents_and_children(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    plan = _plan(tmp_path / "a.db", run.id)
    at = opened(app, tmp_path / "a.db", "genealogy", run=run.id, chain="3.2")
    assert not at.exception
    words = said(at).replace("\\", "")
    assert "Chain 3.2 ● right" in words
    for slot in (*plan[Slot(3, 2)].parents, *plan.children[Slot(3, 2)]):
        assert f"chain {slot}" in words
    assert "parent links: those through which" in words


def test_a_finished_run_begins_with_the_ancestry_of_its_answer(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "genealogy", run=run.id)
    assert any(one.value.startswith("Chain 5.") for one in at.subheader)


def test_the_shares_by_prompt_position_are_told_against_no_bias(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "genealogy", run=run.id)
    words = said(at).replace("\\", "")
    assert "if the place did not matter, each would give 50 %." in words
    table = at.dataframe[0].value
    steps = table[(table["Parents in the prompt"] == 2) & (table["What was taken over"] == "inherited steps")]
    assert list(steps["Position"]) == [1, 2]
    assert list(steps["If the place did not matter"]) == ["50 %", "50 %"]
    assert all(" to " in interval for interval in steps["95 % interval"])
    assert sum(int(share.split()[0]) for share in steps["Share"]) in (99, 100, 101)
    assert not opened(app, tmp_path / "b.db", "genealogy", run=recorded(tmp_path / "b.db", k=1).id).dataframe


def test_children_are_told_by_what_they_made_of_their_parents(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "genealogy", run=run.id)
    assert "23 children of all generations: clone" in said(at).replace("\\", "")  # one of the 24 failed
    at.selectbox(key=f"synthesis-of-{run.id}").set_value(3).run()
    assert not at.exception
    assert "6 children of <a" in said(at).replace("\\", "")


def test_an_unknown_chain_is_said_to_be_unknown(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "genealogy", run=run.id, chain="9.9")
    assert not at.exception
    assert "This run has no chain 9.9" in said(at)


def test_a_run_of_one_chain_has_no_links(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", n=1, k=1, t=1)
    at = opened(app, tmp_path / "a.db", "genealogy", run=run.id)
    assert not at.exception
    assert "No parent links" in said(at).replace("\\", "")


def test_steps_that_nobody_can_judge_still_have_donors(app: OpenApp, tmp_path: Path) -> None:
    run = without_gold(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "genealogy", run=run.id, chain="3.1")
    assert not at.exception
    assert "Chain 3.1 ? unknown" in said(at)


@pytest.mark.browser
def test_a_click_on_a_mark_chooses_the_chain_and_the_link_opens_it(tabs, server) -> None:
    run = recorded(server.database)
    page = tabs.open(f"{server.url}/genealogy?run={run.id}&chain=5.1")
    click(page, f"genealogy-{run.id}", 3, 2)
    expect(page.get_by_role("heading", name="Chain 3.2")).to_be_visible()
    page.wait_for_url("**chain=3.2*")
    page.get_by_role("link", name="Open chain 3.2").click()
    page.wait_for_url("**/chain?*")
    expect(page.get_by_role("heading", name="Chain 3.2")).to_be_visible()


@pytest.mark.browser
def test_a_click_on_a_childs_mark_chooses_it(tabs, server) -> None:
    run = recorded(server.database)
    page = tabs.open(f"{server.url}/genealogy?run={run.id}&chain=5.1")
    plot = picture(page, f"synthesis-{run.id}")
    mark = (
        f"document.querySelector('{plot}').data.find(trace => (trace.customdata ?? []).some(one => one[1] === '3.2'))"
    )
    page.wait_for_function(f"document.querySelector('{plot}')?.data && {mark}")
    at = f"(trace => trace.customdata.flatMap((one, i) => one[1] === '3.2' ? [trace.x[i], trace.y[i]] : []))({mark})"
    click(page, f"synthesis-{run.id}", *page.evaluate(at))
    expect(page.get_by_role("heading", name="Chain 3.2")).to_be_visible()
    page.wait_for_url("**chain=3.2*")


@pytest.mark.browser
def test_the_whole_graph_is_drawn_on_request_only(tabs, server) -> None:
    run = recorded(server.database)
    page = tabs.open(f"{server.url}/genealogy?run={run.id}&chain=3.2")
    expect(page.get_by_text("of 48 parent links")).to_be_visible()
    expect(page.get_by_text("Showing 48 of 48 parent links")).to_have_count(0)
    page.get_by_role("radio", name="All links").click()
    expect(page.get_by_text("Showing 48 of 48 parent links.")).to_be_visible()
    page.get_by_role("radio", name="Strong links").click()
    expect(page.get_by_text("those that passed on at least 40 %")).to_be_visible()


@pytest.mark.browser
def test_a_live_genealogy_keeps_zoom_and_view(tabs, server) -> None:
    run = recorded(server.database, n=6, k=2, t=5, until=2, live=True)
    page = tabs.open(f"{server.url}/genealogy?run={run.id}")
    key = f"genealogy-{run.id}"
    page.get_by_role("radio", name="All links").click()
    expect(page.get_by_text("Showing 48 of 48 parent links.")).to_be_visible()
    zoom(page, key, (1.3, 1.5), (3.6, 5.4))
    zoomed = axis(page, key)
    assert 1 < zoomed[0] < zoomed[1] < 4
    with Store(server.database) as store:
        record_generations(store, run, improving, 3, 5)
        store.release(run.id, owner_name(), RunStatus.DONE)
    right = f"document.querySelector('{picture(page, key)}').data.find(trace => trace.name === 'right').x.length"
    page.wait_for_function(f"{right} === 15")
    assert axis(page, key) == pytest.approx(zoomed)
    expect(page.get_by_text("Showing 48 of 48 parent links.")).to_be_visible()
