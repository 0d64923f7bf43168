"""What the command line prints. Texts come from models, servers and files, and none of them may steer a terminal."""

from __future__ import annotations

import json
import sys
from typing import TextIO

from ..core.signs import STEERING


def harmless(text: str) -> str:
    """The text with every sign that steers a terminal spelled out (``\\u001b``); new lines stay."""
    return STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say(line: str) -> None:
    """Print a line on standard output; what its encoding lacks is spelled out."""
    _print(line, sys.stdout)


def remark(line: str) -> None:
    """Print a line on standard error: what is no result."""
    _print(line, sys.stderr)


def redraws() -> bool:
    """Whether a progress line can be drawn over itself on standard error: it can on a terminal."""
    return sys.stderr.isatty()


def progress_line(line: str, *, over: bool, width: int) -> None:
    """Print how far something is: over the line before where that can be, else as a line of its own. ``over`` says that
    it was the last one; ``width`` is that of the longest line, so that a shorter one leaves nothing of it behind."""
    if redraws():
        print(f"\r{line:<{width}}", end="\n" if over else "", file=sys.stderr, flush=True)
    else:
        print(line, file=sys.stderr, flush=True)


def say_json(value: object, *, indent: int | None = None) -> None:
    """Print a value as JSON on standard output, in one line or indented. Read back, it is the same value."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    print(harmless(json.dumps(value, ensure_ascii=not unicode, indent=indent)))


def _print(line: str, file: TextIO) -> None:
    encoding = file.encoding or "utf-8"
    print(harmless(line).encode(encoding, "backslashreplace").decode(encoding), file=file)
