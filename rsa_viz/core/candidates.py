"""What a child sees of a parent: its whole text, the end of it, or a summary. Knows no prompt."""

from __future__ import annotations

import re

from .run import Candidates, RunConfig

CUT = "[… the beginning is left out …]"
"""Stands where a tail was cut, so that nobody takes it for the whole."""

_BREAK = re.compile(r"\n|(?<=\S)\s+(?=\S)")


def seen_by_children(text: str, summary: str | None, config: RunConfig) -> str:
    """What stands in a child's prompt for a parent with this text, and this summary if there is one.

    Without a summary, because its call failed or brought nothing, the whole text stands in its place.
    """
    if config.candidates is Candidates.SUMMARY and summary is not None and summary.strip():
        return summary
    if config.candidates is Candidates.TAIL:
        return tail(text, config.tail_characters)
    return text


def tail(text: str, characters: int) -> str:
    """The last ``characters`` characters of a text at most, from the beginning of a line, else of a word; under CUT.

    A line is looked for in the first quarter of them, a word in the first half; a text without either is cut where it
    must be. The whole text, unmarked, when it is no longer.
    """
    text = text.strip()
    if len(text) <= characters:
        return text
    rest = text[len(text) - characters :]
    if text[-characters - 1] != "\n":
        line = rest.find("\n", 0, characters // 4 + 1)
        word = re.search(r"\s+", rest[: characters // 2 + 1])
        rest = (
            rest[line + 1 :]
            if line >= 0
            else rest[word.end() :]
            if word and not text[-characters - 1].isspace()
            else rest
        )
    return f"{CUT}\n{rest.lstrip()}"
