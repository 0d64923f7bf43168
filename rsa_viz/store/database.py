"""What a database is to the rest of the store: read and write transactions. Knows no kind of database and no table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager

from sqlalchemy import Connection


class Database(ABC):
    """An open database, upgraded to the latest schema.

    ``place`` says where it is, without any password: the absolute path of a file, or the address of a server. Write
    transactions go one after the other, whichever process writes: what one reads before it writes is still so when
    it does. A read transaction sees one moment of the database.
    """

    place: str
    read_only: bool

    @abstractmethod
    def read(self) -> AbstractContextManager[Connection]:
        """A read transaction: one moment of the database, whatever others write meanwhile."""

    @abstractmethod
    def write(self) -> AbstractContextManager[Connection]:
        """A write transaction: durable when the block ends, undone when it raises."""

    @abstractmethod
    def close(self) -> None:
        """Close every connection. May be called twice; a transaction after it raises StoreUnavailable."""
