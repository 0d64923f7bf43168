"""A file that is there whole or not at all: a reader never sees half of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..core.errors import InvalidInput


@contextmanager
def whole_file(path: str) -> Iterator[BinaryIO]:
    """Open a file to be written; it takes its name when the block has ended without an error. Raises InvalidInput when
    the file cannot be written."""
    whole = Path(path)
    part = whole.with_name(whole.name + ".part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(whole)
    except OSError as failure:
        raise InvalidInput(f"cannot write {whole}: {failure.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
