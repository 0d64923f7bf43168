"""Children in their donors' colours on the Chain and the Genealogy page; children by their right parents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pictures import RIGHT, OpenApp, opened, recorded, said
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from pages.parts.painting import text_parts
from rsa_viz.analysis.painting import Donor, Painted
from rsa_viz.core.chain import Chain, PromptKind, Slot
from rsa_viz.figures.painted_generation import Colours
from rsa_viz.figures.style import PALETTES, Theme
from rsa_viz.store import Store
from rsa_viz.tasks import find_task


def copying(slot: Slot, prompt: str, seed: int) -> str:
    """A thought of its own, or that of its first parent."""
    thought = re.search(r"Thought \d+", prompt)
    return f"{thought[0] if thought else f'Thought {seed}'}\n{RIGHT}"


def told(at: AppTest) -> str:
    return said(at).replace("\\", "")


def test_a_text_is_cut_into_what_is_inherited_and_all_else_and_loses_nothing() -> None:
    text = "so\n12 * 45 = 540\n<b>new</b>"
    chain = Chain(1, Slot(2, 1), PromptKind.AGGREGATE, (Slot(1, 3), Slot(1, 2)), text=text)
    both = Painted((Donor(Slot(1, 3), 1, 1), Donor(Slot(1, 2), 2, 4)), 0.75)
    found = [Painted((Donor(Slot(1, 2), 2, 1),), 0.01), both, Painted((), 0.0)]
    palette = PALETTES[Theme.LIGHT]
    before, painted, after = text_parts(chain, find_task("text").steps(text, None), found, palette)  # type: ignore[arg-type]
    assert (before.text, before.colours) == ("so\n", ())  # hardly a chance of being inherited
    assert (painted.text, painted.colours) == ("12 * 45 = 540", palette.donors[:2])
    assert (painted.label, painted.strength, painted.target) == ("1·2", 0.75, "1.3")
    assert painted.told == (
        "Stands in chain 1.3 (position 1), chain 1.2 (position 2); inherited and not found again: 75 %."
    )
    assert (after.text, after.colours) == ("\n<b>new</b>", ())


def test_a_child_is_painted_and_a_sampled_chain_is_not(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=copying)
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="3.2")
    assert not at.exception
    assert "can be expected to be inherited and not found again" in told(at)
    at = opened(app, tmp_path / "a.db", "chain", run=run.id, chain="1.2")
    assert not at.exception
    assert "can be expected" not in told(at)


def test_a_generation_is_painted_by_donor_and_by_position(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", write=copying)
    at = opened(app, tmp_path / "a.db", "genealogy", run=run.id, chain="3.2")
    assert not at.exception
    assert "Generation 3</a>: 24 steps of 6 chains, of which" in told(at)
    at.button_group(key="painted-colours").set_value(Colours.POSITIONS).run()
    at.selectbox(key=f"painted-generation-of-{run.id}-3").set_value(5).run()
    assert not at.exception
    assert "Generation 5</a>: 24 steps" in told(at)
    at.toggle(key=f"paint-{run.id}").set_value(False).run()
    assert "steps of 6 chains, of which" not in told(at)


def test_a_run_without_children_says_that_there_is_nothing_to_paint(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db", n=2, k=1, t=1)
    at = opened(app, tmp_path / "a.db", "genealogy", run=run.id)
    assert not at.exception
    assert "This run has one generation, so no chain has parents." in told(at)


def test_a_picked_rate_lists_its_children_with_the_wrong_ones_first(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "population", run=run.id)
    assert "Click a point to list its children" in told(at)
    at.session_state["right-parents-picked"] = (run.id, 2)
    at.run()
    assert "with 2 right parents of 2" in told(at)
    assert told(at).index("wrong: <a") < told(at).index("right: <a")


@pytest.mark.browser
def test_a_click_on_an_inherited_stretch_opens_its_donor(tabs, server) -> None:
    run = recorded(server.database, write=copying)
    with Store(server.database) as store:
        donor = store.plan(run.id)[Slot(3, 2)].parents[0]
    page = tabs.open(f"{server.url}/chain?run={run.id}&chain=3.2")
    stretch = page.get_by_role("link").filter(has_text=re.compile(r"^Thought \d+$"))
    expect(stretch).to_have_attribute("data-label", "1·2")
    stretch.click()
    page.wait_for_url(f"**chain={donor}*")
