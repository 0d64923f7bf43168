"""The tiny model's language as text: a prompt becomes tokens, the model's tokens become lines of text.

One token a number, hole, operation, result and mark; docs/tiny-model.md shows the layout. The training draws the same
tokens as arrays, and a test holds both alike. Knows no weights.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..core.errors import InvalidProblem
from ..core.holes import Holes, parse_holes
from ..core.program import OPERATIONS
from .synthetic import read_prompt

SLOTS = 3
PROBLEM_WIDTH = SLOTS + 2
WIDTH = 3 * SLOTS + 2
SIGNS = ("?", *OPERATIONS)
FREE = -1
_ROW = range(WIDTH)
_OWN = frozenset((*range(3, WIDTH - 1, 3), WIDTH - 1))  # columns of a line's results and of its mark
_STATED = re.compile(
    r"^[^\w(\n]{0,12}\((\d{1,2})\) (\d+)" + r",? ([-+*]) (\d+) = (\d+)" * SLOTS + r", (fits|fails)[^\w\n]{0,8}$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A prompt as the model sees it: its tokens, and how many lines and candidates they hold.

    ``held`` are tokens of the solution that stand already, FREE where the model chooses; empty where it chooses all.
    """

    tokens: tuple[int, ...]
    lines: int
    candidates: int
    held: tuple[int, ...] = ()


class Unreadable(ValueError):
    """A prompt that the model has no tokens for; the message says why, in words for whoever asked."""


@dataclass(frozen=True, slots=True)
class Language:
    """The tokens of a model for one modulus, up to ``lines`` lines and ``candidates`` candidates."""

    modulus: int
    lines: int
    candidates: int

    @property
    def _result(self) -> int:
        return (1 + len(SIGNS)) * self.modulus

    @property
    def _operation(self) -> int:
        return self._result + self.modulus

    @property
    def _fails(self) -> int:
        return self._operation + len(OPERATIONS)

    @property
    def size(self) -> int:
        """The number of tokens."""
        return self._fails + 4

    def read(self, prompt: str) -> Reading:
        """The tokens of a prompt: problem, candidates, and the mark that asks for a solution.

        A candidate counts if it states every line with the problem's own numbers, as the model itself writes them;
        of a line stated twice the last one counts; other candidates are passed over. Raises Unreadable.
        """
        question, texts = read_prompt(prompt)
        holes = self._holes(question)
        tokens = [token for line in holes.lines for token in self._problem(line.numbers, line.signs, line.target)]
        stated = [written for text in texts if (written := self.candidate(text, holes)) is not None]
        self._count(len(stated))
        for written in stated:
            tokens += [self._fails + 2, *written]
        return Reading((*tokens, self._fails + 3), len(holes.lines), len(stated))

    def check(self, question: str, candidates: int) -> None:
        """Raise Unreadable if no prompt with this question and so many candidates could be read."""
        self._holes(question)
        self._count(candidates)

    def stated(self, question: str, text: str) -> dict[int, list[int]]:
        """The tokens of each line of the problem that a text states, by its number. Raises Unreadable."""
        return self._stated(text, self._holes(question))

    def checking(self, question: str, stated: Mapping[int, Sequence[int]]) -> Reading:
        """The problem without candidates, and a solution that is held to the numbers and operations of the lines
        ``stated``: so the model works them out again, and their results and what is said of them are its own. Raises
        Unreadable."""
        reading, free = self.read(question), [FREE] * WIDTH
        rows = [stated.get(number, free) for number in range(1, reading.lines + 1)]
        return replace(reading, held=tuple(FREE if column in _OWN else row[column] for row in rows for column in _ROW))

    def fits(self, row: Sequence[int]) -> bool | None:
        """What a solution's line says of itself; None when it says neither."""
        return {self._fails: False, self._fails + 1: True}.get(row[-1])

    def candidate(self, text: str, holes: Holes) -> list[int] | None:
        """A candidate's tokens without the mark before them, or None if it does not state every line."""
        rows = self._stated(text, holes)
        if len(rows) < len(holes.lines):
            return None
        return [token for number in range(1, len(holes.lines) + 1) for token in rows[number]]

    def _stated(self, text: str, holes: Holes) -> dict[int, list[int]]:
        rows: dict[int, list[int]] = {}
        for found in _STATED.finditer(text):
            number, words = int(found[1]), found.groups()[1:]
            if not 1 <= number <= len(holes.lines):
                continue
            numbers = tuple(int(words[at]) for at in (0, *range(2, WIDTH - 1, 3)))
            results = [int(words[at]) for at in range(3, WIDTH - 1, 3)]
            if numbers != holes.lines[number - 1].numbers or max(results) >= self.modulus:
                continue
            row = [numbers[0]]
            for slot in range(SLOTS):
                operation = OPERATIONS.index(words[1 + 3 * slot])
                row += [self._operation + operation, numbers[slot + 1], self._result + results[slot]]
            rows[number] = [*row, self._fails + (words[-1] == "fits")]
        return rows

    def line(self, number: int, tokens: Sequence[int]) -> str:
        """The text of one line of a solution, whatever its tokens are, also of its beginning alone:
        ``(1) 3 + 5 = 8, * 7 = 1, * 2 = 2, fits``."""
        words = [self._word(token) for token in tokens]
        steps = [" ".join(words[start : start + 3]) for start in range(1, len(words), 3)]
        return f"({number}) {words[0]} {', '.join(steps)}".rstrip()

    def _count(self, candidates: int) -> None:
        if candidates > self.candidates:
            raise Unreadable(f"I can read {self.candidates} candidates at most, not {candidates}")

    def _holes(self, question: str) -> Holes:
        try:
            holes = parse_holes(question)
        except InvalidProblem as error:
            raise Unreadable(f"I can only fill in missing operations, and {error}") from None
        if holes.modulus != self.modulus:
            raise Unreadable(f"I have learned to work modulo {self.modulus} only, not modulo {holes.modulus}")
        if len(holes.lines) > self.lines:
            raise Unreadable(f"I have learned problems of {self.lines} lines at most, not of {len(holes.lines)}")
        for number, line in enumerate(holes.lines, start=1):
            if len(line.signs) != SLOTS or not all(2 <= one < self.modulus for one in line.numbers):
                raise Unreadable(
                    f"I have learned lines of {SLOTS + 1} numbers from 2 to {self.modulus - 1}, "
                    f"and line ({number}) is another one"
                )
        return holes

    def _problem(self, numbers: tuple[int, ...], signs: tuple[str, ...], target: int) -> list[int]:
        slots = [
            (1 + SIGNS.index(sign)) * self.modulus + number for sign, number in zip(signs, numbers[1:], strict=True)
        ]
        return [numbers[0], *slots, self._result + target]

    def _word(self, token: int) -> str:
        if token < self.modulus:
            return str(token)
        if token < self._operation:
            return f"{(*SIGNS, '=')[token // self.modulus - 1]} {token % self.modulus}"
        return (*OPERATIONS, "fails", "fits", "candidate:", "solution:")[token - self._operation]
