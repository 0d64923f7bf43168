"""The Fragments page: beads, the heatmap, the table, one fragment's spread and path, and a live run."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import RIGHT, WRONG, OpenApp, click, improving, opened, picture, recorded, said, without_gold
from playwright.sync_api import expect
from written_runs import record_generations

from rsa_viz.core.chain import Slot
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store, owner_name


def test_every_fragment_is_listed_with_its_history(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id)
    assert not at.exception
    table = at.dataframe[0].value
    assert list(table["Fragment"]) == ["c=55", "d=43", "c=56", "d=44"]
    assert list(table["Verdict"]) == ["● right", "● right", "✕ wrong", "✕ wrong"]
    # chain i is right from generation i on, 2.6 failed: 1 2 3 4 5 of 6 are right
    assert list(table["Chains"]) == [15, 15, 14, 14]
    assert list(table["Right"]) == ["15 of 15", "15 of 15", "0 of 14", "0 of 14"]
    assert [round(share) for share in table["Peak"]] == [83, 83, 83, 83]
    assert [round(share) for share in table["Final"]] == [83, 83, 17, 17]
    assert "How c=55 spread" in said(at).replace("\\", "")


def test_the_url_names_the_fragment_and_the_generation(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id, fragment="d=44", t="2")
    assert not at.exception
    words = said(at).replace("\\", "")
    assert "How d=44 spread" in words
    assert "Generation 2</a>: 15 steps of 5 chains" in words
    assert "Framed: the steps of 3 chains that state the chosen fragment." in words
    assert "of all fragments that are carried: right 17 % → 83 %, wrong 83 % → 17 %." in words


def test_a_search_narrows_the_table(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id)
    at.text_input(key="fragment-searched").set_value("= 4").run()
    assert list(at.dataframe[0].value["Fragment"]) == ["d=43", "d=44"]
    at.text_input(key="fragment-searched").set_value("nothing").run()
    assert not at.exception
    assert len(at.dataframe[0].value) == 0


@pytest.mark.parametrize("query", [{"fragment": "x=1", "t": "99"}, {"fragment": "", "t": "no"}])
def test_a_url_that_names_nothing_there_shows_what_is(app: OpenApp, tmp_path: Path, query: dict[str, str]) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id, **query)
    assert not at.exception
    assert "How c=55 spread" in said(at).replace("\\", "")


def test_a_run_of_one_chain_and_one_that_states_nothing(app: OpenApp, tmp_path: Path) -> None:
    one = recorded(tmp_path / "a.db", n=1, k=1, t=1)
    at = opened(app, tmp_path / "a.db", "fragments", run=one.id)
    assert not at.exception
    silent = recorded(tmp_path / "b.db", write=lambda slot, prompt, seed: "I do not know.", n=2, k=2, t=2)
    at = opened(app, tmp_path / "b.db", "fragments", run=silent.id)
    assert not at.exception
    assert "No chain states a fragment so far" in said(at)


def test_without_a_gold_answer_equations_are_fragments_and_nothing_is_right(app: OpenApp, tmp_path: Path) -> None:
    run = without_gold(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id)
    assert not at.exception
    table = at.dataframe[0].value
    assert set(table["Verdict"]) == {"? unknown"}
    assert set(table["Right"]) == {"–"}


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_a_cell_chooses_its_fragment_and_a_bead_opens_its_chain(tabs, server, dark: bool) -> None:
    run = recorded(server.database)
    page = tabs.open(f"{server.url}/fragments?run={run.id}", dark=dark)
    click(page, f"fragments-{run.id}", 3, 3)  # the fourth row is d=44
    expect(page.get_by_role("heading", name="How d=44 spread")).to_be_visible()
    assert "fragment=d%3D44" in page.url
    click(page, f"population-beads-{run.id}", 1, 1)
    page.wait_for_url("**/chain?*")
    assert "chain=1.2" in page.url
    expect(page.get_by_role("heading", name="Chain 1.2")).to_be_visible()


@pytest.mark.browser
def test_the_page_follows_a_live_run(tabs, server) -> None:
    run = recorded(server.database, until=2, live=True)
    page = tabs.open(f"{server.url}/fragments?run={run.id}&fragment=c%3D55")
    shares = f"document.querySelector('{picture(page, f'fragments-{run.id}')}').data[0].z"
    assert page.evaluate(f"{shares}[0].slice(2)") == [None, None, None]
    with Store(server.database) as store:
        record_generations(store, run, improving, 3, 5)
        store.release(run.id, owner_name(), RunStatus.DONE)
    page.wait_for_function(f"{shares}[0].every((share) => share !== null)")
    expect(page.get_by_text("In every chain")).to_have_count(0)


@pytest.mark.browser
def test_hostile_text_is_shown_letter_by_letter(tabs, server) -> None:
    attack = "<img src=x onerror=alert(1)> **bold** $x$ "

    def write(slot: Slot, prompt: str, seed: int) -> str:
        return f"{attack}\n{RIGHT if slot.i == 1 else WRONG}"

    run = recorded(server.database, write=write, n=2, k=2, t=2)
    page = tabs.open(f"{server.url}/fragments?run={run.id}")
    picture(page, f"population-beads-{run.id}")
    assert page.locator("img[src=x]").count() == 0


def test_the_chain_page_says_where_each_fragment_was_before(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="2.2")
    assert not at.exception
    with Store(tmp_path / "a.db") as store:
        parents = store.chain(run.id, Slot(2, 2)).available
    table = next(one.value for one in at.dataframe if "Where it was before" in one.value)
    assert list(table["Fragment"]) == ["c=55", "d=43"]
    origin = "from parents" if Slot(1, 1) in parents else "reappearing"  # 1.1 alone is right in generation 1
    assert list(table["Where it was before"]) == [origin, origin]
    assert list(table["First in chain"]) == ["1.1", "1.1"]
    words = said(at).replace("\\", "")
    assert f"Chain 2.2</a> states 2 fragments: 2 {origin}." in words
    assert "In a parent and not taken over: c=56 and d=44." in words


def test_a_sampled_chain_inherits_nothing(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="1.2")
    assert not at.exception
    assert not any("Where it was before" in one.value for one in at.dataframe)
