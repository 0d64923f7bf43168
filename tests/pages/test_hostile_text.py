"""Text that attacks whoever looks at it: on every page in a real browser, and through every export and import."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from pages.parts.registry import PAGES
from rsa_viz.core.chain import Slot
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import Run
from rsa_viz.service import FORMATS, Service
from rsa_viz.store import Store
from tests import processes
from tests.pages.written_runs import written_run

FETCHED = "http://attacker.invalid/seen.png"
ATTACK = "\n".join(
    (
        "<script>window.__owned = 1</script><img src=x onerror='window.__owned = 2'>",
        f"![seen]({FETCHED}) [click me](javascript:window.__owned=3) <{FETCHED}> ![seen][one]",
        f"[one]: {FETCHED}",
        f"<iframe src='{FETCHED}'></iframe><style>@import url({FETCHED})</style></textarea></script>",
        "$\\def\\x{\\x\\x}\\x$ $$\\href{javascript:window.__owned=4}{x} \\includegraphics{" + FETCHED + "}$$",
        "a terminal's \x1b]0;owned\x07 \x1b[31mred\x1b[0m \x9b31m, a bell \x07, a null \x00, a carriage\rreturn",
        "right to left \u202egnp.exe\u202c, no width \u200b\u2060, a lone \ud800 surrogate",
        ":red[streamlit] :material/warning: <a href='http://attacker.invalid'>%s</a> {{question}} {0} %(x)s",
        "x = 1 + 1 = 2<b>",
    )
)


def hostile_run(store: Store) -> Run:
    """Two generations of attacks, with answers that attack as well."""

    def write(slot: Slot, prompt: str, seed: int) -> str:
        return f"{ATTACK}\nThe answer is \\boxed{{<img src=x onerror=window.__owned={slot.i}>}} {slot}"

    problem = Problem("text", f"What is this? {ATTACK}", "<script>window.__owned = 5</script>", f"Look {ATTACK}")
    run = written_run(store, problem, write, n=3, k=2, t=3)
    store.set_note(run.id, ATTACK)
    return run


def leaving(page: Page) -> list[str]:
    """Watch a tab: which requests leave for another host, and which dialogs open."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url) if _is_foreign(request.url) else None)
    page.on("dialog", lambda dialog: (seen.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    return seen


def _is_foreign(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1"


@pytest.mark.browser
def test_hostile_text_is_harmless_on_every_page(tabs: Any, server: Any) -> None:
    with Store(server.database) as store:
        run = hostile_run(store)
    page = tabs.open(f"{server.url}/?run={run.id}")
    seen = leaving(page)
    for kind in PAGES:
        page.goto(f"{server.url}{kind.url}?run={run.id}&t=2&chain=2.1")
        page.locator("[data-testid=stMain] [data-testid=stVerticalBlock]").first.wait_for()
        expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0)
        assert page.locator("[data-testid=stException]").count() == 0, kind.name
        if kind.name == "chain":
            page.get_by_text("Render markdown and formulas").click()
            expect(page.locator("[data-testid=stMarkdownContainer]", has_text="surrogate").first).to_be_visible()
        assert page.evaluate("window.__owned") is None, kind.name
        assert page.locator("img[src*=attacker], img[src=x], iframe[src*=attacker], a[href^=javascript]").count() == 0
        assert page.locator("a[href*='attacker.invalid']").count() == 0, kind.name
    assert seen == []


def test_hostile_text_survives_every_export_and_an_import_gives_it_back(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store, Store(tmp_path / "b.db") as other:
        run = hostile_run(store)
        service, second = Service(store), Service(other)
        written: dict[str, bytes] = {}
        for format in FORMATS:
            out = io.BytesIO()
            service.export(run.id, format, out)
            written[format] = out.getvalue()
            assert written[format]
        assert second.import_run(written["jsonl"]).created
        assert other.run(run.id).problem == run.problem
        assert other.run(run.id).note == ATTACK
        assert [(chain.text, chain.answer) for chain in other.chains(run.id, text=True)] == [
            (chain.text, chain.answer) for chain in store.chains(run.id, text=True)
        ]


def test_no_terminal_is_steered_by_what_a_model_wrote(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        run = hostile_run(store)
    for command in (("runs",), ("show", run.id), ("show", run.id, "--json"), ("analyse", run.id, "--what", "answers")):
        ran = processes.run(*command, "--db", tmp_path / "a.db")
        assert ran.returncode == 0, ran.stderr
        steering = {sign for sign in ran.stdout + ran.stderr if sign < " " or "\x7f" <= sign < "\xa0"} - {"\n"}
        assert steering == set(), command
        assert "\u202e" not in ran.stdout, command
