"""The Audit page: find chains by how they were judged, overrule, merge, undo; and every figure says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import RIGHT, WRONG, OpenApp, opened, picture, recorded, said
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from pages.parts.audit_list import FILTERS, listed
from rsa_viz.core.chain import Chain, ChainStatus, PromptKind, Slot, Verdict
from rsa_viz.store import Store

HARM = "<img src=x onerror=\"document.title='owned'\"> <script>document.title='owned'</script> \\boxed{<b>43</b>}"


def judged(slot: Slot, prompt: str, seed: int) -> str | None:
    """1.1 right, 1.2 wrong, 1.3 without an answer, 1.4 fails; later ones are right."""
    first = {1: RIGHT, 2: WRONG, 3: "I do not know.", 4: None}
    return first[slot.i] if slot.t == 1 else RIGHT


def rows(at: AppTest) -> list[str]:
    """The chains that the table lists."""
    return list(at.dataframe[0].value["Chain"])


def asked(at: AppTest, name: str) -> str:
    """A parameter of the page's URL."""
    return "".join(at.query_params[name])


def test_filters_show_what_any_of_them_lets_through() -> None:
    def one(i: int, **more: object) -> Chain:
        return Chain(i, Slot(1, i), PromptKind.SAMPLE, **{"status": ChainStatus.DONE, "answer": "1", **more})  # type: ignore[arg-type]

    chains = [
        one(1, verdict=Verdict.WRONG),
        one(2, verdict=Verdict.RIGHT),
        one(3, answer=None, finish_reason="length"),
        one(4, status=ChainStatus.FAILED, answer=None),
        one(5, status=ChainStatus.PLANNED, answer=None),
        one(6, verdict=Verdict.RIGHT, ruled=True),
        one(7),
    ]
    found = {name: [chain.slot.i for chain in listed(chains, [name], None)] for name in FILTERS}
    assert found == {
        "wrong": [1],
        "right": [2, 6],
        "unknown": [3, 7],
        "unreadable": [3],
        "truncated": [3],
        "failed": [4],
        "ruled": [6],
    }
    assert [chain.slot.i for chain in listed(chains, ["wrong", "ruled"], None)] == [1, 6]
    assert [chain.slot.i for chain in listed(chains, [], 1)] == [1, 2, 3, 4, 6, 7]
    assert listed(chains, [], 2) == []


def test_the_url_keeps_filter_generation_and_chain(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=judged, n=4, k=2, t=2)
    at = opened(app, tmp_path / "a.db", "audit", run=run.id, filter="wrong,failed", chain="1.2")
    assert not at.exception
    assert rows(at) == ["1.2", "1.3", "1.4"]  # no answer is wrong where there is a gold one
    assert "Chain 1.2 ✕ wrong" in said(at)
    assert "Gold answer: 43" in said(at)
    at.selectbox(key="audit-generation").select(2).run()
    assert asked(at, "t") == "2"
    assert rows(at) == []
    at.button_group(key="audit-filter").set_value(["right"]).run()
    assert asked(at, "filter") == "right"
    assert rows(at) == ["2.1", "2.2", "2.3", "2.4"]
    assert "Chain 1.2 ✕ wrong" in said(at), "the chosen chain stays, whatever is listed"
    at.button(key="audit-next").click().run()
    assert asked(at, "chain") == "2.1"
    assert asked(at, "t") == "2"


def test_a_verdict_is_overruled_and_taken_back(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=judged, n=4, k=2, t=2)
    at = opened(app, tmp_path / "a.db", "audit", run=run.id, filter="wrong", chain="1.2")
    at.text_input(key=f"audit-why-{run.id}-1.2").set_value("it *meant* <b>43</b>")
    at.button(key="audit-say-right").click().run()
    assert not at.exception
    assert rows(at) == ["1.3"]
    assert "Chain 1.2 ● right" in said(at)
    assert "Said by a person: it *meant* <b>43</b>" in said(at)
    assert "Judged before: ✕ wrong. Recomputed exactly" in said(at)
    assert "1 verdict set by a person" in said(at)
    with Store(tmp_path / "a.db") as store:
        assert store.chain(run.id, Slot(1, 2)).verdict is Verdict.RIGHT
    at.button(key="audit-undo").click().run()
    assert rows(at) == ["1.2", "1.3"]
    assert "Chain 1.2 ✕ wrong" in said(at)
    assert "undone" in said(at)
    with Store(tmp_path / "a.db") as store:
        (ruling,) = store.rulings(run.id)
        assert (ruling.active, ruling.why) == (False, "it *meant* <b>43</b>")


