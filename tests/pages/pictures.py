"""What the tests of the pages with pictures share: runs with known texts, and hands on a picture in the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest
from written_runs import Write, written_run

from rsa_viz.core.chain import Slot
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import Run
from rsa_viz.store import Store

OpenApp = Callable[[Path], AppTest]

PROBLEM = Problem(
    "program", "Work modulo 97.\na = 12\nb = 45\nc = a * b\nd = c - a\nWhat is d?", "43", "A small program"
)
"""c = 540 mod 97 = 55, d = 43."""

RIGHT = "c = a * b = 12 * 45 = 540 ≡ 55 (mod 97)\nd = c - a = 55 - 12 = 43\n\\boxed{43}"
WRONG = "c = a * b = 12 * 45 = 540 ≡ 56 (mod 97)\nd = c - a = 56 - 12 = 44\n\\boxed{44}"


def improving(slot: Slot, prompt: str, seed: int) -> str | None:
    """Chain i is right from generation i on; chain 6 of generation 2 fails."""
    if slot == Slot(2, 6):
        return None
    return RIGHT if slot.i <= slot.t else WRONG


def opened(app: OpenApp, database: Path, page: str, **query: str) -> AppTest:
    """A page of the app in process, with the URL's parameters."""
    at = app(database).run().switch_page(f"pages/{page}.py")
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def said(at: AppTest) -> str:
    """All words of a page that are not in a picture."""
    kinds = (at.markdown, at.caption, at.text, at.code, at.info, at.warning, at.error, at.success)
    kinds += (at.header, at.subheader)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def recorded(path: Path, *, write: Write = improving, n: int = 6, k: int = 2, t: int = 5, **more: object) -> Run:
    """A run in a database file."""
    with Store(path) as store:
        return written_run(store, PROBLEM, write, n=n, k=k, t=t, **more)  # type: ignore[arg-type]


def without_gold(path: Path) -> Run:
    """A run that nobody can judge."""
    problem = Problem("text", PROBLEM.question, None, "No gold")
    with Store(path) as store:
        return written_run(store, problem, improving, n=4, k=2, t=3)


def picture(page: Page, key: str) -> str:
    """The selector of a picture by its key, once it is drawn."""
    selector = f".st-key-{key} .js-plotly-plot"
    page.locator(f"{selector} .main-svg").first.wait_for()
    return selector


def settled(page: Page) -> None:
    """Wait until the browser has drawn what it knows and done what follows from that."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")


def axis(page: Page, key: str, name: str = "xaxis") -> list[float]:
    """The range that an axis shows."""
    return page.evaluate(f"document.querySelector('{picture(page, key)}')._fullLayout.{name}.range.map(Number)")


def place(page: Page, key: str, x: float, y: float) -> tuple[float, float]:
    """Where a point of a picture's first axes is on the screen."""
    selector = picture(page, key)
    page.locator(selector).scroll_into_view_if_needed()
    return tuple(
        page.evaluate(
            """([selector, x, y]) => {
                const plot = document.querySelector(selector), box = plot.getBoundingClientRect()
                const {xaxis, yaxis} = plot._fullLayout
                return [box.x + xaxis._offset + xaxis.d2p(x), box.y + yaxis._offset + yaxis.d2p(y)]
            }""",
            [selector, x, y],
        )
    )


def click(page: Page, key: str, x: float, y: float) -> None:
    """Click the mark at a point of a picture, as a hand would: over it first, then down."""
    at = place(page, key, x, y)
    page.mouse.move(at[0] - 3, at[1] - 3)
    page.mouse.move(*at)
    page.locator(f"{picture(page, key)} .hoverlayer .hovertext").first.wait_for()
    page.mouse.click(*at)


def zoom(page: Page, key: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag a zoom between two points of a picture."""
    first, last = place(page, key, *start), place(page, key, *end)
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
    page.mouse.move(*last)
    page.mouse.up()
