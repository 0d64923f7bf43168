"""What every page shows when its database fails: one clear line, no stack trace, and then the page again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copy

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.registry import PAGES
from rsa_viz.store import Store, sqlite_file
from rsa_viz.store.migrations import LATEST

NEWEST = f"INSERT INTO schema_version VALUES ({LATEST + 1}, 'tomorrow', 0)"


def on_page(at: AppTest, file: str) -> AppTest:
    return at.switch_page(file).run()


def said(at: AppTest) -> list[str]:
    """The lines of error on the page; there is never a stack trace."""
    assert not at.exception
    return [one.value for one in at.error]


def sql(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_every_page_says_that_a_newer_rsa_viz_has_upgraded_its_database(
    app: Callable[[Path], AppTest], full_database: Path, tmp_path: Path
) -> None:
    database = Path(copy(full_database, tmp_path / "runs.db"))
    at = app(database).run()
    assert said(at) == []
    sql(database, NEWEST)
    for page in PAGES:
        if page.name not in ("learn", "models", "problems"):  # these read no run by themselves
            (line,) = said(on_page(at, page.file))
            assert "cannot be used any more" in line, page.name
            assert "update rsa" in line, page.name
    sql(database, f"DELETE FROM schema_version WHERE version > {LATEST}")
    assert said(on_page(at, PAGES[0].file)) == []


def test_a_page_that_opens_on_such_a_database_says_so(
    app: Callable[[Path], AppTest], full_database: Path, tmp_path: Path
) -> None:
    database = Path(copy(full_database, tmp_path / "runs.db"))
    sql(database, NEWEST)
    (line,) = said(app(database).run())
    assert "cannot open the database" in line
    assert "update rsa" in line


def test_a_page_on_a_database_that_is_locked_for_long_or_damaged_says_so_and_comes_back(
    app: Callable[[Path], AppTest], full_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_S", 0.05)
    database = Path(copy(full_database, tmp_path / "runs.db"))
    at = app(database).run()
    store = Store(database)
    run = store.runs()[0]
    with closing(sqlite3.connect(database)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert said(on_page(at, "pages/population.py")) == [], "who only reads is not held up"
        other.rollback()
    sql(database, "ALTER TABLE chain RENAME TO gone")
    for name in ("population", "chain", "genealogy"):
        (line,) = said(on_page(at, f"pages/{name}.py"))
        assert "no such table" in line, name
    sql(database, "ALTER TABLE gone RENAME TO chain")
    assert said(on_page(at, "pages/population.py")) == []
    assert store.run(run.id) == run


def test_a_page_on_a_read_only_or_foreign_file_says_what_to_do(
    app: Callable[[Path], AppTest], full_database: Path, tmp_path: Path
) -> None:
    database = Path(copy(full_database, tmp_path / "runs.db"))
    database.chmod(0o444)
    (line,) = said(app(database).run())
    assert "make it writable or name another" in line
    (tmp_path / "letter.txt").write_text("Dear reader, " * 500)
    (line,) = said(app(tmp_path / "letter.txt").run())
    assert "no SQLite database" in line
