"""Plain values as TOML: the standard library reads it (tomllib) and does not write it. Knows no experiment."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from .errors import InvalidInput

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def to_toml(content: Mapping[str, object]) -> str:
    """A TOML document that tomllib reads back as ``content``: mappings with text keys, sequences, texts, booleans,
    whole and finite numbers. A value None is left out. Raises InvalidInput for anything else, and for a text with lone
    surrogates, which TOML cannot hold."""
    rows: list[str] = []
    _table(rows, "", content)
    return "\n".join(rows).strip() + "\n"


def _table(rows: list[str], path: str, table: Mapping[str, object]) -> None:
    later: list[tuple[str, object]] = []
    for name, value in table.items():
        if isinstance(value, Mapping) or _is_tables(value):
            later.append((name, value))
        elif value is not None:
            rows.append(f"{_key(name)} = {_value(value)}")
    for name, value in later:
        below = f"{path}.{_key(name)}" if path else _key(name)
        if isinstance(value, Mapping):
            rows += ["", f"[{below}]"]
            _table(rows, below, value)
        elif isinstance(value, Sequence):
            for one in value:
                rows += ["", f"[[{below}]]"]
                _table(rows, below, one)


def _is_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    if re.search("[\ud800-\udfff]", text):
        raise InvalidInput(f"the text {text[:40]!r} holds half a character (a lone surrogate), which TOML cannot hold")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and value - value == 0:  # finite
        return repr(value)
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items() if one is not None)
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    raise InvalidInput(f"{value!r} cannot be written as TOML")
