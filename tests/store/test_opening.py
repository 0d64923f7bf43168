"""Opening a file: what it is, what it may not be, and how it is upgraded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect
from stored_runs import CONFIG, PLAN, PROBLEM, finish_small_run, small_run

from rsa_viz.core.chain import ChainStatus, Slot, Verdict
from rsa_viz.core.errors import SchemaFromFuture, StoreUnavailable
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import RunStatus
from rsa_viz.store import Store, owner_name
from rsa_viz.store.json_columns import config_to_json, prompts_to_json
from rsa_viz.store.migrations import LATEST, MIGRATIONS, apply
from rsa_viz.store.tables import METADATA


def sql(path: Path, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run one statement from outside."""
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement, values).fetchall()


@pytest.fixture
def first_schema(tmp_path: Path) -> Path:
    """A database as the first schema had it, with the small run in it: 1.1 done, the rest planned."""
    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        apply(connection, MIGRATIONS[0])
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO problem VALUES (1, 'd', ?, ?, ?, ?, ?)",
            (PROBLEM.task, PROBLEM.question, PROBLEM.gold, PROBLEM.title, '{"level": 1, "tags": ["easy", null]}'),
        )
        connection.execute(
            "INSERT INTO run VALUES ('0123456789ab', 1, 'paused', 5.0, 6.0, 7.0, NULL, 'old', '0.0', 4,"
            " 'openai/small', 'rsa', 3, 2, 2, 11, ?, ?, 6, 1, 0)",
            (config_to_json(CONFIG), prompts_to_json(PLAIN)),
        )
        ids = {}
        for number, chain in enumerate(PLAN, start=1):
            ids[chain.slot] = number
            first = chain.slot == Slot(1, 1)
            connection.execute(
                "INSERT INTO chain (id, run_id, t, i, kind, seed, temperature, status, fresh, characters, text,"
                " verdict, verdict_source, verdict_why, attempts) VALUES"
                " (?, '0123456789ab', ?, ?, ?, ?, ?, ?, 0, ?, ?, 'unknown', 'none', '', ?)",
                (
                    *(number, *chain.slot, chain.kind, chain.seed, chain.temperature),
                    *(("done", 2, "42", 1) if first else ("planned", 0, None, 0)),
                ),
            )
            for position, parent in enumerate(chain.parents, start=1):
                connection.execute("INSERT INTO parent_link VALUES (?, ?, ?, NULL)", (number, position, ids[parent]))
    return path


def test_the_first_schema_with_a_run_in_it_is_upgraded(first_schema: Path) -> None:
    assert sql(first_schema, "SELECT version, name FROM schema_version") == [(1, "first schema")]
    with Store(first_schema) as store:
        (run,) = store.runs()
        assert (run.id, run.problem, run.config, run.prompts) == ("0123456789ab", PROBLEM, CONFIG, PLAIN)
        assert (run.status, run.note, run.owner, run.calls, run.done) == (RunStatus.PAUSED, "old", None, 6, 1)
        assert store.plan(run.id) == PLAN
        assert store.chain(run.id, Slot(1, 1)).text == "42"
        claimed = store.claim(run.id, owner_name())
        assert (claimed.status, claimed.started_at) == (RunStatus.RUNNING, 6.0)
        assert [chain.status for chain in store.chains(run.id)].count(ChainStatus.PLANNED) == 5
        assert store.rulings(run.id) == []
        assert store.prompt_sets() == []
        store.rule_verdict(run.id, Slot(1, 1), Verdict.RIGHT)
        assert store.chain(run.id, Slot(1, 1)).verdict is Verdict.RIGHT
    assert sql(first_schema, "SELECT version FROM schema_version ORDER BY version") == [
        (n,) for n in range(1, LATEST + 1)
    ]
    assert sql(first_schema, "PRAGMA foreign_key_check") == []


def test_an_upgrade_that_fails_changes_nothing(first_schema: Path) -> None:
    sql(first_schema, "CREATE TABLE in_flight (stray INTEGER)")
    with pytest.raises(StoreUnavailable, match="in_flight"):
        Store(first_schema)
    assert sql(first_schema, "SELECT version FROM schema_version") == [(1,)]
    assert "owner" not in [row[1] for row in sql(first_schema, "PRAGMA table_info(run)")]
    sql(first_schema, "DROP TABLE in_flight")
    with Store(first_schema) as store:
        assert store.count_runs() == 1


