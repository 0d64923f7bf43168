"""The rows of a parquet file, in batches. PyArrow, which comes with Streamlit, is imported when it is first needed."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterator
from decimal import Decimal

from ...core.errors import InvalidProblem
from .found import Refused, Row

LARGEST_UNPACKED = 512 * 1024 * 1024
"""Bytes that a file says it has unpacked; a larger one may be made to fill the memory."""

_BATCH = 64


def parquet_rows(name: str, data: bytes) -> Iterator[tuple[int, Row | Refused]]:
    """Rows with their numbers from 1; columns of bytes are left out. Raises InvalidProblem."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise InvalidProblem(f"{name} needs the library pyarrow; add it, or save the file as JSONL") from None
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
        unpacked = sum(group.total_byte_size for group in groups)
        if unpacked > LARGEST_UNPACKED:
            raise InvalidProblem(f"{name} has {unpacked:,} bytes unpacked; up to {LARGEST_UNPACKED:,} are read")
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
            for row in batch.to_pylist():
                number += 1
                yield number, {key: plain(value) for key, value in row.items() if not isinstance(value, bytes)}
    except (arrow.ArrowException, OSError, ValueError, TypeError, OverflowError) as failure:
        words = " ".join(str(failure).split())[:200]
        raise InvalidProblem(f"{name} cannot be read as parquet: {words}") from None


def plain(value: object) -> object:
    """A value as JSON has it: dates as ISO text, NaN as None, decimals as text, mappings with text keys."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case datetime.date() | datetime.time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case dict():
            return {str(key): plain(one) for key, one in value.items() if not isinstance(one, bytes)}
        case list() | tuple():
            return [plain(one) for one in value]
        case _:
            return str(value)
