"""The Failures page: where the right answer was lost, the ledger, the prediction, the map of all runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pictures import RIGHT, WRONG, OpenApp, click, opened, picture, recorded, said, without_gold
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from pages.parts.event_list import listed_events
from rsa_viz.analysis.ledger import EventKind, ledger
from rsa_viz.core.chain import Slot
from rsa_viz.store import Store

HARM = "<img src=x onerror=\"document.title='owned'\"> \\boxed{<b>9</b>}"


def lost(slot: Slot, prompt: str, seed: int) -> str | None:
    """Right are 1.1, 1.2 and 2.1; then nobody. 3.2 fails, 3.3 gives no answer."""
    if slot in (Slot(1, 1), Slot(1, 2), Slot(2, 1)):
        return RIGHT
    return {Slot(3, 2): None, Slot(3, 3): "I do not know."}.get(slot, WRONG)


def plain(at: AppTest) -> str:
    """The words of the page without the links around them and the signs that keep them from being markdown."""
    return re.sub(r"<[^>]*>", "", said(at)).replace("\\", "")


def kinds(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["Kind"])


def test_the_ledger_of_a_scripted_run_names_exactly_what_was_planted(tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=lost, n=5, k=2, t=4)
    with Store(tmp_path / "a.db") as store:
        chains = store.chains(run.id)
    right = {Slot(1, 1), Slot(1, 2), Slot(2, 1)}
    planted = set()
    for chain in chains:
        j = sum(parent in right for parent in chain.available)
        if j and chain.status == "done":
            kind = ("gain" if j == 1 else "") if chain.slot in right else ("loss" if j == 1 else "corruption")
            planted.add((kind, chain.slot))
        if not j and chain.slot in right and chain.slot.t > 1:
            planted.add(("rescue", chain.slot))
    planted |= {("failed call", Slot(3, 2)), ("unreadable answer", Slot(3, 3))}
    named = {(event.kind.value, event.slot) for event in ledger(chains) if event.kind is not EventKind.NEW_ANSWER}
    assert {one for one in named if one[1]} == {one for one in planted if one[0]}
    assert {kind for kind, slot in named if slot is None} == {"last right", "extinction", "fixation"}


def test_the_page_says_where_the_right_answer_was_lost_with_links(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=lost, n=5, k=2, t=4)
    at = opened(app, tmp_path / "a.db", "failures", run=run.id)
    assert not at.exception
    words = said(at)
    assert "The right answer died in" in words
    assert "It was last held in" in words
    assert f'<a href="/chain?run={run.id}&amp;chain=2.1" target="_self">chain 2\\.1</a>' in words
    with Store(tmp_path / "a.db") as store:
        for child in store.children(run.id, Slot(2, 1)):
            assert f"chain={child}" in words


def falls_and_returns(slot: Slot, prompt: str, seed: int) -> str:
    """All right but one; then nobody; then 3.2 alone, and nobody again."""
    return RIGHT if (slot.t == 1 and slot.i > 1) or slot == Slot(3, 2) else WRONG


def test_the_panel_tells_every_turn_and_its_children_lead_to_the_difference(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=falls_and_returns, n=4, k=2, t=4)
    at = opened(app, tmp_path / "a.db", "failures", run=run.id)
    assert not at.exception
    words = plain(at)
    assert "It had died before, in generation 2, and come back in generation 3." in words
    heads = ["Generation 2: the right answer died.", "Generation 3: the right answer came back.", "Generation 4: the "]
    places = [words.index(head) for head in heads]
    assert places == sorted(places)
    assert "With it went the vote." in words
    with Store(tmp_path / "a.db") as store:
        events = [event for event in ledger(store.chains(run.id)) if event.t == 2 and event.kind.value == "corruption"]
    assert events
    for event in events:
        assert f"/failures?run={run.id}&amp;event=corruption&amp;chain={event.slot}#event" in said(at)
    at = opened(app, tmp_path / "a.db", "failures", run=run.id, event="corruption", chain=str(events[0].slot))
    assert at.selectbox(key=f"compare-{run.id}-{events[0].slot}").value.slot == events[0].parents[0]


def test_a_long_story_folds_its_earlier_turns(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=lambda slot, prompt, seed: RIGHT if slot.t % 2 else WRONG, n=2, k=1, t=14)
    at = opened(app, tmp_path / "a.db", "failures", run=run.id)
    assert not at.exception
    assert "It had died 6 times before, and come back each time." in plain(at)
    (folded,) = [one for one in at.expander if one.label == "Earlier turning points: 7"]
    words = re.sub(r"<[^>]*>", "", folded.markdown[0].value).replace("\\", "")
    assert "Generation 8:" in words
    assert "Generation 9:" not in words


def test_a_run_of_one_generation_has_an_answer_and_no_turns(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", n=4, k=1, t=1)
    at = opened(app, tmp_path / "a.db", "failures", run=run.id)
    assert not at.exception
    assert "The right answer never won the vote. In generation 1 it is held by 1 of 4 chains" in plain(at)
    assert "beside that of a parent" not in plain(at)


def test_a_won_run_says_since_when(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    assert "It won: the vote of generation 5 is right" in plain(opened(app, tmp_path / "a.db", "failures", run=run.id))


def test_a_run_that_nobody_can_judge_is_unknown(app: OpenApp, tmp_path: Path) -> None:
    run = without_gold(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "failures", run=run.id)
    assert not at.exception
    words = plain(at)
    assert "Unknown: no chain has a verdict. Unknown is not wrong." in words
    assert "nothing can be predicted" in words
    assert not {"loss", "corruption", "rescue", "gain"} & set(kinds(at))


@pytest.mark.parametrize(("n", "k", "t", "until"), [(1, 1, 1, 1), (1, 1, 3, 3), (4, 2, 3, 0), (4, 2, 3, 2)])
def test_the_smallest_and_the_unfinished_runs_have_a_page(
    app: OpenApp, tmp_path: Path, n: int, k: int, t: int, until: int
) -> None:
    run = recorded(tmp_path / "a.db", n=n, k=k, t=t, until=until)
    at = opened(app, tmp_path / "a.db", "failures", run=run.id)
    assert not at.exception


def test_the_url_keeps_filters_and_the_chosen_event(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=lost, n=5, k=2, t=4)
    at = opened(app, tmp_path / "a.db", "failures", run=run.id, events="failed call,unreadable answer", t="3")
    assert kinds(at) == ["failed call", "unreadable answer"]
    at.button_group(key="events-filter").set_value([EventKind.FAILED]).run()
    assert "".join(at.query_params["events"]) == "failed call"
    assert kinds(at) == ["failed call"]
    at.selectbox(key="events-generation").select(2).run()
    assert kinds(at) == []
    at = opened(app, tmp_path / "a.db", "failures", run=run.id, event="failed call", chain="3.2")
    words = plain(at)
    assert "**Failed call**" in words
    assert "failed after 6 tries: the server failed (500) 6 times" in words


def test_events_about_a_chain_are_its_own_and_its_childrens(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=lost, n=5, k=2, t=4)
    at = opened(app, tmp_path / "a.db", "failures", run=run.id, about="2.1")
    with Store(tmp_path / "a.db") as store:
        events = ledger(store.chains(run.id))
    about = listed_events(events, (), None, Slot(2, 1))
    assert kinds(at) == [event.kind.value for event in about]
    assert all(event.slot == Slot(2, 1) or Slot(2, 1) in event.parents for event in about)
    at.text_input(key="events-chain").set_value("nonsense").run()
    assert not at.exception
    assert len(kinds(at)) == len(events)


def test_the_sliders_ask_the_model_and_the_answer_says_so(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", n=6, k=2, t=5)
    at = opened(app, tmp_path / "a.db", "failures", run=run.id)
    assert "A prediction, not a measurement" in plain(at)
    assert "What if N" not in plain(at)
    at.select_slider(key=f"what-if-n-{run.id}").set_value(2).run()
    assert not at.exception
    words = plain(at)
    assert "What if N = 2, K = 2, T = 5 instead of 6, 2, 5?" in words
    assert "no run was made" in words
    at.select_slider(key=f"what-if-n-{run.id}").set_value(1).run()
    assert not at.exception, "K follows when N gets smaller than it"
    at.select_slider(key=f"what-if-n-{run.id}").set_value(6).run()
    at.select_slider(key=f"seen-{run.id}").set_value(2).run()
    assert "children up to generation 2" in plain(at)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_one_finds_the_child_that_lost_the_answer(tabs, server, dark: bool) -> None:
    def write(slot: Slot, prompt: str, seed: int) -> str | None:
        return HARM if slot == Slot(3, 4) else lost(slot, prompt, seed)

    run = recorded(server.database, write=write, n=5, k=2, t=4)
    with Store(server.database) as store:
        chains = store.chains(run.id)
    first = next(event for event in ledger(chains) if event.kind in (EventKind.LOSS, EventKind.CORRUPTION))
    page = tabs.open(f"{server.url}/failures?run={run.id}&events={first.kind.value}", dark=dark)
    expect(page.locator(".st-key-fate")).to_contain_text("last held in generation 2 by chain 2.1. ")
    picture(page, f"events-{run.id}")
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    box = table.locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 52)  # the box at the first row's left end
    event = page.locator(".st-key-event")
    expect(event).to_contain_text(f"Chain {first.slot} answers 44, wrong")
    assert f"chain={first.slot}" in page.url
    expect(event.get_by_text(f"Chain {first.parents[0]}", exact=True)).to_be_visible()  # beside the parent
    event.get_by_role("link", name=f"Open chain {first.slot}").click()
    expect(page.get_by_role("heading", name=f"Chain {first.slot} ✕ wrong")).to_be_visible()
    assert page.title() != "owned"


@pytest.mark.browser
def test_a_childs_name_leads_to_its_text_beside_a_right_parent(tabs, server) -> None:
    run = recorded(server.database, write=falls_and_returns, n=4, k=2, t=4)
    with Store(server.database) as store:
        events = ledger(store.chains(run.id))
    event = next(one for one in events if one.t == 2 and one.kind in (EventKind.LOSS, EventKind.CORRUPTION))
    page = tabs.open(f"{server.url}/failures?run={run.id}")
    page.locator(f".st-key-turns a[href*='chain={event.slot}#']").first.click()
    shown = page.locator(".st-key-event")
    expect(shown.get_by_text(f"Chain {event.parents[0]}", exact=True)).to_be_visible()
    expect(shown.locator("strong", has_text=f"Chain {event.slot}")).to_be_in_viewport()


@pytest.mark.browser
def test_a_bar_chooses_its_generation_and_a_dot_opens_its_run(tabs, server) -> None:
    other = recorded(server.database, n=5, k=2, t=4, write=lambda slot, prompt, seed: RIGHT if slot.t > 1 else WRONG)
    run = recorded(server.database, write=lost, n=5, k=2, t=4)
    with Store(server.database) as store:
        events = ledger(store.chains(run.id))
    page = tabs.open(f"{server.url}/failures?run={run.id}")
    click(page, f"events-{run.id}", 2, -0.5)
    page.wait_for_url("**t=2*")
    here = sum(event.t == 2 for event in events)
    expect(page.get_by_text(f"{here} events of {len(events)}.")).to_be_visible()
    click(page, "fates", 0, 1)
    page.wait_for_url(f"**run={other.id}*")
    expect(page.locator(".st-key-fate")).to_contain_text("It won")
