"""What holds for the whole suite."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.servers.postgres_server import WHY_NOT, PostgresCluster, is_installed


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresCluster]:
    """A real PostgreSQL server, one for all tests."""
    if not is_installed() and not os.environ.get("CI"):
        pytest.skip(WHY_NOT)
    with PostgresCluster() as started:
        yield started


LONG = frozenset(
    {
        "test_aggregators.py",
        "test_faulty_server.py",
        "test_figures_contract.py",
        "test_fuzzed_texts.py",
        "test_journeys.py",
        "test_killed_experiments.py",
        "test_killed_runs.py",
        "test_llama_served.py",
        "test_no_key_leaks.py",
        "test_postgres.py",
        "test_seen_by_everybody.py",
        "test_shared_experiments.py",
        "test_spread.py",
    }
)
"""Files that take long: begun last, one of them would keep one worker busy while the others idle."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files come first, browser tests last: Playwright keeps an event loop running in the main thread, where no
    other can run."""
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, item.path.name not in LONG))
