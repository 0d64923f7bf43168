"""An open database in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rsa_viz.store import Store, database


@pytest.fixture
def unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits that wait for no disk, for tests that ask nothing about durability."""
    pragmas = [pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in database.PRAGMAS]
    monkeypatch.setattr(database, "PRAGMAS", pragmas)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "runs.db") as opened:
        yield opened
