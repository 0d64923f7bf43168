"""What a database is to the rest of the store: read and write transactions. Knows no kind of database and no table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from ..core.errors import StoreError, StoreUnavailable


class Database(ABC):
    """An open database, upgraded to the latest schema.

    ``place`` says where it is, without any password: the absolute path of a file, or the address of a server. Write
    transactions go one after the other, whichever process writes: what one reads before it writes is still so when
    it does. A read transaction sees one moment of the database.
    """

    place: str
    read_only: bool
    _engine: Engine
    _closed = False
    _prepared = False

    @abstractmethod
    def read(self) -> AbstractContextManager[Connection]:
        """A read transaction: one moment of the database, whatever others write meanwhile."""

    @abstractmethod
    def write(self) -> AbstractContextManager[Connection]:
        """A write transaction: durable when the block ends, undone when it raises."""

    def close(self) -> None:
        """Close every connection. May be called twice; a transaction after it raises StoreUnavailable."""
        self._closed = True
        self._engine.dispose()

    def _open(self) -> None:
        """Bring the schema up to date. An error names the place, and leaves nothing open."""
        try:
            self._prepare()
        except StoreError as error:
            self.close()
            raise type(error)(f"cannot open the database {self.place}: {error}") from error
        self._prepared = True

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """What goes wrong in the block becomes a StoreError."""
        if self._closed:
            raise StoreUnavailable(f"the database {self.place} has been closed")
        try:
            yield
        except IntegrityError as error:
            raise StoreError(f"the database refused a row: {error.orig}") from error
        except DBAPIError as error:
            raise StoreUnavailable(self._explained(error.orig)) from error

    @abstractmethod
    def _prepare(self) -> None:
        """Make the tables, or take the steps that are missing; of a reader, see that none is."""

    @abstractmethod
    def _explained(self, error: BaseException | None) -> str:
        """What the driver's error means and what to do."""
