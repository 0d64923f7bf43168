"""What a task family is: the small interface behind which its rules stand. Knows no model, store or picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ..core.chain import Answer, Judgement, Step
from ..core.problem import Problem
from ..core.prompts import PromptParts


class Task(Protocol):
    """A kind of problem: how it is prompted, how its answer is read and judged, what its steps are.

    Every method is pure, takes model text as it comes (any length, any characters) and raises only InvalidProblem,
    and that only for a problem that the task cannot read.
    """

    name: str
    title: str

    def parts(self, problem: Problem) -> PromptParts:
        """What the task adds to a prompt."""
        ...

    def check(self, problem: Problem) -> None:
        """Raise InvalidProblem if the task cannot read the problem; a missing gold answer is no error."""
        ...

    def problems(self) -> Sequence[Problem]:
        """The bundled problems, easiest first; may be empty."""
        ...

    def extract(self, text: str, problem: Problem) -> Answer | None:
        """The last complete answer of a text, or None: an abstention."""
        ...

    def judge(self, answer: Answer | None, problem: Problem) -> Judgement:
        """Right or wrong, and who says so; unknown when there is no gold answer. No answer is wrong when gold is
        known: the chain did not give it."""
        ...

    def steps(self, text: str, problem: Problem) -> tuple[Step, ...]:
        """The text's steps in order, half-open and not overlapping; empty for a blank text."""
        ...


@runtime_checkable
class Requires(Protocol):
    """A task that needs more than comes with the app: an optional library, or a program of the system."""

    def missing(self) -> str | None:
        """What is not here and how to add it, in one sentence; None when nothing is missing."""
        ...
