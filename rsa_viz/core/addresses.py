"""Server addresses in texts, and those texts without them: what leaves this machine names no private server."""

from __future__ import annotations

from urllib.parse import urlsplit

LEFT_OUT = "(address left out)"


def without_address(address: str | None, text: str | None) -> str | None:
    """``text`` with the server's address, or its host alone, left out; unchanged where there is none."""
    if not address or not text:
        return text
    parts = urlsplit(address)
    host = parts.hostname or ""
    for known in (address, parts.netloc, host if "." in host else ""):  # a host such as "api" is a word as well
        if known:
            text = text.replace(known, LEFT_OUT)
    return text
