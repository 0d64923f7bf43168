"""Writing the operator's endpoints file: one endpoint is added or replaced, all else stays as he wrote it.

The file is replaced whole or not at all, and only when what would be written reads as it should. No key ever stands in
it: an endpoint has no place for one.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from pathlib import Path

from ..core.errors import InvalidEndpoint
from .endpoints import Endpoint, read_endpoint, read_endpoints

_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)


def table_of(endpoint: Endpoint) -> dict[str, object]:
    """An endpoint as the values of its table, without those that it need not say."""
    table: dict[str, object] = {"title": endpoint.title, "model": endpoint.model}
    if endpoint.addresses:
        several = len(endpoint.addresses) > 1
        table["api_base"] = list(endpoint.addresses) if several else endpoint.addresses[0]
    if endpoint.api_key_env:
        table["api_key_env"] = endpoint.api_key_env
    table["concurrency"] = endpoint.concurrency
    if endpoint.price is not None:
        price = endpoint.price
        table["price"] = {"in": price.tokens_in, "out": price.tokens_out, "currency": price.currency}
    if endpoint.context is not None:
        table["context"] = endpoint.context
    if endpoint.note:
        table["note"] = endpoint.note
    return table


def as_toml(endpoint: Endpoint) -> str:
    """The endpoint's table as it stands in the file."""
    lines = [f"[endpoints.{_key(endpoint.name)}]"]
    lines += [f"{key} = {_value(value)}" for key, value in table_of(endpoint).items()]
    return "\n".join(lines) + "\n"


def save_endpoint(path: Path, endpoint: Endpoint) -> None:
    """Add the endpoint to the file, or put it in the place of the one with its name; the file is made when there is
    none. Raises InvalidEndpoint when the endpoint or the file cannot be used, and when the file is written in a way in
    which one table cannot be replaced by itself; nothing was changed then."""
    read_endpoint(f"endpoint {endpoint.name!r}", endpoint.name, table_of(endpoint))
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, ValueError) as error:
        raise InvalidEndpoint(f"the endpoints file {str(path)!r} cannot be read: {error}") from None
    known = {one.name: one for one in read_endpoints(before, str(path))} if before.strip() else {}
    after = _with(before, endpoint)
    there = {one.name: one for one in read_endpoints(after, str(path))}
    if {name: there.get(name) for name in known} | {endpoint.name: there.get(endpoint.name)} != {
        **known,
        endpoint.name: endpoint,
    }:
        raise InvalidEndpoint(
            f"{str(path)!r} is written in a way in which [endpoints.{endpoint.name}] cannot be replaced by itself; "
            "edit the file by hand"
        )
    _replace(path, after)


def _with(text: str, endpoint: Endpoint) -> str:
    """The file's text with the endpoint in it. Comments between tables stay."""
    table = as_toml(endpoint)
    names = {_key(endpoint.name), json.dumps(endpoint.name, ensure_ascii=False), f"'{endpoint.name}'"}
    for name in names:
        header = re.compile(rf"^[ \t]*\[[ \t]*endpoints[ \t]*\.[ \t]*{re.escape(name)}[ \t]*\][^\n]*\n?", re.MULTILINE)
        if (found := header.search(text)) is not None:
            following = _HEADER.search(text, found.end())
            body = text[found.end() : following.start() if following else len(text)]
            lines = body.split("\n")
            while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
                lines.pop()  # what stands above the next table belongs to that
            end = found.end() + len("\n".join(lines))
            return text[: found.start()] + table.rstrip("\n") + text[end:] + ("" if text[end:] else "\n")
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}{table}"


def _replace(path: Path, text: str) -> None:
    """Write beside the file, then put it in its place: a reader sees the old one or the new one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = path.resolve()
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            os.chmod(name, target.stat().st_mode & 0o777 if target.exists() else 0o644)
            os.replace(name, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise InvalidEndpoint(f"the endpoints file {str(path)!r} cannot be written: {error.strerror}") from None


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _text(value: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    return repr(value)
