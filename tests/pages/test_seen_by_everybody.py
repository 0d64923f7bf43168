"""Every page, the stage, the audience's view and the dialogs: no serious accessibility fault in either theme, and
nothing wider than a projector's or a phone's screen.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from stocked import Stock

from pages.parts.registry import PAGES
from rsa_viz.texts import LANGUAGES
from tests.servers.app_server import AppServer

GRAVE = ("serious", "critical")
WIDTHS = ((390, 844), (1920, 1080), (1280, 720))  # a page is loaded at the first one
STEPS = range(1, 11)
DRAWN = """() => {
  const app = document.querySelector('[data-testid=stApp]')
  const pictures = [...document.querySelectorAll('.picture')]
  return app?.dataset.testScriptState === 'notRunning' && document.querySelector('[data-testid=stMain] p') &&
    !document.querySelector('[data-testid=stSkeleton], [data-stale=true]') &&
    pictures.every((picture) => picture.querySelector('.main-svg')) &&
    document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getTiming().iterations > 9)
}"""
FAULTS = """(levels) => axe.run({ resultTypes: ['violations'] }).then((found) => found.violations
  .filter((rule) => levels.includes(rule.impact))
  .flatMap((rule) => rule.nodes.map((node) => rule.id + ': ' + node.html.slice(0, 160) + ' ' + node.failureSummary)))"""
# What sticks out to the right of the screen, other than inside a box that scrolls by itself.
TOO_WIDE = """() => {
  const main = document.querySelector('[data-testid=stMain]')
  const scrolls = (part) => getComputedStyle(part).overflowX !== 'visible'
  const clipped = (part) => part !== main && (scrolls(part) || clipped(part.parentElement))
  const out = [...main.querySelectorAll('*')].filter((part) => {
    const box = part.getBoundingClientRect()
    return box.width && box.right > innerWidth + 1 && !clipped(part.parentElement)
  }).map((part) => part.outerHTML.slice(0, 120))
  const wide = main.scrollWidth > main.clientWidth || document.documentElement.scrollWidth > innerWidth
  return wide ? ['the page scrolls sideways', ...out] : out
}"""


def addresses(runs: Stock) -> dict[str, str]:
    """Every page, and what is shown in place of one."""
    lost = f"run={runs.lost}&chain=3.2"
    pages = {kind.name: f"{kind.url}?{lost}" for kind in PAGES}
    pages["compare"] = f"/compare?from=experiment&experiment={runs.experiment}"
    pages["experiments"] = f"/experiments?experiment={runs.experiment}"
    return {
        "form": "/",
        **pages,
        "fork": f"/population?run={runs.k1}",
        "replay": f"/?run={runs.evolving}&moment=3",
        "stage": f"/?run={runs.evolving}&present=1",
        "audience": "/?audience=follow",
        "looking around": f"/?run={runs.evolving}&audience=roam",
    }


def open_dialog(page: Page) -> None:
    """The dialog of the first run in the list."""
    page.locator("[class*=st-key-more-] button").first.click()
    page.get_by_role("dialog").wait_for()


def open_question(page: Page) -> None:
    """The question of the run, over the page."""
    page.get_by_test_id("stPopoverButton").first.click()
    page.get_by_test_id("stPopoverBody").wait_for()


def open_fork(page: Page) -> None:
    """The form of a fork."""
    page.locator("[class*=st-key-fork-] label").first.click()
    page.locator("[class*=st-key-fork-kind-]").wait_for()


def open_link(page: Page) -> None:
    """The audience's link on the stage."""
    page.locator(".keys[data-listens]").wait_for(state="attached")
    page.keyboard.press("l")
    page.get_by_role("heading").filter(has_text="audience=follow").wait_for()


OPENED: dict[str, tuple[Callable[[Page], None], ...]] = {
    "run": (open_question,),
    "runs": (open_dialog,),
    "fork": (open_fork,),
    "stage": (open_link,),
}
"""What opens on a page beside what stands there at first."""


def drawn(page: Page) -> None:
    page.wait_for_function(DRAWN)


def faults(page: Page) -> list[str]:
    """What axe-core finds grave on the page as it stands."""
    drawn(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return list(page.evaluate(FAULTS, GRAVE))


def too_wide(page: Page) -> list[str]:
    """What sticks out, once pictures and tables have taken the new width."""
    drawn(page)
    with suppress(PlaywrightTimeout):
        page.wait_for_function(f"() => !({TOO_WIDE})().length", timeout=5_000)
    return list(page.evaluate(TOO_WIDE))


def themed(page: Page, *, dark: bool) -> None:
    """Switch the theme of the viewer's system; the page follows."""
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.wait_for_function(
        "dark => dark === (getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
        " === 'rgb(14, 17, 23)')",
        arg=dark,
    )


def walk(page: Page, base: str, views: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong on every page, in both themes and at every width, by where."""
    found: dict[str, list[str]] = {}
    for name, address in views.items():
        page.set_viewport_size({"width": WIDTHS[0][0], "height": WIDTHS[0][1]})
        page.goto(base + address)
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            found[f"{name}, {width} wide"] = too_wide(page)
        found[f"{name}, light"] = faults(page)
        themed(page, dark=True)
        found[f"{name}, dark"] = faults(page)
        for opens in OPENED.get(name, ()):
            opens(page)
            found[f"{name}, dark. {opens.__doc__}"] = faults(page)
        themed(page, dark=False)
        if name in OPENED:
            found[f"{name}, opened, light"] = faults(page)
    return {where: parts for where, parts in found.items() if parts}


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_every_page_can_be_read_by_everybody_on_every_screen(tabs: Any, stocked: tuple[AppServer, Stock]) -> None:
    server, runs = stocked
    found = walk(tabs.open(server.url), server.url, addresses(runs))
    assert not found, "\n".join(f"{where}: {part}" for where, parts in found.items() for part in parts)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_step_of_the_lesson_can_be_read_by_everybody(tabs: Any, stocked: tuple[AppServer, Stock]) -> None:
    server, _ = stocked
    steps = {
        f"{language}, step {step}": f"/learn?step={step}&lang={language}" for language in LANGUAGES for step in STEPS
    }
    found = walk(tabs.open(server.url), server.url, steps)
    assert not found, "\n".join(f"{where}: {part}" for where, parts in found.items() for part in parts)
