"""Server addresses in texts, and those texts without them: what leaves this machine names no private server."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

LEFT_OUT = "(address left out)"


def without_addresses(addresses: Collection[str], text: str | None) -> str | None:
    """``text`` with the servers' addresses, or their hosts alone, left out; unchanged where there is none."""
    if not addresses or not text:
        return text
    known = {written for address in addresses for written in _written(address) if written}
    for written in sorted(known, key=lambda one: (-len(one), one)):  # one address may begin like another
        text = text.replace(written, LEFT_OUT)
    return text


def _written(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    host = parts.hostname or ""
    return address, parts.netloc, host if "." in host else ""  # a host such as "api" is a word as well
