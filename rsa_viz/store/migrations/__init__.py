"""The schema's numbered steps: each once, in order, in one transaction, recorded in ``schema_version``.

A step that has been released is never edited; a change of the tables is a new step and a line in MIGRATIONS.
Steps are plain SQL. Knows no open file: a caller brings a connection in a write transaction.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

from ...core.errors import SchemaFromFuture, StoreUnavailable
from . import (
    m0001_first_schema,
    m0002_driving,
    m0003_rulings,
    m0004_prompt_sets,
    m0005_asides,
    m0006_origins,
    m0007_experiments,
    m0008_step_judgings,
    m0009_aggregators,
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; ``version`` is the schema's number after it."""

    version: int
    name: str
    statements: tuple[str, ...]


MIGRATIONS = (
    Migration(1, "first schema", m0001_first_schema.STATEMENTS),
    Migration(2, "driving", m0002_driving.STATEMENTS),
    Migration(3, "rulings", m0003_rulings.STATEMENTS),
    Migration(4, "prompt sets", m0004_prompt_sets.STATEMENTS),
    Migration(5, "asides", m0005_asides.STATEMENTS),
    Migration(6, "origins", m0006_origins.STATEMENTS),
    Migration(7, "experiments", m0007_experiments.STATEMENTS),
    Migration(8, "step judgings", m0008_step_judgings.STATEMENTS),
    Migration(9, "aggregators", m0009_aggregators.STATEMENTS),
)
LATEST = MIGRATIONS[-1].version
FIND_VERSION = "SELECT MAX(version) FROM schema_version"


def schema_version(connection: Connection) -> int:
    """The number of the last step that was applied; 0 for an empty database.

    Raises SchemaFromFuture for a number above LATEST, and StoreUnavailable when the database has tables and none of
    them is ours: another program's file is never touched.
    """
    tables = set(inspect(connection).get_table_names())
    if "schema_version" not in tables:
        if tables:
            raise StoreUnavailable("it is another program's database; name another one")
        return 0
    version = int(connection.exec_driver_sql(FIND_VERSION).scalar() or 0)
    check_known(version)
    return version


def check_known(version: int) -> None:
    """Raise SchemaFromFuture for a schema that only a newer rsa_viz knows. A newer one may upgrade the database at any
    moment, so this is asked in every transaction."""
    if version > LATEST:
        raise SchemaFromFuture(
            f"it was written by a newer rsa_viz (schema {version}; this one knows {LATEST}); update rsa_viz"
        )


def apply(connection: Connection, migration: Migration) -> None:
    """Take one step, unless another process has taken it in the meantime."""
    if schema_version(connection) >= migration.version:
        return
    for statement in migration.statements:
        connection.exec_driver_sql(statement)
    record_version(connection, migration)


def record_version(connection: Connection, migration: Migration) -> None:
    """Write down that a step was taken."""
    if migration.version == 1:
        connection.exec_driver_sql(
            "CREATE TABLE schema_version ("
            "version INTEGER NOT NULL, name VARCHAR NOT NULL, applied_at FLOAT NOT NULL, PRIMARY KEY (version))"
        )
    connection.execute(
        text("INSERT INTO schema_version (version, name, applied_at) VALUES (:version, :name, :at)"),
        {"version": migration.version, "name": migration.name, "at": time.time()},
    )
