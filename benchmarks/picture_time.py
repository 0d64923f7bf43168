"""From a click to the drawn pictures, for runs of 176, 1,344 and 5,376 chains.

    python -m benchmarks.picture_time [--quick]

Seconds in a real browser on a warm server, from the click on a page's name until its first picture stands ("first") and
until its last one does ("all"). Each visit is a browser session of its own, so nothing is drawn yet;
the pictures' library was loaded by the page before. Medians over the rounds; "to 176" is the ratio to the smallest run.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.tasks import find_task
from tests.servers.app_server import headless_chromium, running_app

SHAPES = {176: (16, 4, 11), 1344: (64, 8, 21), 5376: (256, 8, 21)}
PAGES = {"Population": ("correctness", "lengths"), "Genealogy": ("genealogy", "genealogy")}
"""Of each page, the keys of its first and its last picture."""
DRAWN = "key => document.querySelector(`.st-key-${key} .main-svg`)"


def recorded(database: Path, sizes: list[int]) -> dict[int, str]:
    """Runs of the synthetic reasoner in these sizes; their ids."""
    found = {}
    with Store(database) as store:
        service = Service(store)
        for size in sizes:
            n, k, t = SHAPES[size]
            config = RunConfig(ModelChoice("synthetic/fast"), n=n, k=k, t=t, concurrency=64)
            run = service.create(find_task("program").problems()[3], config)
            service.start(run.id)
            assert service.wait(run.id, timeout=600).done == size
            found[size] = run.id
        service.close()
    return found


def click(browser: Browser, url: str, run: str, page_name: str) -> tuple[float, float]:
    """Seconds from the click to the first picture and to all of them."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.goto(f"{url}/?run={run}")
    page.wait_for_function("() => document.querySelector('.picture .main-svg')")
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    begun = time.perf_counter()
    page.get_by_role("link", name=page_name, exact=True).first.click()
    first, last = PAGES[page_name]
    page.wait_for_function(DRAWN, arg=f"{first}-{run}")
    first_s = time.perf_counter() - begun
    page.wait_for_function(DRAWN, arg=f"{last}-{run}")
    all_s = time.perf_counter() - begun
    context.close()
    return first_s, all_s


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="without the largest run, one round")
    quick = parser.parse_args().quick
    sizes, rounds = ([176, 1344], 1) if quick else ([176, 1344, 5376], 3)
    with tempfile.TemporaryDirectory() as folder, headless_chromium() as browser:
        database = Path(folder) / "runs.db"
        runs = recorded(database, sizes)
        with running_app(Path(folder), database=database) as server:
            for page_name in PAGES:
                click(browser, server.url, runs[176], page_name)  # the server's imports
            print(f"seconds from the click to the drawn picture, medians of {rounds}")
            print("page        chains   first     all  first to 176  all to 176")
            for page_name in PAGES:
                least: tuple[float, float] | None = None
                for size in sizes:
                    times = [click(browser, server.url, runs[size], page_name) for _ in range(rounds)]
                    first, everything = (statistics.median(column) for column in zip(*times, strict=True))
                    least = least or (first, everything)
                    print(
                        f"{page_name:10s}  {size:6,d}  {first:6.2f}  {everything:6.2f}"
                        f"  {first / least[0]:12.2f}  {everything / least[1]:10.2f}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
