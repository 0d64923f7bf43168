"""One SQLite file: how it is opened, and its read and write transactions. Knows no table's meaning.

What a commit promises. The file is in WAL with ``synchronous=FULL``: a commit returns after its pages are in the
write-ahead log and the log is flushed. A killed process loses nothing that was committed (that much NORMAL gives
too); with FULL a machine that loses power before an audience loses nothing either, as far as its disk keeps what it
says it has flushed. A commit with its flush was measured at 0.2 to 4 ms on a shared disk, against 0.05 ms without,
and a model takes seconds for a chain: FULL it is. WAL needs a local disk; network file systems do not carry it.

Every write transaction starts with BEGIN IMMEDIATE, so a writer waits for the lock before it reads and no two
processes can block each other half-way. Within a process a lock queues the writers: SQLite's own waiting is polling.
Readers never wait and see one moment of the database for as long as their transaction lasts.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import QueuePool

from ..core.errors import SchemaFromFuture, StoreUnavailable
from .database import Database
from .migrations import FIND_VERSION, LATEST, MIGRATIONS, apply, check_known, schema_version

BUSY_S = 30.0
"""How long a write waits for another process before it gives up, in seconds."""

PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=FULL",
    "PRAGMA journal_size_limit=67108864",  # an import's long log is cut back to 64 MiB
)

_HINTS = (
    ("locked", f"another process has held it for more than {BUSY_S:g} s; try again when it has ended"),
    ("readonly", "it is read-only here; make it writable or name another file"),
    ("full", "the disk is full; make room and resume: what was recorded is safe"),
    ("disk I/O error", "the disk cannot be read or written (full, gone or damaged); what was recorded before is safe"),
    ("not a database", "it is no SQLite database; name another file"),
    ("malformed", "it is damaged; take a copy back, or export its runs to a new file"),
    ("unable to open", "see that its folder exists and can be written"),
)


class SqliteFile(Database):
    """An open file, upgraded to the latest schema.

    Raises StoreUnavailable, naming the file, when it cannot be made, opened or written, and SchemaFromFuture.
    ``read_only`` opens an existing file and changes nothing; an older schema is refused then.
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = Path(path).expanduser().absolute()
        self.place = str(self.path)
        self.read_only = read_only
        self._writers = threading.Lock()
        self._check_place()
        mode = "ro" if read_only else "rwc"
        self._engine = create_engine(
            "sqlite://",
            creator=lambda: _connect(f"{self.path.as_uri()}?mode={mode}"),
            poolclass=QueuePool,
            pool_size=8,
            max_overflow=-1,
        )
        event.listen(self._engine, "begin", self._begin)
        self._open()

    def _check_place(self) -> None:
        """What SQLite would report less clearly, or not at all."""
        path = self.path
        if path.is_dir():
            raise StoreUnavailable(f"cannot open the database {path}: it is a folder; name a file")
        if self.read_only:
            if not path.exists():
                raise StoreUnavailable(f"cannot open the database {path}: there is no such file")
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Root may write anything: a file that nobody may write is meant to stay as it is.
            read_only = path.exists() and not (path.stat().st_mode & 0o222 and os.access(path, os.W_OK))
        except OSError as error:
            raise StoreUnavailable(
                f"cannot open the database {path}: its folder cannot be made ({error.strerror}); name another file"
            ) from error
        if read_only:
            raise StoreUnavailable(
                f"cannot open the database {path}: the file is read-only; make it writable or name another"
            )

    def _prepare(self) -> None:
        with self.read() as connection:
            version = schema_version(connection)
        if self.read_only:
            if version < LATEST:
                raise StoreUnavailable(f"its schema is {version}, not {LATEST}; open it writable once to upgrade it")
            return
        self._enter_wal()
        if version < LATEST:
            for migration in MIGRATIONS:
                with self.write() as connection:
                    apply(connection, migration)

    def _enter_wal(self) -> None:
        """Switch to WAL. The switch does not wait for another process that switches too, so wait here."""
        deadline = time.monotonic() + BUSY_S
        while True:
            with self._reported(), self._engine.connect() as connection:
                raw = connection.connection.dbapi_connection
                assert raw is not None
                try:
                    (mode,) = raw.execute("PRAGMA journal_mode=WAL").fetchone()
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > deadline:
                        raise
                    time.sleep(0.01)
                    continue
            if mode != "wal":
                raise StoreUnavailable(f"it cannot use a write-ahead log here (it stays in {mode}); use a local disk")
            return

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one moment of the database, whatever others write meanwhile."""
        with self._reported(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction: durable when the block ends, undone when it raises."""
        with self._reported(), self._writers, self._engine.connect() as connection:
            connection = connection.execution_options(begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    @contextmanager
    def _reported(self) -> Iterator[None]:
        with super()._reported():
            try:
                yield
            except sqlite3.Error as error:  # from BEGIN, which passes SQLAlchemy by
                raise StoreUnavailable(self._explained(error)) from error

    def _begin(self, connection: Connection) -> None:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute(connection.get_execution_options().get("begin", "BEGIN"))
        if self._prepared:
            (version,) = raw.execute(FIND_VERSION).fetchone()
            try:
                check_known(version or 0)
            except SchemaFromFuture as error:
                raw.rollback()
                raise SchemaFromFuture(f"the database {self.path} cannot be used any more: {error}") from None

    def _explained(self, error: BaseException | None) -> str:
        message = str(error)
        return next((f"{hint} ({message})" for word, hint in _HINTS if word in message), message)


def _connect(uri: str) -> sqlite3.Connection:
    # isolation_level None: the module starts no transaction by itself, SqliteFile._begin does.
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection
