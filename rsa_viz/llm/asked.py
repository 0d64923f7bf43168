"""What a prompt asks of a model that runs in this process, where it is no new solution: one candidate's verification or
its summary. Reads the words of the prompt alone."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..core.aside import AsideKind
from .synthetic import read_prompt

_TRUE_OR_FALSE = re.compile(r"\bTrue\b.*\bFalse\b|\bFalse\b.*\bTrue\b", re.DOTALL)
_SUMMARY = re.compile(r"\bsummar(?:y|i[sz]e)\b", re.IGNORECASE)


class AskedAbout(NamedTuple):
    """What is wanted of one candidate, all that stands before it, and the candidate's text."""

    kind: AsideKind
    question: str
    candidate: str


def asked_about(prompt: str) -> AskedAbout | None:
    """What a prompt asks about its one candidate; None when it has more or none, or asks for neither.

    It asks for a verification with the words True and False anywhere, else for a summary with that word before the
    candidate.
    """
    question, candidates = read_prompt(prompt)
    if len(candidates) != 1:
        return None
    if _TRUE_OR_FALSE.search(prompt) is not None:
        return AskedAbout(AsideKind.VERIFY, question, candidates[0])
    if _SUMMARY.search(question) is not None:
        return AskedAbout(AsideKind.SUMMARISE, question, candidates[0])
    return None
