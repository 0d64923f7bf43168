"""Rows into one parquet file, some thousand at a time. PyArrow, which comes with Streamlit, is imported when needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any, BinaryIO, Self

from .. import __version__
from ..core.errors import InvalidInput

MOST_ROWS = 2_000
MOST_CHARACTERS = 32 * 2**20
"""What is gathered in memory before it is written as one row group."""

_UNWRITABLE = re.compile("[\ud800-\udfff]")


def arrow() -> Any:
    """The library. Raises InvalidInput when it is not there."""
    try:
        import pyarrow
    except ImportError:
        raise InvalidInput("parquet files need the library pyarrow; add it, or export as JSONL or CSV") from None
    return pyarrow


class Sheet:
    """A parquet file that grows row by row; whole after the ``with`` block, also without a row.

    ``columns`` are names with PyArrow's types. A column that a row does not name is null. Halves of surrogate pairs,
    which UTF-8 cannot carry, become U+FFFD; every other text stands as it is. ``out`` stays open.
    """

    def __init__(self, out: BinaryIO, columns: Mapping[str, Any]) -> None:
        pyarrow = arrow()
        from pyarrow import parquet

        self.rows = 0
        self._schema = pyarrow.schema(list(columns.items()), metadata={"rsa_viz": __version__})
        self._writer = parquet.ParquetWriter(out, self._schema, compression="zstd")
        self._gathered: list[Mapping[str, object]] = []
        self._characters = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: TracebackType | BaseException | None) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def add(self, row: Mapping[str, object]) -> None:
        """Write one row."""
        self._gathered.append({name: self._plain(value) for name, value in row.items()})
        self.rows += 1
        if len(self._gathered) >= MOST_ROWS or self._characters >= MOST_CHARACTERS:
            self._flush()

    def _plain(self, value: object) -> object:
        match value:
            case str():
                self._characters += len(value)
                return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value)
            case Mapping():
                return {name: self._plain(one) for name, one in value.items()}
            case list() | tuple():
                return [self._plain(one) for one in value]
            case _:
                return value

    def _flush(self) -> None:
        if self._gathered:
            self._writer.write_table(arrow().Table.from_pylist(self._gathered, schema=self._schema))
        self._gathered, self._characters = [], 0
