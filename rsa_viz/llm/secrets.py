"""Keys are struck from whatever a server says before anybody records or shows it. Knows no server.

A server may echo the request's Authorization header: in an error page, in the middle of a streamed answer, cut off at
the end of what was read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

PLACEHOLDER_KEY = "no-key"
"""Sent where no key was chosen, so that no library goes and looks for one."""

STRUCK = "***"
SHORTEST = 6
"""Characters that a secret has at least; striking shorter ones would strike words."""

_LOOKS_LIKE_A_KEY = re.compile(r"\b(?:sk|pk|key|gsk|xai|hf)[-_][A-Za-z0-9*_\-.]{6,}|\bBearer\s+\S+", re.IGNORECASE)
_HOLDS_A_KEY = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)(?:_|$)", re.IGNORECASE)


def environment_secrets(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The values of the variables whose names say that they hold a key, the longest first. LiteLLM reads some of them
    by itself, so that nobody here knows which one was sent."""
    environment = os.environ if environment is None else environment
    found = {value.strip() for name, value in environment.items() if _HOLDS_A_KEY.search(name)}
    return tuple(sorted((one for one in found if len(one) >= SHORTEST), key=lambda one: (-len(one), one)))


def parts_of(address: str) -> tuple[str, ...]:
    """An address and what would give it away, the longest first: for servers whose addresses are nobody's business."""
    parts = urlsplit(address)
    return tuple(one for one in (address, parts.netloc, parts.hostname) if one)


def struck(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets and without whatever looks like a key. A piece of a secret that stands at the
    text's begin or end, because the text was cut there, is struck as well."""
    for secret in secrets:
        if len(secret) < SHORTEST:
            continue
        text = text.replace(secret, STRUCK)
        for length in range(min(len(secret) - 1, len(text)), SHORTEST - 1, -1):
            if text.startswith(secret[-length:]):
                text = STRUCK + text[length:]
            if text.endswith(secret[:length]):
                text = text[:-length] + STRUCK
    return _LOOKS_LIKE_A_KEY.sub(STRUCK, text)


class Strike:
    """Strikes one secret from a text that comes in pieces.

    A piece's end that may be the secret's begin is held back until the next piece tells, so that no part of it is ever
    given out. Without a secret, pieces pass as they are.
    """

    def __init__(self, secret: str | None) -> None:
        self._secret = secret if secret is not None and len(secret) >= SHORTEST else ""
        self._held = ""

    def piece(self, text: str) -> str:
        """What may be given out now."""
        if not self._secret or not text:
            return text
        text = (self._held + text).replace(self._secret, STRUCK)
        keep = next(
            (n for n in range(min(len(self._secret) - 1, len(text)), 0, -1) if text.endswith(self._secret[:n])), 0
        )
        self._held = text[len(text) - keep :] if keep else ""
        return text[: len(text) - keep]

    def rest(self) -> str:
        """What was held back when the text has ended; it is not the whole secret."""
        held, self._held = self._held, ""
        return STRUCK if len(held) >= SHORTEST else held
