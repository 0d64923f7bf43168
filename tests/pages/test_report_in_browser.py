"""The report of a run as a reader opens it: from disk, in a browser, without any network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rsa_viz.service.exchange import write_run
from rsa_viz.store import Store
from tests.exports.recorded_runs import SUM, recorded, sevens

ATTACK = (
    "</script><script>document.title = 'taken'</script>"
    "<img src=https://evil.example/x onerror=\"document.title='taken'\">"
    "\n\n6 * 7 = 41\n\nThe answer is \\boxed{<img src=//evil.example/y>}."
)


@pytest.mark.browser
def test_a_report_draws_in_light_and_dark_from_disk_and_asks_for_nothing_else(
    chromium: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "run.html"
    with Store(tmp_path / "runs.db") as store, file.open("wb") as out:
        run = recorded(store, SUM, lambda slot: ATTACK if slot.i == 4 else sevens(slot), n=6, k=2, t=4)
        write_run(store, run.id, "html", out)
    context = chromium.new_context(color_scheme="dark", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    pictures = page.locator(".plot .main-svg:first-child")
    expect(pictures).to_have_count(page.locator(".picture").count())
    paper = "element => getComputedStyle(element).backgroundColor"
    assert page.evaluate(paper, page.locator("body").element_handle()) == "rgb(14, 17, 23)"
    expect(pictures.first).to_have_css("background-color", "rgb(14, 17, 23)")
    page.emulate_media(color_scheme="light")
    expect(pictures.first).to_have_css("background-color", "rgb(255, 255, 255)")

    page.locator("#answer a").first.click()
    chain = page.locator("details:target")
    expect(chain.locator("pre")).to_be_visible()
    attacked = page.locator("#chain-2\\.4")
    attacked.evaluate("element => { element.parentElement.open = element.open = true }")
    expect(attacked.locator("pre")).to_contain_text("<script>document.title = 'taken'</script>")
    board = page.locator("#board .nsewdrag")
    box = board.bounding_box()
    assert box is not None
    board.click(
        position={"x": 1.5 / 4 * box["width"], "y": 2.5 / 6 * box["height"]}
    )  # 2 of 4 generations, 3 of 6 slots
    expect(page).to_have_url(re.compile(r"#chain-2\.3$"))
    expect(page.locator("details:target pre")).to_be_visible()
    assert page.title() == "Six sevens"
    assert page.locator("img").count() == 0
    context.close()
    assert asked == [file.as_uri()]
    assert complaints == []
