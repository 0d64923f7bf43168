"""A problem: a question with its task, gold answer and metadata. Knows no task's rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import InvalidProblem
from .signs import STEERING

DEFINING = ("options", "tests", "dataset_name", "entry")
"""Metadata that are part of the problem itself: the same question with other options, tests or puzzle data is another
problem."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A question to be answered.

    ``task`` names a member of the task registry. ``gold`` is the reference answer as text, or None if it is
    not known: then every verdict on the problem's chains is unknown. ``metadata`` holds JSON values only.

    Raises InvalidProblem when the question or the task's name is blank.
    """

    task: str
    question: str
    gold: str | None = None
    title: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.question.strip():
            raise InvalidProblem("the question is empty; write one")
        if not self.task.strip():
            raise InvalidProblem("the problem names no task")

    @property
    def key(self) -> str:
        """16 hex digits that stand for task, question, gold answer and what else defines the problem (DEFINING), the
        same on every machine."""
        defining = {name: self.metadata[name] for name in DEFINING if name in self.metadata}
        parts = [self.task, self.question, self.gold, *([defining] if defining else [])]
        content = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def label(self) -> str:
        """The title, or the start of the question on one line (at most 80 characters), without control characters."""
        words = " ".join(STEERING.sub(" ", self.title or self.question).split())
        return words if len(words) <= 80 else words[:79] + "…"
