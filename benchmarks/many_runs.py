"""Every page on a database of 1,000 runs and 176,000 chains, beside the same page on a database of one run.

    python -m benchmarks.many_runs [--quick]

Seconds in a real browser from the address to the end of the page's script, on two warm servers in turns; both show the
same run. Medians over the rounds. The runs are one recorded run of the synthetic reasoner, copied row by row.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from shutil import copy

from playwright.sync_api import Browser

from benchmarks.picture_time import recorded
from pages.parts.registry import PAGES
from tests.servers.app_server import headless_chromium, running_app

CHAINS = 176
ENDED = "() => document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')"


def multiply(database: Path, runs: int) -> None:
    """Copy the only run of a database, with its chains and links, until there are so many."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA foreign_keys=OFF")
    columns = {
        table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for table in ("run", "chain", "parent_link")
    }
    (run_id,) = connection.execute("SELECT id FROM run").fetchone()
    (step,) = connection.execute("SELECT MAX(id) FROM chain").fetchone()
    for number in range(1, runs):
        changed = {
            "run": {"id": f"'{number:012x}'", "created_at": f"created_at - {number}"},
            "chain": {"id": f"id + {number * step}", "run_id": f"'{number:012x}'"},
            "parent_link": {
                "child_id": f"child_id + {number * step}",
                "parent_id": f"parent_id + {number * step}",
            },
        }
        for table, changes in changed.items():
            taken = ", ".join(changes.get(name, name) for name in columns[table])
            of = {"run": f"id = '{run_id}'", "chain": f"run_id = '{run_id}'", "parent_link": f"child_id <= {step}"}
            connection.execute(
                f"INSERT INTO {table} ({', '.join(columns[table])}) SELECT {taken} FROM {table} WHERE {of[table]}"
            )
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def seconds(browser: Browser, address: str) -> float:
    """From the address to the end of the page's script, in a browser session of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(120_000)
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address)
    page.locator("[data-testid=stMain] [data-testid=stVerticalBlock]").first.wait_for()
    page.wait_for_function(ENDED)
    passed = time.perf_counter() - begun
    assert page.locator("[data-testid=stException]").count() == 0, address
    context.close()
    return passed


def median_pair(browser: Browser, addresses: Sequence[str], rounds: int) -> list[float]:
    """The median seconds of each address, taken in turns."""
    times = [[seconds(browser, address) for address in addresses] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="100 runs and one round")
    quick = parser.parse_args().quick
    runs, rounds = (100, 1) if quick else (1000, 5)
    with tempfile.TemporaryDirectory() as folder, headless_chromium() as browser:
        homes = Path(folder) / "few", Path(folder) / "many"
        for home in homes:
            home.mkdir()
        small, large = (home / "runs.db" for home in homes)
        run_id = recorded(small, [CHAINS])[CHAINS]
        copy(small, large)
        multiply(large, runs)
        with (
            running_app(homes[0], database=small) as few,
            running_app(homes[1], database=large) as many,
        ):
            print(f"seconds to a page, 1 run against {runs:,} runs with {CHAINS * runs:,} chains; medians of {rounds}")
            print("page          1 run  many runs  ratio")
            for kind in PAGES:
                query = f"{kind.url}?run={run_id}&t=2&chain=2.1"
                addresses = [few.url + query, many.url + query]
                for address in addresses:
                    seconds(browser, address)  # the server's imports and caches
                one, all_of_them = median_pair(browser, addresses, rounds)
                print(f"{kind.name:12s}  {one:5.2f}  {all_of_them:9.2f}  {all_of_them / one:5.2f}", flush=True)


if __name__ == "__main__":
    main()
