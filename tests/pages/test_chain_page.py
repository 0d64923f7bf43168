"""The Chain page: numbers, beads, text, prompt, parents; and text that means harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import RIGHT, WRONG, OpenApp, click, opened, recorded, said
from playwright.sync_api import expect

from pages.parts.chain_text import pointed_out, tame
from rsa_viz.core.chain import Chain, PromptKind, Slot
from rsa_viz.store import Store

HARM = (
    "<img src=x onerror=\"document.title='owned'\"> <b>bold</b> <script>document.title='owned'</script>\n"
    "$$x^2$$ ![pixel](http://evil.test/pixel.png) [click](http://evil.test/link) ![p][1] <a href='http://evil.test'>x</a>\n"
    "[1]: http://evil.test/reference.png\n"
    ":red[red] :material/home: &lt;b&gt; `code` # heading\n"
    "\\boxed{<b>43</b>}"
)


def harmful(slot: Slot, prompt: str, seed: int) -> str | None:
    return HARM


def test_the_page_shows_numbers_verdict_and_why(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="3.2")
    assert not at.exception
    words = said(at)
    assert "Chain 3.2 ● right" in words
    assert "Answer: 43" in words
    assert "Recomputed exactly" in words
    assert "**Tokens in** 300" in words
    assert "it is what was sent" in words
    assert RIGHT in [one.value for one in at.code]


def test_one_moves_from_chain_to_chain_and_by_writing_a_slot(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="1.6")
    at.button(key="next-chain").click().run()
    assert "Chain 2.1" in said(at)
    at.button(key="previous-chain").click().run()
    assert "Chain 1.6" in said(at)
    at.text_input(key="chain-written").set_value("4.3").run()
    assert "Chain 4.3" in said(at)
    at.text_input(key="chain-written").set_value("nonsense").run()
    assert not at.exception
    assert "Chain 4.3" in said(at)
    at.text_input(key="chain-written").set_value("99.1").run()
    assert "This run has no chain 99.1" in said(at)


def test_a_failed_chain_says_why_and_its_children_say_what_they_missed(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="2.6")
    assert not at.exception
    assert "the server failed (500) 6 times" in said(at)
    with Store(tmp_path / "a.db") as store:
        children = store.children(run.id, Slot(2, 6))
    assert children, "the seed of the tests gives the failed chain a child"
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain=str(children[0]))
    assert "Without chain 2.6: no text of it was available" in said(at)
    assert "it is what was sent" in said(at)


def test_a_planned_chain_shows_its_parents_and_waits(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", until=2)
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="3.1")
    assert not at.exception
    assert "nothing of it is there yet" in said(at)
    assert "Nothing was sent yet" in said(at)


def test_a_wrong_chain_stands_beside_a_right_parent_first(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=lambda slot, prompt, seed: RIGHT if slot == Slot(1, 2) else WRONG, n=3, t=2)
    with Store(tmp_path / "a.db") as store:
        child = next(slot for slot, one in store.plan(run.id).by_slot.items() if one.parents[1:] == (Slot(1, 2),))
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain=str(child))
    assert not at.exception
    assert at.selectbox(key=f"compare-{run.id}-{child}").value.slot == Slot(1, 2)


def test_the_url_names_a_step_which_is_framed_and_read_in_the_text(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="2.2", step="2")
    assert not at.exception
    words = said(at).replace("\\", "")
    assert "Framed: step 2." in words
    assert "Step 2 of 3: ● right. Why: " in words
    at.button(key="next-chain").click().run()
    assert "step" not in at.query_params
    assert "Framed" not in said(at)


@pytest.mark.parametrize(
    ("step", "why"),
    [("99", "no step 99: it has 3 steps"), ("0", "no step 0:"), ("-1", "no step -1:"), ("<b>", "no step <b>:")],
)
def test_a_step_that_is_not_there_is_said(app: OpenApp, tmp_path: Path, step: str, why: str) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="2.2", step=step)
    assert not at.exception
    assert why in at.warning[0].value.replace("\\", "")
    assert "Framed" not in said(at)


def test_a_chain_without_steps_has_none_to_name(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="2.6", step="1")  # it failed
    assert not at.exception
    assert "it has no steps to show" in at.warning[0].value


def test_the_answer_is_underlined_in_its_line() -> None:
    chain = Chain(
        1, Slot(1, 1), PromptKind.SAMPLE, text=RIGHT, answer_start=RIGHT.index("43}"), answer_end=len(RIGHT) - 1
    )
    assert pointed_out(chain) == "3 │ \\boxed{43}\n  │        ^^"
    assert pointed_out(Chain(1, Slot(1, 1), PromptKind.SAMPLE, text=RIGHT)) == ""


def test_rendered_markdown_has_no_image_link_or_html() -> None:
    tamed = tame(HARM)
    assert "<" not in tamed
    assert "](" not in tamed.replace("\\](", "")
    assert "http://evil" not in tamed


@pytest.mark.browser
def test_harmful_text_is_shown_and_does_nothing(tabs, server) -> None:
    run = recorded(server.database, write=harmful, n=3, k=2, t=2)
    page = tabs.open(f"{server.url}/?run={run.id}")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    for place in ("chain", "genealogy", "population"):
        page.goto(f"{server.url}/{place}?run={run.id}&chain=2.1&t=2")
        page.locator(".js-plotly-plot .main-svg").first.wait_for()
        if place == "chain":
            expect(page.locator("[data-testid=stCode]").filter(has_text="<script>").first).to_be_visible()
            page.locator(".js-plotly-plot .points path").first.hover(force=True)
            expect(page.locator(".hoverlayer").first).to_contain_text("<img src=x onerror=")
            page.get_by_text("Render markdown and formulas").click()
            expect(page.locator(".katex").first).to_be_visible()
            page.get_by_role("tab", name="Prompt").click()
            page.get_by_role("tab", name="Beside a parent").click()
            expect(page.get_by_text("of the lines of chain 2.1 stand in the parent")).to_be_visible()
        assert page.locator("img[src*=evil], img[src=x], a[href*=evil], image[href*=evil]").count() == 0
        assert page.title() != "owned"
    assert [url for url in asked if not url.startswith(server.url) and not url.startswith(("data:", "blob:"))] == []
    assert [url for url in asked if url.endswith("/x")] == []


@pytest.mark.browser
def test_a_bead_of_a_parent_opens_the_parent(tabs, server) -> None:
    run = recorded(server.database)
    with Store(server.database) as store:
        parent = store.plan(run.id)[Slot(3, 2)].parents[0]
    page = tabs.open(f"{server.url}/chain?run={run.id}&chain=3.2")
    expect(page.get_by_role("heading", name="Chain 3.2")).to_be_visible()
    click(page, f"beads-{run.id}-3-2", 1, 0)
    expect(page.get_by_role("heading", name=f"Chain {parent}")).to_be_visible()
    page.wait_for_url(f"**chain={parent}*")