def test_an_unreadable_chain_may_be_ruled_and_a_failed_one_not(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=judged, n=4, k=2, t=2)
    at = opened(app, tmp_path / "a.db", "audit", run=run.id, filter="unreadable", chain="1.3")
    assert rows(at) == ["1.3"]
    assert "No answer could be read." in said(at)
    at.button(key="audit-say-unknown").click().run()
    assert "Chain 1.3 ? unknown" in said(at)
    at = opened(app, tmp_path / "a.db", "audit", run=run.id, filter="failed", chain="1.4")
    assert "It failed: the server failed (500) 6 times" in said(at)
    assert not [button for button in at.button if (button.key or "").startswith("audit-say")]


def test_two_answers_are_merged_and_every_figure_says_so(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=judged, n=4, k=2, t=2)
    at = opened(app, tmp_path / "a.db", "audit", run=run.id)
    at.selectbox(key="merge-move").select("44").run()
    at.selectbox(key="merge-into").select("43").run()
    at.text_input(key="merge-why").set_value("a slip of the pen")
    at.button(key="merge").click().run()
    assert not at.exception
    assert list(at.dataframe[1].value["Chains"]) == [6]
    words = said(at)
    assert "1 merged answer class" in words
    assert "Answer “44” is the same as “43” \\(● right\\)" in words
    assert "Reason: a slip of the pen" in words
    for page in ("population", "genealogy", "chain", "run"):
        at = opened(app, tmp_path / "a.db", page, run=run.id)
        figures = sum(one.proto.component_name == "picture" for one in at.get("bidi_component"))
        noted = [one.value for one in at.markdown if "1 merged answer class" in one.value]
        assert noted, page
        assert all(f'<a href="/audit?run={run.id}"' in one for one in noted)
        assert len(noted) == figures > 0 or page == "run", page
    at = opened(app, tmp_path / "a.db", "audit", run=run.id)
    with Store(tmp_path / "a.db") as store:
        (ruling,) = store.rulings(run.id)
    at.button(key=f"undo-{ruling.id}").click().run()
    assert list(at.dataframe[1].value["Chains"]) == [5, 1]
    at = opened(app, tmp_path / "a.db", "population", run=run.id)
    assert "merged" not in said(at)


def test_a_run_in_which_nothing_has_ended_has_nothing_to_audit(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=judged, n=4, k=2, t=2, until=0)
    at = opened(app, tmp_path / "a.db", "audit", run=run.id, chain="1.1")
    assert not at.exception
    assert rows(at) == []
    assert "0 chains of 8; 8 not ended yet" in said(at)
    assert "No chain has given an answer." in said(at)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_one_reads_a_chain_with_its_answer_highlighted_and_overrules_it(tabs, server, dark: bool) -> None:
    def write(slot: Slot, prompt: str, seed: int) -> str | None:
        return f"{HARM}\n{WRONG}" if slot == Slot(1, 2) else judged(slot, prompt, seed)

    run = recorded(server.database, write=write, n=4, k=2, t=2)
    page = tabs.open(f"{server.url}/audit?run={run.id}&filter=wrong", dark=dark)
    table = page.get_by_test_id("stDataFrame").first
    box = table.locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 52)  # the box at the first row's left end
    expect(page.get_by_text("Chain 1.2 ✕ wrong")).to_be_visible()
    assert "chain=1.2" in page.url
    assert "filter=wrong" in page.url
    text = page.get_by_role("region", name="Text of chain 1.2")
    expect(text).to_contain_text("<script>")
    expect(text.locator("mark")).to_have_text("44")
    expect(text.locator("mark")).to_be_in_viewport()
    assert text.locator("img, script, b").count() == 0
    page.get_by_label("Your reason").first.fill("read it again")
    page.get_by_role("button", name="It is right").click()
    expect(page.get_by_text("Chain 1.2 ● right")).to_be_visible()
    expect(page.get_by_text("Judged before: ✕ wrong")).to_be_visible()
    assert page.title() != "owned"
    page.goto(f"{server.url}/population?run={run.id}")
    picture(page, f"correctness-{run.id}")
    page.get_by_role("link", name="Audit", exact=True).last.click()
    expect(page.get_by_text("Reason: read it again")).to_be_visible()
