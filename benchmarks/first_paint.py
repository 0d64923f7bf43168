"""From the first request to the first page, against a bare Streamlit app on the same machine.

    python -m benchmarks.first_paint [--quick]

Seconds in a real browser, from the request until the Start button can be pressed. "cold": the first visit after the
server said that it is up, with every import still to come. "again": a second visitor with an empty cache, ten seconds
later, when the server has loaded the model library, too. "bare" is a script with one title and one button: what
Streamlit and the browser take by themselves. Medians over the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from tests.servers.app_server import ROOT, headless_chromium, running_app

LIBRARY_S = 10.0
BARE = 'import streamlit as st\nst.title("bare")\nst.button("Start", key="start")\n'


def visit(browser: Browser, url: str) -> float:
    """Seconds until the Start button can be pressed, in a browser session of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(url)
    page.locator(".st-key-start button:enabled").wait_for()
    seconds = time.perf_counter() - begun
    context.close()
    return seconds


def measured(browser: Browser, script: Path, rounds: int) -> tuple[float, float]:
    """Median seconds of the first visit after a start, and of a second one."""
    cold, again = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder, running_app(Path(folder), script) as server:
            cold.append(visit(browser, server.url))
            time.sleep(LIBRARY_S)
            again.append(visit(browser, server.url))
    return statistics.median(cold), statistics.median(again)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round")
    rounds = 1 if parser.parse_args().quick else 5
    with headless_chromium() as browser, tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        rows = zip(measured(browser, bare, rounds), measured(browser, ROOT / "app.py", rounds), strict=True)
        print(f"seconds to the first page, medians of {rounds}")
        print("visit    bare   ours  ours/bare")
        for name, (least, ours) in zip(("cold", "again"), rows, strict=True):
            print(f"{name:5s}  {least:6.2f} {ours:6.2f}  {ours / least:9.2f}")


if __name__ == "__main__":
    main()
