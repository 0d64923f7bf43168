"""Ten tasks, done as a new user would from the app's first page, each within a stated number of acts.

An act is a click, a key pressed to act or a field filled. docs/journeys.md says the same numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from newcomer import Newcomer
from playwright.sync_api import Browser, expect
from stocked import Stock

from rsa_viz.service import Service
from rsa_viz.store import Store
from tests.servers.app_server import ROOT, AppServer


@dataclass(frozen=True)
class Place:
    """Where a task is done: the app, what is recorded there, and the hands for further tabs."""

    server: AppServer
    runs: Stock
    tabs: Any
    folder: Path
    chromium: Browser


def start_a_run(new: Newcomer, place: Place) -> None:
    """The proposed problem and model are ready to start, and the board fills."""
    new.button("Start")
    new.page.wait_for_function("document.querySelector('.js-plotly-plot')?.data?.length > 1")
    new.page.wait_for_function("/^[1-9]/.test(document.querySelector('[data-testid=stMetricValue]').innerText)")


def read_a_chain_and_its_parents(new: Newcomer, place: Place) -> None:
    """From a run to the chain that answered, and on to the first of its parents."""
    new.open_run(place.runs.evolving)
    new.click(new.labelled("a", "The chain that answered"))
    expect(new.page).to_have_url(re.compile(r"chain=10\.\d+"))
    new.sees("Parents in prompt order")
    parents = new.page.locator("a[href*='chain=9.']")
    new.click(parents.first)
    expect(new.page).to_have_url(re.compile(r"chain=9\.\d+"))


def find_where_the_right_answer_was_lost(new: Newcomer, place: Place) -> None:
    """The Failures page says in which generation it was last there, and links to the chain that held it."""
    new.open_run(place.runs.lost)
    new.go_to("Failures")
    fate = new.page.locator(".st-key-fate")
    expect(fate.locator("a[href*='t=3']").first).to_be_visible()
    new.click(fate.locator("a[href*='chain=3.12']").first)
    expect(new.page).to_have_url(re.compile(r"/chain\?.*chain=3\.12"))


def compare_one_parent_with_four(new: Newcomer, place: Place) -> None:
    """Two runs of one problem side by side: their right chains by generation and their boards."""
    new.go_to("Runs")
    for run_id in (place.runs.k1, place.runs.k4):
        new.click(new.page.locator(f".st-key-compare-{run_id} label"))
    for run_id in (place.runs.k1, place.runs.k4):
        new.page.locator(f".st-key-compare-correctness-{run_id} .main-svg").first.wait_for()
        new.page.locator(f".st-key-compare-board-{run_id} .main-svg").first.wait_for()


def replay_a_recorded_run(new: Newcomer, place: Place) -> None:
    """It plays as if live, and says all the time that it is a recording."""
    new.open_run(place.runs.evolving)
    new.button("Replay")
    expect(new.page.locator(".st-key-replay-bar")).to_contain_text(new.say("● RECORDED"))
    expect(new.labelled("button", "Pause")).to_be_visible()


def share_with_an_audience(new: Newcomer, place: Place) -> None:
    """The stage gives an address; who opens it sees what the stage shows and can change nothing."""
    new.open_run(place.runs.evolving)
    new.button("Present")
    new.page.locator(".keys[data-listens]").wait_for(state="attached")
    new.press("l")
    shown = new.page.get_by_role("heading").filter(has_text="audience=follow")
    expect(shown).to_be_visible()
    address = re.sub("^http://[^/]+", place.server.url, shown.inner_text().strip())
    audience = place.tabs.open(address)
    expect(audience.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(audience.locator(".st-key-stage-keys")).to_be_visible()
    expect(audience.locator(".st-key-new-run, .st-key-start")).to_have_count(0)


def export_a_report(new: Newcomer, place: Place) -> None:
    """One file, which opens from disk and asks for nothing else."""
    new.go_to("Runs")
    new.click(new.page.locator(f".st-key-more-{place.runs.evolving} button"))
    with new.page.expect_download() as coming:
        new.click(new.page.locator(f".st-key-export-html-{place.runs.evolving} button"))
    file = place.folder / "report.html"
    coming.value.save_as(file)
    context = place.chromium.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.locator(".plot .main-svg:first-child").first).to_be_visible()
    expect(page.locator("#board")).to_be_visible()
    assert asked == [file.as_uri()]
    context.close()


def fork_a_generation_with_one_change(new: Newcomer, place: Place) -> None:
    """Take a run over up to a generation, change K, and run what follows."""
    new.open_run(place.runs.k1)
    new.go_to("Population")
    new.click(new.page.locator("[class*=st-key-fork-] label").first)
    new.choose(new.page.locator("[class*=st-key-fork-kind-] input"), new.say("another K"))
    new.button("Fork and start")
    expect(new.page).not_to_have_url(re.compile(place.runs.k1))
    new.page.locator(f"a[href*='{place.runs.k1}']").first.wait_for()


def ask_the_audience(new: Newcomer, place: Place) -> None:
    """A question from the hall, asked and run without leaving the stage."""
    new.open_run(place.runs.evolving)
    new.button("Present")
    new.page.locator(".keys[data-listens]").wait_for(state="attached")
    new.press("a")
    new.fill(new.page.get_by_label(new.say("The question")), "Work modulo 97.\na = 5\nb = a * a\nWhat is b?")
    new.button("Start")
    expect(new.page).not_to_have_url(re.compile(place.runs.evolving))
    expect(new.page).to_have_url(re.compile("present=1"))
    new.page.locator(".js-plotly-plot .main-svg").first.wait_for()


def overrule_a_verdict(new: Newcomer, place: Place) -> None:
    """A person's verdict counts from then on, and the picture says whose it is."""
    new.open_run(place.runs.lost)
    new.go_to("Audit")
    new.button("Next")
    new.button("It is right")
    new.go_to("Population")
    new.page.locator(f".st-key-correctness-{place.runs.lost} .main-svg").first.wait_for()
    expect(new.page.get_by_role("link", name=new.say("Audit")).filter(visible=True).last).to_be_visible()


