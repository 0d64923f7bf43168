"""Data sets of the Hugging Face hub by name, through the optional library ``datasets``, which is imported when asked.

Rows are streamed, so a large data set costs what is read of it. From its version 5 on that library runs no code of a
data set and unpickles nothing.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import re
import socket
from collections.abc import Iterator

from ...core.errors import InvalidInput, InvalidProblem
from .found import Columns, ReadProblems
from .parquet import plain
from .reading import problems_of_rows
from .tables import Numbered

ADD = ".venv/bin/python -m pip install 'datasets>=5.2,<6'"

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?")


def missing() -> str | None:
    """How to add what reading from the hub needs, or None when it is there."""
    if importlib.util.find_spec("datasets") is not None:
        return None
    return f"reading from the Hugging Face hub needs the library datasets; add it with: {ADD}"


def read_hub(
    name: str,
    *,
    subset: str | None = None,
    split: str = "test",
    limit: int = 100,
    task: str | None = None,
    columns: Columns | None = None,
) -> ReadProblems:
    """The first ``limit`` rows of a data set (``openai/gsm8k``), as problems.

    ``subset`` is the hub's configuration name, if the data set has several. Raises InvalidInput when the library is
    missing, when there is no network or no such data set, and as ``read_problems``.
    """
    if _NAME.fullmatch(name) is None:
        raise InvalidInput(f"{name!r} is no name of a data set; write owner/name, for example openai/gsm8k")
    if not 1 <= limit <= 20_000:
        raise InvalidInput(f"the number of rows must be from 1 to 20,000, not {limit}")
    if (why := missing()) is not None:
        raise InvalidInput(why)
    return problems_of_rows(_rows(name, subset, split, limit), task=task, columns=columns)


def _rows(name: str, subset: str | None, split: str, limit: int) -> Iterator[Numbered]:
    _find_hub()
    import datasets

    try:
        rows = datasets.load_dataset(name, subset, split=split, streaming=True)
        for number, row in enumerate(itertools.islice(rows, limit), start=1):
            yield number, {key: plain(value) for key, value in row.items() if not isinstance(value, bytes)}
    except InvalidProblem:
        raise
    except Exception as failure:  # noqa: BLE001 - the hub's client raises errors of several libraries
        raise InvalidInput(
            f"the data set {name} ({split}) could not be read from the Hugging Face hub: "
            f"{' '.join(f'{type(failure).__name__}: {failure}'.split())[:300]}"
        ) from None


def _find_hub() -> None:
    """Say at once that there is no network, where the hub's client would try for half a minute."""
    if os.environ.get("HF_ENDPOINT") or any("proxy" in name.lower() for name in os.environ):
        return
    try:
        socket.getaddrinfo("huggingface.co", 443)
    except OSError as failure:
        raise InvalidInput(
            f"the Hugging Face hub cannot be reached ({failure}); give a file of the data set (parquet, JSONL) instead"
        ) from None
