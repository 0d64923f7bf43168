r"""The holes task: lines of modular arithmetic with missing operations, every line of which can be checked exactly.

Its grammar is ``core.holes``. A filling that gives every target is right, also where several do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.chain import Answer, Judgement, Step, Verdict, VerdictSource
from ..core.errors import InvalidProblem
from ..core.holes import HoleLine, Holes, parse_holes
from ..core.problem import Problem
from ..core.prompts import PromptParts
from .holes_problems import bundled
from .reading import boxes

LONGEST_TEXT = 200_000
"""Characters that are cut into steps; what follows them is one step of unknown verdict."""

_ROW = re.compile(r"[^\r\n]+")
_NUMBERED = re.compile(r"[^\w(\r\n]{0,12}\((\d{1,3})\)[ \t*_]{0,6}")
_PIECE = re.compile(r"\\times|\\cdot|[-+*/×·−=?]|\d{1,9}")
_SIGNS = {"−": "-", "×": "*", "·": "*", "\\times": "*", "\\cdot": "*"}


class HolesTask:
    r"""Missing operations, answered by all operations in order in ``\boxed{}`` or by the lines themselves."""

    name = "holes"
    title = "Missing operations"

    def parts(self, problem: Problem) -> PromptParts:  # noqa: ARG002
        return PromptParts(
            noun="puzzle of missing operations",
            answer_hint=(
                "Write every line with its number and work it out step by step, like '(1) 3 + 5 = 8, * 7 = 1, fits'; "
                "say 'fails' if it does not give its target. You may repeat all operations in order, the given ones "
                "included, on a last line like \\boxed{+* --}."
            ),
        )

    def check(self, problem: Problem) -> None:
        """Raise InvalidProblem if the question cannot be read or solved, or if the gold answer does not solve it."""
        holes = parse_holes(problem.question)
        if problem.gold is None:
            return
        signs = _signs_only(problem.gold)
        if signs is None or not _solves(holes, signs):
            raise InvalidProblem(
                f"the gold answer {problem.gold!r} does not solve the puzzle; give all {holes.slots} operations in "
                "order, or leave it out"
            )

    def problems(self) -> Sequence[Problem]:
        """Bundled problems, easiest first."""
        return bundled()

    def extract(self, text: str, problem: Problem) -> Answer | None:
        r"""The operations of all lines, in order: the last complete ``\boxed{}`` that holds so many signs and nothing
        else, or the last statement of each numbered line.

        The key groups them by line (``+* -+``). Without a box, a line that is not stated at all, that states other
        numbers than the problem or that leaves a hole means no answer; ``text`` is then the key, and the offsets span
        the lines.
        """
        holes = parse_holes(problem.question)
        for start, end in reversed(boxes(text)):
            signs = _signs_only(text[start:end])
            if signs is not None and len(signs) == holes.slots:
                return Answer(text[start:end], _key(holes, signs), start, end)
        stated = {row.number: row for row in _rows(text, holes)}
        if len(stated) < len(holes.lines):
            return None
        key = " ".join("".join(stated[number].operations) for number in range(1, len(holes.lines) + 1))
        return Answer(key, key, min(row.start for row in stated.values()), max(row.end for row in stated.values()))

    def judge(self, answer: Answer | None, problem: Problem) -> Judgement:
        """Right when every line gives its target, whatever the gold answer says."""
        holes = parse_holes(problem.question)
        if answer is None:
            return Judgement(Verdict.WRONG, VerdictSource.EXACT, 0.0, "no answer")
        signs = _signs_only(answer.key) or ()
        missed = [
            f"({number})"
            for number, (line, operations) in enumerate(_by_line(holes, signs), start=1)
            if not line.solved_by(operations, holes.modulus)
        ]
        if not missed:
            return Judgement(Verdict.RIGHT, VerdictSource.EXACT, 1.0, "every line gives its target")
        return Judgement(Verdict.WRONG, VerdictSource.EXACT, 0.0, f"not solved: {', '.join(missed)}")

    def steps(self, text: str, problem: Problem) -> tuple[Step, ...]:
        """Every non-blank row is a step. One that states a line of the problem is right when its operations give the
        target, whatever it says of itself; its fragment is the line's number and operations (``(1) +*``)."""
        holes = parse_holes(problem.question)
        stated = {row.start: row for row in _rows(text, holes)}
        steps = []
        for found in _ROW.finditer(text, 0, min(len(text), LONGEST_TEXT)):
            if not (content := found[0].strip()):
                continue
            start = found.start() + found[0].index(content)
            row = stated.get(start)
            if row is None:
                steps.append(Step(start, start + len(content), Judgement.unknown("states no line of the problem")))
            else:
                fragment = f"({row.number}) {''.join(row.operations)}"
                steps.append(Step(start, row.end, _verdict(holes, row), fragment))
        if len(text) > LONGEST_TEXT and text[LONGEST_TEXT:].strip():
            why = f"only the first {LONGEST_TEXT:,} characters are cut into steps"
            steps.append(Step(LONGEST_TEXT, len(text), Judgement.unknown(why)))
        return tuple(steps)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of text that states a line of the problem: its operations, and the result that it wrote last, if any."""

    number: int
    operations: tuple[str, ...]
    last: int | None
    start: int
    end: int


def _rows(text: str, holes: Holes) -> list[_Row]:
    """The rows that state a line of the problem with its own numbers, a sign in every slot."""
    rows = []
    for found in _ROW.finditer(text, 0, min(len(text), LONGEST_TEXT)):
        content = found[0].strip()
        head = _NUMBERED.match(content)
        if head is None or not 1 <= int(head[1]) <= len(holes.lines):
            continue
        line = holes.lines[int(head[1]) - 1]
        read = _operations(content[head.end() : 600], line)
        if read is not None:
            start = found.start() + found[0].index(content)
            rows.append(_Row(int(head[1]), *read, start, start + len(content)))
    return rows


def _operations(text: str, line: HoleLine) -> tuple[tuple[str, ...], int | None] | None:
    """The signs before the line's own numbers, and the last result. Results after ``=`` may stand between, also
    repeated before the next sign (``8 * 7``); None if numbers or signs are other than the line's."""
    pieces = [_SIGNS.get(piece, piece) for piece in _PIECE.findall(text)]
    if not pieces or pieces[0] != str(line.numbers[0]):
        return None
    signs: list[str] = []
    last: int | None = None
    place = 1
    while place + 1 < len(pieces):
        sign, number = pieces[place], pieces[place + 1]
        if sign.isdigit() and last is not None and int(sign) == last:
            place += 1  # the result repeated
        elif not number.isdigit():
            return None
        elif sign == "=":
            last = int(number)
            place += 2
        elif sign in ("+", "-", "*") and len(signs) < len(line.signs):
            if number != str(line.numbers[len(signs) + 1]):
                return None
            signs.append(sign)
            place += 2
        else:
            break
    return (tuple(signs), last) if len(signs) == len(line.signs) else None


