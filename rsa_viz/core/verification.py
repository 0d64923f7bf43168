"""Reads what a verification says. Knows no call and no prompt."""

from __future__ import annotations

import re

_EITHER = re.compile(
    r"\btrue\b\W{0,6}(?:or|and|/|\|)\W{0,6}\bfalse\b|\bfalse\b\W{0,6}(?:or|and|/|\|)\W{0,6}\btrue\b", re.I
)
_BOXED = re.compile(r"\\boxed\s*\{\s*(?:\\(?:text|textbf|mathrm|mathbf)\s*\{\s*)?(true|false|yes|no)\b", re.I)
_WORD = re.compile(r"\b(not\W{1,3}|isn['’]t\W{1,3}|n['’]t\W{1,3})?(true|false)\b", re.I)
_FIRST = re.compile(r"\W*(yes|no)\b(?!\s+\w)", re.I)
_LAST = re.compile(r"(?:^|[\s*_:\"'(])(yes|no)\W*$", re.I)


def read_verification(text: str) -> bool | None:
    """True when the text accepts the candidate, False when it rejects it, None when it cannot be read.

    In this order: the last ``\\\\boxed{}`` with True, False, Yes or No; the last word True or False in any case, turned
    round by a "not" before it, "True or False" itself not counted; a Yes or No that stands alone, begins or ends the
    text. Empty text and anything else: None.
    """
    if boxed := _BOXED.findall(text):
        return boxed[-1].lower() in ("true", "yes")
    if words := _WORD.findall(_EITHER.sub(" ", text)):
        negated, word = words[-1]
        return (word.lower() == "true") is not bool(negated)
    found = _LAST.search(text) or _FIRST.match(text)
    return None if found is None else found[1].lower() == "yes"
