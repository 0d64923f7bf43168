"""Fenced code blocks of a text, found line by line in linear time. Knows no task and no language."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\n]*\n?")
_FENCE = re.compile(r"[ \t>]{0,40}(`{3,}|~{3,})[ \t]*([^\s`]*)[^`\n]*\s*")
_TAG = re.compile(r"\{?\.?([\w+#-]*)")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block. ``start`` and ``end`` are half-open character offsets of the whole block with its fence lines,
    ``inner_start`` and ``inner_end`` of what stands between them. ``tag`` is the language in small letters, or "".
    ``closed`` is false where the text ends before the block does."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    tag: str
    closed: bool


def fences(text: str) -> list[Fence]:
    """The fenced blocks of a text in order, not overlapping; the last one may be unclosed.

    A block ends at a fence of the same character, at least as long, with nothing after it. A fence with a language
    inside an open block begins a new one there: the text was begun again, and the block before was never closed. It
    is left out, for nobody knows where it ended.
    """
    found: list[Fence] = []
    opened: tuple[int, int, str, str] | None = None  # start, inner start, fence, language
    for line in _LINE.finditer(text):
        mark = _FENCE.fullmatch(text, line.start(), line.end())
        if mark is None:
            continue
        fence, tag = mark[1], mark[2]
        if opened is not None and fence[0] == opened[2][0] and len(fence) >= len(opened[2]) and not tag:
            end = line.start() + len(line[0].rstrip())
            found.append(Fence(opened[0], end, opened[1], line.start(), opened[3], closed=True))
            opened = None
        elif opened is None or (fence[0] == opened[2][0] and len(fence) == len(opened[2])):
            language = _TAG.match(tag)
            opened = (line.start(), line.end(), fence, language[1].lower() if language else "")
    if opened is not None:
        found.append(Fence(opened[0], len(text), opened[1], len(text), opened[3], closed=False))
    return found
