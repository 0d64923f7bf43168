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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running in the main thread, where no other can run."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
