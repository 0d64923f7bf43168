"""The app under test: in process (AppTest), and as a real server before a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError
from stocked import Stock, stock
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from rsa_viz.core.run import ModelChoice, Run, RunConfig
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.servers.app_server import ROOT, AppServer, headless_chromium, running_app

FAST = "synthetic/fast"


def record_run(store: Store, *, n: int = 6, k: int = 2, t: int = 3, model: str = FAST, gold: bool = True) -> Run:
    """Run one bundled problem to its end in this process and return it as recorded."""
    service = Service(store)
    problem = find_task("program").problems()[0]
    if not gold:
        problem = type(problem)("text", problem.question, None, problem.title)
    run = service.create(problem, RunConfig(ModelChoice(model), n=n, k=k, t=t, seed=7))
    service.start(run.id)
    ended = service.wait(run.id, timeout=60)
    service.close()
    return ended


@pytest.fixture(scope="session")
def full_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with three finished runs, the newest one without a gold answer. Shared: do not change it."""
    path = tmp_path_factory.mktemp("full") / "rsa_viz.db"
    with Store(path) as store:
        record_run(store, n=1, k=1, t=1)
        record_run(store)
        record_run(store, gold=False)
    return path


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], AppTest]]:
    """Opens the app in process on a database file."""

    def opened(database: Path) -> AppTest:
        monkeypatch.setenv("RSA_VIZ_DB", str(database))
        monkeypatch.chdir(ROOT)
        return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)

    monkeypatch.setattr(Service, "warm", lambda self: None)  # seconds of computing time that no test here needs
    # AppTest starts each run as if the server had never run app.py, and would then run the page's file without it.
    begin = PagesManager.__init__

    def begin_with_app_py(self: PagesManager, *args: object, **options: object) -> None:
        monkeypatch.setattr(PagesManager, "uses_pages_directory", False)
        begin(self, *args, **options)

    monkeypatch.setattr(PagesManager, "__init__", begin_with_app_py)
    st.cache_resource.clear()
    yield opened
    st.cache_resource.clear()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The app as its users start it, on an empty database; one for all browser tests."""
    with running_app(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[AppServer, Stock]]:
    """The app on a database with something to show on every page. Whoever starts runs there takes them away again."""
    folder = tmp_path_factory.mktemp("stocked")
    runs = stock(folder / "rsa_viz.db")
    with running_app(folder) as running:
        yield running, runs


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser without a window."""
    with ExitStack() as closing:
        try:
            browser = closing.enter_context(headless_chromium())
        except PlaywrightError as failure:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no Chromium on this machine: {str(failure).splitlines()[0]}")
        expect.set_options(timeout=20_000)
        yield browser


@dataclass
class Tabs:
    """Opens browser tabs and gathers what their consoles complain about."""

    browser: Browser
    complaints: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def open(self, url: str, *, dark: bool = False, width: int = 1280, height: int = 800) -> Page:
        """A new tab in its own browser session, so that it shares nothing with the others."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda message: self._heard(message.type, message.text, message.location["url"]))
        page.on("pageerror", lambda error: self._heard("error", str(error), ""))
        page.goto(url)
        page.locator("[data-testid=stMain] [data-testid=stVerticalBlock]").first.wait_for()
        self.pages.append(page)
        return page

    def _heard(self, kind: str, text: str, source: str) -> None:
        # On a page's own URL Streamlit first looks for its server below that path, which is answered by 404.
        if kind == "error" and not re.search(r"/\w+/_stcore/", source):
            self.complaints.append(f"{text} {source}")

    def close(self) -> None:
        """Close every tab that is still open."""
        for page in self.pages:
            page.context.close()
        self.pages.clear()


@pytest.fixture
def tabs(chromium: Browser) -> Iterator[Tabs]:
    """Browser tabs; the test fails when a console complained or a page showed a stack trace."""
    opened = Tabs(chromium)
    yield opened
    traces = [page.url for page in opened.pages if page.locator("[data-testid=stException]").count()]
    opened.close()
    assert not opened.complaints
    assert not traces


@pytest.fixture(scope="session")
def run_id_in() -> Callable[[str], str]:
    """Reads the run's id from a page's URL."""

    def read(url: str) -> str:
        found = re.search(r"[?&]run=([0-9a-f]{12})", url)
        assert found is not None, url
        return found[1]

    return read
