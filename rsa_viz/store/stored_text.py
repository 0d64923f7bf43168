"""Text as it can be stored: any Python string in, the same string out.

SQLite cannot take lone surrogates, and PostgreSQL no NUL; a model, or a stream cut between two halves of a
character, can write both. So those characters are kept as U+0010 (data link escape) and four hex digits, and U+0010
itself likewise; every other character stands as it is. Nothing is lost, and readers of this package never see the
escapes. Knows no table.
"""

from __future__ import annotations

import re

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

_ESCAPE = "\x10"
_UNSTORABLE = re.compile("[\x00\x10\ud800-\udfff]")
_ESCAPED = re.compile("\x10([0-9a-f]{4})")


def storable(text: str) -> str:
    """``text`` without NUL and lone surrogates; ``original`` gives it back exactly."""
    if _UNSTORABLE.search(text) is None:
        return text
    return _UNSTORABLE.sub(lambda found: f"{_ESCAPE}{ord(found[0]):04x}", text)


def original(stored: str) -> str:
    """What ``storable`` was given."""
    if _ESCAPE not in stored:
        return stored
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), stored)


class StoredText(TypeDecorator[str]):
    """A TEXT column that takes every Python string and gives it back unchanged."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Into the database."""
        return None if value is None else storable(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Out of the database."""
        return None if value is None else original(value)