Task = Callable[[Newcomer, Place], None]
MOST: Mapping[Task, int] = {
    start_a_run: 1,
    read_a_chain_and_its_parents: 4,
    find_where_the_right_answer_was_lost: 4,
    compare_one_parent_with_four: 3,
    replay_a_recorded_run: 3,
    share_with_an_audience: 4,
    export_a_report: 3,
    fork_a_generation_with_one_change: 7,
    ask_the_audience: 6,
    overrule_a_verdict: 6,
}
"""The acts that a task may take, from the app's first page."""


@pytest.fixture
def place(stocked: tuple[AppServer, Stock], tabs: Any, chromium: Browser, tmp_path: Path) -> Iterator[Place]:
    """The app; runs that a task starts and verdicts that it gives are gone afterwards."""
    server, runs = stocked
    with Store(server.database) as store:
        before = {run.id for run in store.runs()}
        yield Place(server, runs, tabs, tmp_path, chromium)
        tabs.close()
        service = Service(store)
        for run in store.runs():
            if run.id not in before:
                service.stop(run.id)
                service.wait(run.id, timeout=30)
                store.delete_run(run.id)
            for ruling in store.rulings(run.id) if run.id in before else ():
                if ruling.active:
                    store.undo_ruling(run.id, ruling.id)
        service.close()


def views() -> Iterator[Any]:
    """Every task in both themes and both languages. Of each task one of the four is quick: in turn light in English and
    dark in Chinese."""
    for number, task in enumerate(MOST):
        for language in ("en", "zh"):
            for dark in (False, True):
                marks = () if (language == "zh") is dark is (number % 2 == 1) else (pytest.mark.slow,)
                name = f"{task.__name__}-{'dark' if dark else 'light'}-{language}"
                yield pytest.param(task, language, dark, id=name, marks=marks)


@pytest.mark.browser
@pytest.mark.parametrize(("task", "language", "dark"), [*views()])
def test_a_new_user_does_it_within_few_acts(place: Place, task: Task, language: str, dark: bool) -> None:
    new = Newcomer(place.tabs.open(f"{place.server.url}/?lang={language}", dark=dark), language)
    task(new, place)
    assert new.acts <= MOST[task]


def test_the_document_says_the_same_numbers() -> None:
    rows = re.findall(r"^\| (\d+) \| [^|]+\| `(\w+)` \|", (ROOT / "docs" / "journeys.md").read_text(), re.M)
    assert {name: int(acts) for acts, name in rows} == {task.__name__: most for task, most in MOST.items()}
