"""The tiny model asked about a solution: it works every line out again, held to what the solution put in the holes.

The operations are the candidate's; results and whether a line fits are what the weights make of them. Nothing here
calculates: a word is read off the marks that the model wrote, as docs/tiny-model.md says. Summaries it cannot write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.aside import AsideKind
from ..core.errors import RequestRefused
from ..core.judge_prompts import Asked, read_judge_prompt
from .asked import asked_about
from .tiny_language import Language, Reading, Unreadable

CANNOT_TELL = "I cannot tell."
_VERDICTS = {True: "right", False: "wrong", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Check:
    """What the model is to write, and what is to be read off it: with ``steps`` None a verification's one word, else a
    verdict for each step, by the number of the line that it states (None for a step that states none)."""

    reading: Reading
    steps: tuple[int | None, ...] | None = None

    @property
    def shown(self) -> bool:
        """Whether the lines that are worked out again are part of the answer as they stand."""
        return self.steps is None

    @property
    def words(self) -> int:
        """The words that follow on the model's own tokens."""
        return 1 if self.steps is None else len(self.steps)

    def says(self, rows: Sequence[Sequence[int]], language: Language) -> str:
        """What follows on the lines ``rows`` that the model wrote: True when it says of every line that it fits, False
        when it says of one that it fails, or the verdicts."""
        marks = [language.fits(row) for row in rows]
        if self.steps is None:
            return f"\n{False if False in marks else CANNOT_TELL if None in marks else True}"
        told = []
        for step, line in enumerate(self.steps, start=1):
            if line is None:
                told.append(f"{step}: unknown – states no line that I can read")
            else:
                told.append(f"{step}: {_VERDICTS[marks[line - 1]]} – {language.line(line, rows[line - 1])}")
        return "\n".join(told)


def check_of(prompt: str, language: Language) -> Check | None:
    """What is asked about a solution; None for a prompt that asks for one.

    Raises Unreadable, also for a verification of a candidate that does not state every line, and RequestRefused where a
    summary is asked for: whatever it wrote would be a solution of its own in the place of another's.
    """
    if (steps := read_judge_prompt(prompt)) is not None:
        return _of_steps(steps, language)
    asked = asked_about(prompt)
    if asked is None:
        return None
    if asked.kind is AsideKind.SUMMARISE:
        raise RequestRefused("the tiny model writes and checks solutions, and cannot summarise one")
    stated = language.stated(asked.question, asked.candidate)
    reading = language.checking(asked.question, stated)
    if len(stated) < reading.lines:
        raise Unreadable("I cannot read every line of this candidate")
    return Check(reading)


def _of_steps(asked: Asked, language: Language) -> Check:
    """Where two steps state one line, the last counts: the model writes each line once."""
    stated: dict[int, list[int]] = {}
    steps: list[int | None] = []
    for step in asked.steps:
        found = language.stated(asked.question, step)
        line = max(found, default=None)
        if line in steps:
            steps[steps.index(line)] = None
        steps.append(line)
        if line is not None:
            stated[line] = found[line]
    return Check(language.checking(asked.question, stated), tuple(steps))
