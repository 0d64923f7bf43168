"""The rows of a parquet file, in batches. PyArrow, which comes with Streamlit, is imported when it is first needed."""

from __future__ import annotations

import datetime
import io
import json
import math
from collections.abc import Iterator
from decimal import Decimal

from ...core.errors import InvalidProblem
from .found import Refused, Row

LARGEST_UNPACKED = 256 * 1024 * 1024
"""Characters of all rows, written as JSON; a small file may be made to unpack to anything."""

_BATCH = 16


def parquet_rows(name: str, data: bytes) -> Iterator[tuple[int, Row | Refused]]:
    """Rows with their numbers from 1; columns of bytes are left out. Raises InvalidProblem."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise InvalidProblem(f"{name} needs the library pyarrow; add it, or save the file as JSONL") from None
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        number = unpacked = 0
        for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
            for packed in batch.to_pylist():
                number += 1
                row = {key: plain(value) for key, value in packed.items() if not isinstance(value, bytes)}
                unpacked += len(json.dumps(row))
                if unpacked > LARGEST_UNPACKED:
                    raise InvalidProblem(f"{name} unpacks to more than {LARGEST_UNPACKED:,} characters; split it")
                yield number, row
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