def shape(engine: Engine) -> dict[str, object]:
    """Everything about the tables that matters, in no order of columns."""
    found = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"]) for column in found.get_columns(table)
            },
            "primary key": found.get_pk_constraint(table)["constrained_columns"],
            "indexes": sorted((index["name"], *index["column_names"]) for index in found.get_indexes(table)),
            "unique": sorted(tuple(unique["column_names"]) for unique in found.get_unique_constraints(table)),
            "foreign keys": sorted(
                (*key["constrained_columns"], key["referred_table"], *key["referred_columns"], str(key["options"]))
                for key in found.get_foreign_keys(table)
            ),
        }
        for table in found.get_table_names()
        if table != "schema_version"
    }


def test_the_migrations_lead_to_the_tables_as_declared(tmp_path: Path) -> None:
    Store(tmp_path / "migrated.db").close()
    migrated = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    declared = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    METADATA.create_all(declared)
    assert shape(migrated) == shape(declared)
    assert set(shape(migrated)) == set(METADATA.tables)
    migrated.dispose()
    declared.dispose()


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [migration.version for migration in MIGRATIONS] == list(range(1, LATEST + 1))


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    with Store(path) as store:
        run = small_run(store)
    applied = sql(path, "SELECT * FROM schema_version")
    with Store(path) as store:
        assert store.run(run.id) == run
    assert sql(path, "SELECT * FROM schema_version") == applied


def test_a_database_from_the_future_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    Store(path).close()
    sql(path, "INSERT INTO schema_version VALUES (?, 'tomorrow', 0.0)", LATEST + 1)
    for read_only in (False, True):
        with pytest.raises(SchemaFromFuture, match=rf"runs\.db: .*schema {LATEST + 1}"):
            Store(path, read_only=read_only)
    assert sql(path, "SELECT MAX(version) FROM schema_version") == [(LATEST + 1,)]


def test_an_open_database_that_a_newer_rsa_viz_upgrades_is_neither_read_nor_written_any_more(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    with Store(path) as store, Store(path, read_only=True) as reader:
        run = small_run(store)
        assert reader.run(run.id) == run
        sql(path, "INSERT INTO schema_version VALUES (?, 'tomorrow', 0.0)", LATEST + 1)
        for use in (lambda: store.set_note(run.id, "no"), store.runs, reader.runs):
            with pytest.raises(SchemaFromFuture, match=rf"runs\.db cannot be used any more: .*schema {LATEST + 1}"):
                use()
        sql(path, "DELETE FROM schema_version WHERE version = ?", LATEST + 1)
        assert store.run(run.id) == run


def test_a_run_with_a_setting_from_the_future_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    with Store(path) as store:
        run = small_run(store)
        sql(path, "UPDATE run SET config_json = json_set(config_json, '$.telepathy', 1)")
        with pytest.raises(SchemaFromFuture, match=rf"{run.id}.*telepathy"):
            store.run(run.id)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="is a folder"):
        Store(tmp_path)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 500)
    with pytest.raises(StoreUnavailable, match=r"letter\.txt: it is no SQLite database"):
        Store(path)
    assert path.read_text() == "Dear reader, " * 500


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    sql(path, "CREATE TABLE photo (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="another program"):
        Store(path)
    assert path.read_bytes() == before


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    with Store(path) as store:
        finish_small_run(store, small_run(store).id)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreUnavailable, match=r"runs\.db"):
        Store(path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="folder cannot be made"):
        Store(tmp_path / "file" / "deeper" / "runs.db")


def test_missing_folders_are_made(tmp_path: Path) -> None:
    with Store(tmp_path / "a" / "b" / "runs.db") as store:
        assert store.path == str(tmp_path / "a" / "b" / "runs.db")


@pytest.mark.parametrize("name", ["100 % #1?mode=memory.db", "späte Läufe.db", ":memory:"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    with Store(tmp_path / name) as store:
        small_run(store)
    assert (tmp_path / name).stat().st_size > 0


@pytest.fixture
def read_only_file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "runs.db"
    with Store(path) as store:
        small_run(store)
    path.chmod(0o444)
    yield path
    path.chmod(0o644)


def test_a_read_only_file_is_refused_unless_it_is_only_read(read_only_file: Path) -> None:
    with pytest.raises(StoreUnavailable, match="read-only"):
        Store(read_only_file)
    with Store(read_only_file, read_only=True) as store:
        (run,) = store.runs()
        assert len(store.chains(run.id)) == 6
        with pytest.raises(StoreUnavailable, match="read-only"):
            store.set_note(run.id, "no")


def test_a_reader_makes_and_upgrades_nothing(tmp_path: Path, first_schema: Path) -> None:
    with pytest.raises(StoreUnavailable, match="no such file"):
        Store(tmp_path / "nowhere.db", read_only=True)
    assert not (tmp_path / "nowhere.db").exists()
    with pytest.raises(StoreUnavailable, match="open it writable once"):
        Store(first_schema, read_only=True)


def test_every_connection_is_durable_and_holds_foreign_keys(store: Store) -> None:
    with store.database.read() as connection:
        asked = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
