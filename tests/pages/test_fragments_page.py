"""The Fragments page: beads, the heatmap, the table, one fragment's spread and path, and a live run."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import RIGHT, WRONG, OpenApp, click, improving, opened, picture, place, recorded, said, without_gold
from playwright.sync_api import expect
from written_runs import record_generations, written_run

from rsa_viz.core.chain import Slot
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.store import Store, owner_name


def test_every_fragment_is_listed_with_its_history(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id)
    assert not at.exception
    table = at.dataframe[0].value
    assert list(table["Fragment"]) == ["c=55", "d=43", "c=56", "d=44"]
    assert table["Written"][0] == "c = a * b = 12 * 45 = 540 ≡ 55 (mod 97)"
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
    at.text_input(key="fragment-searched").set_value("c = 55").run()
    assert list(at.dataframe[0].value["Fragment"]) == ["c=55"]
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


WORKED = Problem(
    "gsm8k", "Twenty and ten, halved?", "15", metadata={"solution": "20 + 10 = 30 apples\n30 / 2 = 15 apples."}
)


def worked(path: Path) -> Run:
    """Two generations of two chains: the second of each goes a way that the worked solution does not know."""

    def write(slot: Slot, prompt: str, seed: int) -> str:
        way = "He has $20 + $10 = $30.\n30 / 2 = 15." if slot.i == 1 else "20 * 2 = 40.\n40 - 5 = 35."
        return f"{way}\n#### {15 if slot.i == 1 else 35}"

    with Store(path) as store:
        return written_run(store, WORKED, write, n=2, k=2, t=2)


def test_with_a_worked_solution_fragments_are_right_where_nobody_chose_a_source(app: OpenApp, tmp_path: Path) -> None:
    run = worked(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id)
    assert not at.exception
    table = at.dataframe[0].value
    assert list(table["Fragment"]) == ["10+20=30", "30/2=15", "2*20=40", "40-5=35"]
    assert list(table["Written"]) == ["20 + $10 = $30", "30 / 2 = 15", "20 * 2 = 40", "40 - 5 = 35"]
    assert list(table["Verdict"]) == ["● right", "● right", "? unknown", "? unknown"]
    words = said(at).replace("\\", "")
    assert "of all fragments that are carried: right 50 % → 50 %, unknown 50 % → 50 %." in words
    assert "2 of 2 stand in right chains less often than that and hold 50 % → 50 %." in words
    assert words.count("by the worked solution: what does not stand there is unknown, not wrong") == 5


def test_heatmap_table_curve_and_kinds_follow_the_chooser(app: OpenApp, tmp_path: Path) -> None:
    run = worked(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id, by="known")
    assert not at.exception
    assert set(at.dataframe[0].value["Verdict"]) == {"? unknown"}
    words = said(at).replace("\\", "")
    assert "(unknown) first stands in" in words
    assert words.count("Verdicts by what is known: recomputed, or refuted by its own arithmetic.") == 4
    assert "That is an association and no verdict." in words
    at.selectbox(key="verdicts-by").set_value("proven").run()
    assert "by" not in at.query_params
    assert "● right" in set(at.dataframe[0].value["Verdict"])


@pytest.mark.parametrize("words", ["20 + 10 = 30", "10 + 20 = 30", "$20 + $10", "20+10=", "10+20=30", "= 30"])
def test_a_search_finds_an_equation_however_it_is_written(app: OpenApp, tmp_path: Path, words: str) -> None:
    run = worked(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "fragments", run=run.id)
    at.text_input(key="fragment-searched").set_value(words).run()
    assert list(at.dataframe[0].value["Fragment"]) == ["10+20=30"]


@pytest.mark.browser
def test_a_pointer_anywhere_in_the_cells_reads_one(tabs, server) -> None:
    run = recorded(server.database)
    page = tabs.open(f"{server.url}/fragments?run={run.id}&t=2")
    for key, row, places in ((f"population-beads-{run.id}", 1, (1, 3)), (f"fragments-{run.id}", 1, (1, 5))):
        first, last = (place(page, key, x, row) for x in places)
        unread = []
        for number in range(25):
            x = first[0] + (last[0] - first[0]) * number / 24
            page.mouse.move(x, first[1] + 6)
            page.wait_for_timeout(60)
            if not page.locator(f"{picture(page, key)} .hoverlayer .hovertext").count():
                unread.append(number)
        assert not unread, (key, unread)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_a_cell_chooses_its_fragment_and_a_bead_opens_its_chain(tabs, server, dark: bool) -> None:
    run = recorded(server.database)
    page = tabs.open(f"{server.url}/fragments?run={run.id}", dark=dark)
    click(page, f"fragments-{run.id}", 3, 3)  # the fourth row is d=44
    expect(page.get_by_role("heading", name="How d=44 spread")).to_be_visible()
    assert "fragment=d%3D44" in page.url
    click(page, f"population-beads-{run.id}", 2, 1)
    page.wait_for_url("**/chain?*")
    assert "chain=1.2" in page.url
    assert "step=2" in page.url
    expect(page.get_by_role("region", name="Text of chain 1.2, step 2 highlighted")).to_be_in_viewport()
    step = WRONG.splitlines()[1]
    expect(page.locator("mark")).to_have_text(step)
    expect(page.locator("mark")).to_be_in_viewport()


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
