"""A database on a PostgreSQL server, for several machines at work on one experiment. Knows no table's meaning.

An empty database gets the tables of today at once, since no older schema was ever on a server; later steps are taken
as on a file. Writers queue on an advisory lock, so that a write transaction means here what it means on a SQLite file:
none changes what another has read. With calls that take a model seconds, a queue of writes of a millisecond or two is
short; docs/operations.md says how many machines one server feeds. The driver, psycopg, is an optional extra.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from sqlalchemy import Connection, Engine, Integer, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import TypeCompiler

from ..core.errors import SchemaFromFuture, StoreUnavailable
from .database import Database
from .migrations import FIND_VERSION, LATEST, MIGRATIONS, apply, check_known, record_version, schema_version
from .tables import METADATA

SCHEMES = ("postgresql://", "postgres://")
"""How the address of a server begins."""

BUSY_S = 30.0
"""How long a write waits for another one before it gives up, in seconds."""

_LOCK = 7_297_162_025
"""The number of the lock on which writers queue: arbitrary, and the same in every rsa_viz."""


@compiles(Integer, "postgresql")
def _wide(_type: Integer, _compiler: TypeCompiler, **_options: object) -> str:
    """SQLite's integers have 64 bits, PostgreSQL's 32; seeds of imported chains need more than those."""
    return "BIGINT"


class PostgresServer(Database):
    """An open database on a server; its tables are made when it is empty.

    ``address`` is ``postgresql://user:password@host/database``. Raises StoreUnavailable, naming the address without its
    password, when the driver is not installed or the server cannot be reached, and SchemaFromFuture. ``read_only``
    changes nothing; an older schema is refused then.
    """

    def __init__(self, address: str, *, read_only: bool = False) -> None:
        self.read_only = read_only
        try:
            url = make_url(address)
        except (ArgumentError, ValueError):
            raise StoreUnavailable(
                "the database's address cannot be read; write postgresql://user:password@host/database"
            ) from None
        self.place = url.render_as_string(hide_password=True)
        self._password = url.password
        if find_spec("psycopg") is None:
            raise StoreUnavailable(f"cannot open {self.place}: install the driver, psycopg[binary], to use PostgreSQL")
        self._engine: Engine = create_engine(
            url.set(drivername="postgresql+psycopg"), pool_size=8, max_overflow=24, pool_pre_ping=True
        )
        self._open()

    def _prepare(self) -> None:
        with self.read() as connection:
            version = schema_version(connection)
        if version == LATEST:
            return
        if self.read_only:
            raise StoreUnavailable(f"its schema is {version}, not {LATEST}; open it writable once to upgrade it")
        if version == 0:
            with self.write() as connection:
                if schema_version(connection) == 0:  # another process may have been as quick
                    METADATA.create_all(connection)
                    for migration in MIGRATIONS:
                        record_version(connection, migration)
        else:
            for migration in MIGRATIONS:
                with self.write() as connection:
                    apply(connection, migration)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one moment of the database, whatever others write meanwhile."""
        with self._reported(), self._engine.connect() as connection:
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._check_version(connection)
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction: durable when the block ends, undone when it raises."""
        if self.read_only:
            raise StoreUnavailable("the database was opened to be read only")
        with self._reported(), self._engine.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_S:g}s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
            self._check_version(connection)
            yield connection

    def _check_version(self, connection: Connection) -> None:
        if not self._prepared:
            return
        try:
            check_known(int(connection.exec_driver_sql(FIND_VERSION).scalar() or 0))
        except SchemaFromFuture as error:
            raise SchemaFromFuture(f"the database {self.place} cannot be used any more: {error}") from None

    def _explained(self, error: BaseException | None) -> str:
        words = " ".join(str(error).split())
        if self._password:
            words = words.replace(self._password, "***")
        if "lock timeout" in words:
            return f"another process has written for more than {BUSY_S:g} s; try again ({words})"
        if "read-only transaction" in words:
            return f"it is read-only here ({words})"
        return words
