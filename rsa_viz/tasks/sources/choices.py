"""The options of a multiple-choice question, from the ways in which data sets write them, and the gold among them."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from string import ascii_uppercase

from .found import BadRow
from .tables import load_json

_LABEL = re.compile(r"\s*[(\[]?([A-Za-z])[)\].:]\s+")
LONGEST_LITERAL = 20_000


def read_options(values: list[object]) -> tuple[list[str], list[str]]:
    """The options' texts and their labels (``A``, ``B``, … if they have none). Raises BadRow.

    ``values`` are one value that lists the options (a list, ``{"text": […], "label": […]}``, or either as JSON or
    Python text), or one value an option. Labels in front of every option (``A) …``) are taken off.
    """
    labels: list[str] | None = None
    listed: object = values
    if len(values) == 1:
        listed = _unwritten(values[0]) if isinstance(values[0], str) else values[0]
        if isinstance(listed, Mapping) and isinstance(listed.get("text"), list):
            given = listed.get("label")
            labels = [str(one) for one in given] if isinstance(given, list) else None
            listed = listed["text"]
        elif isinstance(listed, Mapping):
            labels, listed = [str(key) for key in listed], list(listed.values())
    if not isinstance(listed, list) or not all(isinstance(one, str | int | float) for one in listed):
        raise BadRow(f"the options are {str(listed)[:60]!r}; write a list of texts")
    texts = [str(one) for one in listed]
    marks = [found[1].upper() if (found := _LABEL.match(text)) else "" for text in texts]
    if marks == list(ascii_uppercase[: len(texts)]):
        texts = [_LABEL.sub("", text, count=1) for text in texts]
    return texts, labels if labels is not None and len(labels) == len(texts) else list(ascii_uppercase[: len(texts)])


def gold_letter(value: object, gold: str | None, labels: list[str]) -> str | None:
    """The letter of a gold answer that is a label or, as a whole number that is no text, a place from 0; any other
    gold answer as it stands."""
    if isinstance(value, int) and not isinstance(value, bool) and str(value) not in labels:
        return ascii_uppercase[value] if 0 <= value < min(len(labels), 26) else gold
    if gold is not None and gold in labels and labels.index(gold) < 26:
        return ascii_uppercase[labels.index(gold)]
    return gold


def _unwritten(text: str) -> object:
    try:
        return load_json(text)
    except ValueError:
        pass
    if text.lstrip().startswith(("[", "{")) and len(text) <= LONGEST_LITERAL:
        try:
            return ast.literal_eval(text.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            pass
    return text
