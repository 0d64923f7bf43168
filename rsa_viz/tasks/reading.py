r"""Where answers stand in a text: complete ``\boxed{...}`` stretches, and lines like ``Answer: ...``.

Both are found in one pass, so hostile text (megabytes, nested braces, control characters) costs linear time.
Knows no task: what an answer means is the task's to say.
"""

from __future__ import annotations

import re
from collections import deque

LONGEST_BOX = 2_000
"""Characters; a longer stretch between braces is no answer but a brace that was never closed."""

LONGEST_LINE = 300
"""Characters of a line like ``Answer: ...`` that are read."""

LAST = 50
"""Only so many boxes and answer lines are looked at, from the end."""

_BRACE = re.compile(r"\\(?:boxed|fbox)[ \t]{0,4}\{|\\.|[{}]", re.DOTALL)
_CUE = re.compile(
    r"(?:\banswer\b[ \t*_]{0,6}(?:\([^()\n]{0,40}\)[ \t*_]{0,6})?(?:\bis\b|[:=≡：])|^[ \t]{0,8}#{4})[\s*_:：]{0,8}",
    re.IGNORECASE | re.MULTILINE,
)


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
