"""How an error is written down: one line, of bounded length."""

from __future__ import annotations

LONGEST_ERROR = 1000  # characters; servers answer with whole pages


def describe(error: Exception) -> str:
    """An error as one line of at most LONGEST_ERROR characters: its class and its message."""
    return one_line(f"{type(error).__name__}: {error}" if str(error).strip() else type(error).__name__)


def one_line(text: str) -> str:
    """A text on one line, cut at LONGEST_ERROR characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_ERROR else line[: LONGEST_ERROR - 1] + "…"
