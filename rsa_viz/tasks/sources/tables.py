"""The rows of a file as plain JSON values: JSON, JSONL, CSV, TSV and parquet. Never runs or unpickles anything.

Knows no column's meaning. A file that cannot be read at all raises InvalidProblem; a bad row is handed on as a Refused.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import PurePath

from ...core.errors import InvalidProblem
from .found import Refused, Row

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a file."""

MOST_ROWS = 20_000
"""Rows of a file that are read."""

LARGEST_ROW = 2_000_000
"""Characters of one row, written as JSON."""

Numbered = tuple[int, Row | Refused]


def read_rows(name: str, data: bytes) -> Iterator[Numbered]:
    """The rows of a file with their numbers. The format is the name's ending; raises InvalidProblem."""
    if len(data) > LARGEST_FILE:
        raise InvalidProblem(
            f"{name} has {len(data):,} bytes; files of up to {LARGEST_FILE:,} bytes are read. Split it into several"
        )
    ending = PurePath(name.lower()).suffix
    if ending not in _FORMATS:
        raise InvalidProblem(f"{name} cannot be read; give a file that ends in {', '.join(_FORMATS)}")
    if not data.strip():
        raise InvalidProblem(f"{name} is empty")
    return _capped(_FORMATS[ending](name, data))


def _capped(rows: Iterator[Numbered]) -> Iterator[Numbered]:
    for place, (number, row) in enumerate(rows, start=1):
        if place > MOST_ROWS:
            yield number, Refused(number, f"only the first {MOST_ROWS:,} rows of a file are read")
            return
        yield number, row


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as failure:
        raise InvalidProblem(f"{name} is no UTF-8 text ({failure}); save it as UTF-8") from None


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is no JSON value")


def load_json(text: str) -> object:
    """A JSON value. Raises ValueError for anything else, NaN, huge numbers and deep nesting included."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _jsonl(name: str, data: bytes) -> Iterator[Numbered]:
    for number, line in enumerate(_text(name, data).split("\n"), start=1):
        if line.strip():
            yield number, _json_row(number, line)


def _json_row(number: int, line: str) -> Row | Refused:
    if len(line) > LARGEST_ROW:
        return Refused(number, f"the line has {len(line):,} characters; up to {LARGEST_ROW:,} are read")
    try:
        row = load_json(line)
    except ValueError as failure:
        return Refused(number, f"no JSON: {failure}")
    return row if isinstance(row, dict) else Refused(number, "no JSON object with the columns as keys")


def _json(name: str, data: bytes) -> Iterator[Numbered]:
    text = _text(name, data)
    try:
        content = load_json(text)
    except ValueError as failure:
        if text.lstrip().startswith("{") and "\n" in text.strip():
            yield from _jsonl(name, data)  # JSONL by another name
            return
        raise InvalidProblem(f"{name} is no JSON: {failure}") from None
    if isinstance(content, dict):
        lists = [
            value for key in ("problems", "data", "rows", "examples") if isinstance(value := content.get(key), list)
        ]
        content = lists[0] if lists else [content]
    if not isinstance(content, list):
        raise InvalidProblem(f"{name} holds neither a list of problems nor an object with one under 'problems'")
    for number, row in enumerate(content, start=1):
        yield number, row if isinstance(row, dict) else Refused(number, "no JSON object with the columns as keys")


def _delimited(name: str, data: bytes) -> Iterator[Numbered]:
    text = _text(name, data)
    first = text.partition("\n")[0]
    mark = "\t" if name.lower().endswith(".tsv") else max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    header: list[str] | None = None
    number = 0
    while True:
        number += 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as failure:
            yield number, Refused(number, f"cannot be read as CSV: {failure}")
            continue
        if not any(field.strip() for field in fields):
            continue
        if header is None:
            header = [field.strip() for field in fields]
            if len(set(header)) < len(header):
                raise InvalidProblem(f"{name} has two columns of one name: {', '.join(header)}")
        elif len(fields) != len(header):
            yield number, Refused(number, f"has {len(fields)} fields and the header {len(header)}")
        else:
            yield number, {key: value for key, value in zip(header, fields, strict=True) if key and value != ""}


def _parquet(name: str, data: bytes) -> Iterator[Numbered]:
    from .parquet import parquet_rows

    return parquet_rows(name, data)


_FORMATS: dict[str, Callable[[str, bytes], Iterator[Numbered]]] = {
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".json": _json,
    ".csv": _delimited,
    ".tsv": _delimited,
    ".parquet": _parquet,
}
FORMATS = tuple(ending.removeprefix(".") for ending in _FORMATS)
"""The endings of files that are read, without the dot."""
