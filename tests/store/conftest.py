"""An empty store, on a SQLite file and on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rsa_viz.store import Store, sqlite_file


@pytest.fixture
def unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits that wait for no disk, for tests that ask nothing about durability."""
    pragmas = [pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in sqlite_file.PRAGMAS]
    monkeypatch.setattr(sqlite_file, "PRAGMAS", pragmas)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The tests of a module that says ON_BOTH_DATABASES run on each kind of database."""
    if "store" in metafunc.fixturenames and getattr(metafunc.module, "ON_BOTH_DATABASES", False):
        metafunc.parametrize("store", ["SQLite", "PostgreSQL"], indirect=True)


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store: a SQLite file, or a database on a real PostgreSQL server."""
    place: str | Path = tmp_path / "runs.db"
    if getattr(request, "param", "SQLite") == "PostgreSQL":
        place = request.getfixturevalue("cluster").new_database()
    with Store(place) as opened:
        yield opened
