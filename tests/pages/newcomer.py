"""Somebody who opens the app for the first time: acts through what stands on the screen, and every act is counted.

An act is a click, a key pressed to act, or a field filled. Looking and waiting cost nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from rsa_viz.texts import texts_in

TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Newcomer:
    """Hands on one tab of the app in a language, with the acts so far."""

    page: Page
    language: str
    acts: int = 0

    def say(self, english: str) -> str:
        """What a label of the app reads here."""
        return texts_in(self.language).labels.say(english)

    # what is on the screen

    def labelled(self, kind: str, english: str) -> Locator:
        """The elements of a kind whose label is this one and nothing more, icons aside."""
        label = re.compile(f"^{re.escape(self.say(english))}$")
        return self.page.locator(kind).filter(has=self.page.locator("p, span", has_text=label)).filter(visible=True)

    def sees(self, english: str) -> None:
        """Wait until these words of the app stand on the page."""
        expect(self.page.get_by_text(self.say(english)).first).to_be_visible()

    def at_rest(self) -> None:
        """Wait until the page is drawn whole: what still moves under the hand is clicked in vain."""
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    # acts

    def click(self, what: Locator) -> None:
        """Click."""
        spot = what.filter(visible=True).first
        spot.wait_for()
        self.at_rest()
        spot.scroll_into_view_if_needed()
        self.page.evaluate(TWO_FRAMES)  # a box that opens while the page scrolls under it closes again
        self.acts += 1
        spot.click()

    def press(self, key: str) -> None:
        """Press a key."""
        self.at_rest()
        self.acts += 1
        self.page.keyboard.press(key)

    def fill(self, field: Locator, text: str) -> None:
        """Write into a field."""
        field.wait_for()
        self.at_rest()
        self.acts += 1
        field.fill(text)

    def button(self, english: str) -> None:
        """Click the button of that label."""
        self.click(self.labelled("button", english))

    def go_to(self, title: str) -> None:
        """Click a page's name in the bar above all pages."""
        self.click(self.labelled("[data-testid=stTopNavLink]", title))

    def choose(self, box: Locator, option: str) -> None:
        """Open a box and click the option that holds these words."""
        self.click(box)
        self.click(self.page.get_by_role("option").filter(has_text=option).first)

    def open_run(self, run_id: str) -> None:
        """Choose a run from the box at the top of the first page."""
        self.choose(self.page.locator("[class*=st-key-run-in-view] input"), run_id[:6])
        expect(self.page).to_have_url(re.compile(run_id))
        self.page.locator(".st-key-controls").wait_for()