def _verdict(holes: Holes, row: _Row) -> Judgement:
    line = holes.lines[row.number - 1]
    value = line.results(row.operations, holes.modulus)[-1]
    slip = f", not {row.last} as written" if row.last is not None and row.last % holes.modulus != value else ""
    if line.solved_by(row.operations, holes.modulus):
        return Judgement(Verdict.RIGHT, VerdictSource.EXACT, 1.0, f"line ({row.number}) gives {value}{slip}")
    if not line.allows(row.operations):
        why = f"line ({row.number}) has other operations than the given ones"
    else:
        why = f"line ({row.number}) gives {value}{slip}; it should give {line.target}"
    return Judgement(Verdict.WRONG, VerdictSource.EXACT, 0.0, why)


def _signs_only(text: str) -> tuple[str, ...] | None:
    """The signs of a text of signs, blanks, commas and brackets; None if anything else stands there."""
    for written, sign in _SIGNS.items():
        text = text.replace(written, sign)
    signs = re.sub(r"[\s,;|()]", "", text)
    return tuple(signs) if signs and set(signs) <= set("+-*") else None


def _by_line(holes: Holes, signs: Sequence[str]) -> list[tuple[HoleLine, tuple[str, ...]]]:
    """Each line with its share of all operations."""
    found, place = [], 0
    for line in holes.lines:
        found.append((line, tuple(signs[place : place + len(line.signs)])))
        place += len(line.signs)
    return found


def _key(holes: Holes, signs: Sequence[str]) -> str:
    return " ".join("".join(operations) for _, operations in _by_line(holes, signs))


def _solves(holes: Holes, signs: Sequence[str]) -> bool:
    return len(signs) == holes.slots and all(
        line.solved_by(operations, holes.modulus) for line, operations in _by_line(holes, signs)
    )


HOLES = HolesTask()
