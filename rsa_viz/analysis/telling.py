"""Words that analyses share when they say in sentences what they found. Plain text: whoever draws it escapes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..core.chain import Slot

NAMED = 6  # chains that a sentence names before it only counts the others


def brief(text: str, cap: int = 60) -> str:
    """Model text on one line of at most ``cap`` characters."""
    line = " ".join(text[: 4 * cap].split())  # enough for cap characters; a text may be megabytes long
    return line if len(line) <= cap and len(text) <= 4 * cap else line[: cap - 1] + "…"


def counted(number: int, one: str, more: str | None = None) -> str:
    """``1 chain``, ``3 chains``."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def joined(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; empty for none."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def chains_named(slots: Iterable[Slot], cap: int = NAMED) -> str:
    """``chain 3.1``, ``chain 3.1 and chain 3.2``; of more than ``cap`` the first are named and the others counted."""
    names = [f"chain {slot}" for slot in slots]
    if len(names) > cap:
        return f"{', '.join(names[:cap])} and {len(names) - cap:,} more"
    return joined(names)
