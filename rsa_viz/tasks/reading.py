r"""Where answers and sentences stand in a text: complete ``\boxed{...}`` stretches, lines like ``Answer: ...``.

All are found in one pass, so hostile text (megabytes, nested braces, control characters) costs linear time.
Knows no task: what an answer means is the task's to say.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

LONGEST_BOX = 2_000
"""Characters; a longer stretch between braces is no answer but a brace that was never closed."""

LONGEST_LINE = 300
"""Characters of a line like ``Answer: ...`` that are read."""

LAST = 50
"""Only so many boxes and answer lines are looked at, from the end."""

LONGEST_TEXT = 500_000
"""Characters that are cut into sentences; what follows them is one piece."""

_BRACE = re.compile(r"\\(?:boxed|fbox)[ \t]{0,4}\{|\\.|[{}]", re.DOTALL)
_CUE = re.compile(
    r"(?:\banswer\b[ \t*_]{0,6}(?:\([^()\n]{0,40}\)[ \t*_]{0,6})?(?:\bis\b|[:=≡：])|^[ \t]{0,8}#{4})[\s*_:：]{0,8}",
    re.IGNORECASE | re.MULTILINE,
)
_LINE = re.compile(r"[^\r\n]+")
_SENTENCE_GAP = re.compile(r"(?<=[.!?])[ \t]+(?=[A-ZÀ-Þ0-9(\[$\\\"'“*])")
_LIST_MARK = re.compile(r"\s*(?:\d{1,3}|[A-Za-z])[.)]")
_LONE_ANSWER = re.compile(
    r"(?!\d{1,3}[.)]$)[-−+$\\(]{0,4}\d[\d,./]{0,200}[)$\\.]{0,4}|\*\*[^*\n]{1,200}\*\*[.]?|\$[^$\n]{1,200}\$[.]?"
)


def final_answers(text: str) -> Iterator[tuple[int, int]]:
    r"""Where an answer may stand, the best place first: the last complete ``\boxed{}`` and those before it, then the
    last line like ``Answer: 70`` and those before it, then a last line that is nothing but a number or one emphasised
    stretch (``**70**``). Half-open character offsets, never blank."""
    yield from reversed(boxes(text))
    for start, end in reversed(answer_lines(text)):
        start, end = first_sentence(text, start, end)
        if start < end:
            yield start, end
    start, end = last_line(text)
    if _LONE_ANSWER.fullmatch(text[start:end]):
        yield start, end


def first_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """``70. This is because …`` without its explanation and its full stop."""
    gap = _SENTENCE_GAP.search(text, start, end)
    start, end = trim(text, start, gap.start() if gap else end)
    while end > start and (text[end - 1] in ".*_" or (text[end - 1] == "!" and not text[end - 2].isdigit())):
        end -= 1
    return start, end


def last_line(text: str) -> tuple[int, int]:
    """The last line that is not blank, or its last 500 characters."""
    end = len(text.rstrip())
    return trim(text, text.rfind("\n", max(0, end - 500), end) + 1, end)


def sentences(text: str, begin: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Lines of ``text[begin:end]``, cut further at sentence ends: half-open character offsets in order, without blanks
    at their ends."""
    found: list[tuple[int, int]] = []
    stop = len(text) if end is None else end
    read = max(begin, min(stop, LONGEST_TEXT))
    for line in _LINE.finditer(text, begin, read):
        starts = [line.start()]
        for gap in _SENTENCE_GAP.finditer(text, line.start(), line.end()):
            if not _LIST_MARK.fullmatch(text[starts[-1] : gap.start()][:12]):
                starts.append(gap.end())
        for start, last in zip(starts, [*starts[1:], line.end()], strict=True):
            start, last = trim(text, start, last)
            if start < last:
                found.append((start, last))
    start, last = trim(text, read, stop)
    return [*found, (start, last)] if start < last else found


def boxes(text: str) -> list[tuple[int, int]]:
    r"""The contents of the last complete, non-blank ``\boxed{...}`` of a text, in the order in which they close.

    Half-open character offsets without surrounding blanks. An unclosed box hides no earlier one; ``\boxed`` without a
    brace is none; a box that holds a blank line or more than LONGEST_BOX characters is a brace that was never
    closed.
    """
    found: deque[tuple[int, int]] = deque(maxlen=LAST)
    open_braces: list[int] = []  # where a box's content starts, or -1 for another brace
    for match in _BRACE.finditer(text):
        token = match[0]
        if token == "{":
            open_braces.append(-1)
        elif token == "}":
            start = open_braces.pop() if open_braces else -1
            if start >= 0 and match.start() - start <= LONGEST_BOX and "\n\n" not in text[start : match.start()]:
                start, end = trim(text, start, match.start())
                if start < end:
                    found.append((start, end))
        elif token.endswith("{") and len(token) > 2:
            open_braces.append(match.end())
    return list(found)


def answer_lines(text: str) -> list[tuple[int, int]]:
    """What follows the last ``answer is``, ``Answer:``, ``Final answer:`` or ``####`` to the end of its line.

    Half-open character offsets without surrounding blanks, in order; blank ones are left out. At most
    LONGEST_LINE characters each. An answer that stands alone on the line after its cue is found too.
    """
    found: list[tuple[int, int]] = []
    for match in deque(_CUE.finditer(text), maxlen=LAST):
        line_end = text.find("\n", match.end(), match.end() + LONGEST_LINE)
        start, end = trim(text, match.end(), line_end if line_end >= 0 else match.end() + LONGEST_LINE)
        if start < end:
            found.append((start, end))
    return found


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without blanks at its ends; ``start == end`` when it is blank."""
    end = min(end, len(text))
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    return start, max(start, start + len(stretch.strip()))
