"""Equality of answers: canonical forms that are read exactly, and math-verify in processes that can be killed."""

from __future__ import annotations

from .comparison import Comparison, compare, shown
from .plain import LONGEST_ANSWER, LONGEST_NUMBER, answer_key
from .readings import Reading, read
from .structures import Kind

__all__ = [
    "LONGEST_ANSWER",
    "LONGEST_NUMBER",
    "Comparison",
    "Kind",
    "Reading",
    "answer_key",
    "compare",
    "read",
    "shown",
]
