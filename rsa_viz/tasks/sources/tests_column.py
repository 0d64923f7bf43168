"""The tests of a programming problem, from the ways in which data sets write them to the ``code`` task's own."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .found import BadRow
from .tables import load_json


def read_tests(value: object, function: str | None) -> list[object]:
    """Tests as ``{"input", "output"}`` or ``{"function", "arguments", "result"}``. Raises BadRow.

    Read are: a list of those; LiveCodeBench's list of ``{"input", "output", "testtype"}``, whose function tests have
    one JSON value a line; and APPS's ``{"inputs": […], "outputs": […], "fn_name"}``. Each may be JSON text.
    ``function`` is the name that function tests call when they do not name it themselves.
    """
    if isinstance(value, str):
        try:
            value = load_json(value)
        except ValueError as failure:
            raise BadRow(f"the tests are no JSON: {failure}") from None
    if isinstance(value, Mapping) and isinstance(value.get("inputs"), list):
        inputs, outputs = value["inputs"], value.get("outputs")
        name = value.get("fn_name") or function
        if not isinstance(outputs, list) or len(outputs) != len(inputs):
            raise BadRow(f"the tests have {len(inputs)} inputs and not as many outputs")
        return [_pair(given, expected, name) for given, expected in zip(inputs, outputs, strict=True)]
    if not isinstance(value, list):
        raise BadRow(f"the tests are {type(value).__name__}; write a list of objects with input and output")
    return [_test(row, function) for row in value]


def _pair(given: object, expected: object, function: object) -> dict[str, object]:
    if function is None:
        return {"input": _joined(given), "output": _joined(expected)}
    arguments = _read_lines(given) if isinstance(given, str) else given
    result = expected[0] if isinstance(expected, list) and len(expected) == 1 else expected
    return {
        "function": function,
        "arguments": arguments,
        "result": _read(result) if isinstance(result, str) else result,
    }


def _joined(value: object) -> object:
    return "\n".join(map(str, value)) if isinstance(value, list) else value


def _test(row: object, function: str | None) -> object:
    if isinstance(row, str) and row.lstrip().startswith("assert"):
        raise BadRow("the tests are assert statements; write them as function, arguments and result")
    if not isinstance(row, dict) or row.get("testtype") != "functional":
        return {key: row[key] for key in ("input", "output")} if isinstance(row, dict) and "testtype" in row else row
    if function is None:
        raise BadRow("a function test names no function")
    return {
        "function": function,
        "arguments": _read_lines(str(row.get("input", ""))),
        "result": _read(str(row.get("output", ""))),
    }


def _read_lines(text: str) -> list[object]:
    return [_read(line) for line in text.split("\n") if line.strip()]


def _read(text: str) -> object:
    try:
        return load_json(text)
    except ValueError:
        return text


def function_name(metadata: object) -> str | None:
    """The function's name in LiveCodeBench's ``metadata`` column (``{"func_name": …}``, often as JSON text)."""
    if isinstance(metadata, str):
        try:
            metadata = json.loads(metadata)
        except (ValueError, RecursionError):
            return None
    name = metadata.get("func_name") if isinstance(metadata, Mapping) else None
    return name if isinstance(name, str) else None
