r"""The program task: straight-line programs of modular arithmetic, whose every step can be checked exactly.

Its grammar is ``core.program``. The program's own value decides every verdict, also when no gold answer is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..core.chain import Answer, Judgement, Step, Verdict, VerdictSource
from ..core.errors import InvalidProblem
from ..core.problem import Problem
from ..core.program import Program, ProgramLine, apply, parse_program
from ..core.prompts import PromptParts
from .program_problems import bundled
from .reading import answer_lines, boxes, trim
from .statements import Equality, equalities

LONGEST_TEXT = 200_000
"""Characters that are cut into steps; what follows them is one step of unknown verdict."""

_LINE = re.compile(r"[^\r\n]+")
_EQUALS = re.compile(r"[=≡≅]|\\equiv|\\cong|equals")
_SHOWN = {"+": "+", "-": "-", "*": "×"}


class ProgramTask:
    r"""Programs of modular arithmetic, answered by an integer in ``\boxed{}``."""

    name = "program"
    title = "Modular arithmetic"

    def parts(self, problem: Problem) -> PromptParts:  # noqa: ARG002
        return PromptParts(
            noun="modular arithmetic problem",
            answer_hint="On the last line write the final answer as \\boxed{value}.",
        )

    def check(self, problem: Problem) -> None:
        """Raise InvalidProblem if the question is no program, or if the gold answer is not the program's value."""
        program = parse_program(problem.question)
        if problem.gold is None:
            return
        true = program.values()[program.asked]
        gold = _read_integer(problem.gold, _names(program))
        if gold is None:
            raise InvalidProblem(f"the gold answer {problem.gold!r} is no integer; the program gives {true}")
        if gold % program.modulus != true:
            raise InvalidProblem(
                f"the gold answer {problem.gold!r} contradicts the program, which gives {program.asked} = {true} "
                f"modulo {program.modulus}; correct it or leave it out"
            )

    def problems(self) -> Sequence[Problem]:
        """Fifteen programs, easiest first."""
        return bundled()

    def extract(self, text: str, problem: Problem) -> Answer | None:
        r"""The answer of a text: its last complete ``\boxed{}`` that holds one integer, else the last line like
        ``answer is 55``, else the last value stated for the name that is asked for.

        A value whose last digit ends the text is taken from a box or an answer line only: elsewhere the text may have
        been cut in the middle of the number. The key is the integer reduced modulo the modulus.
        """
        program = parse_program(problem.question)
        names = _names(program)
        for start, end in reversed(boxes(text)):
            if (value := _read_integer(text[start:end], names)) is not None:
                return Answer(text[start:end], str(value % program.modulus), start, end)
        for start, end in reversed(answer_lines(text)):
            first = next(equalities(text, names, start, end), None)
            if first is not None and (value := first.value) is not None:
                return Answer(text[first.start : first.end], str(value % program.modulus), first.start, first.end)
        for start, end in _lines_from_the_end(text):
            for equality in reversed(list(equalities(text, names, start, end))):
                value = equality.value
                if equality.sides[0].name == program.asked and value is not None and equality.value_end < len(text):
                    return Answer(
                        text[equality.start : equality.end],
                        str(value % program.modulus),
                        equality.start,
                        equality.end,
                    )
        return None

    def judge(self, answer: Answer | None, problem: Problem) -> Judgement:
        """Right or wrong by the program's own value, whatever the gold answer says."""
        program = parse_program(problem.question)
        true = program.values()[program.asked]
        if answer is None:
            return Judgement(Verdict.WRONG, VerdictSource.EXACT, 0.0, f"no answer; the program gives {true}")
        if answer.key == str(true):
            return Judgement(Verdict.RIGHT, VerdictSource.EXACT, 1.0, f"the program gives {true}")
        return Judgement(Verdict.WRONG, VerdictSource.EXACT, 0.0, f"the program gives {true}, not {answer.key}")

    def steps(self, text: str, problem: Problem) -> tuple[Step, ...]:
        """Every non-blank line is a step; a line that states several values is cut before each further one.

        A step that states ``name = … = value`` is right exactly when the value is the program's, modulo the modulus;
        a wrong one says whether it is an own slip or carried over from a wrong operand. A line with the boxed answer
        states the value of the name that is asked for. Steps that state no value
        are unknown, and so is a wrong value that ends the text, which may have been cut in the number.
        """
        program = parse_program(problem.question)
        judge = _StepJudge(program, len(text))
        names = _names(program)
        steps: list[Step] = []
        carried: Equality | None = None  # an equality that the next line may go on with
        read = min(len(text), LONGEST_TEXT)
        for line in _LINE.finditer(text, 0, read):
            start, end = trim(text, line.start(), line.end())
            if start == end:
                continue
            if _EQUALS.search(text, start, end) is None:
                carried = None
                steps.append(judge.unstated(start, end, text))
                continue
            found = list(equalities(text, names, start, end))
            if found and found[0].continues:
                if carried is not None and text[start : found[0].start].strip(" \t&$\\>-*") == "":
                    found[0].sides = carried.sides + found[0].sides
                else:
                    del found[0]
            carried = found[-1] if found and found[-1].sides[0].name in names else None
            stated = [
                one for one in found if one.sides[0].name in names and one.value is not None and one.value_end > 0
            ]
            if not stated:
                steps.append(judge.unstated(start, end, text))
                continue
            cuts = [start, *(one.start for one in stated[1:]), end]
            for index in range(len(cuts) - 1):
                piece_start, piece_end = trim(text, cuts[index], cuts[index + 1])
                steps.append(judge.step(piece_start, piece_end, stated[index]))
        start, end = trim(text, read, len(text))
        if start < end:
            why = f"only the first {LONGEST_TEXT:,} characters are cut into steps"
            steps.append(Step(start, end, Judgement.unknown(why)))
        return tuple(steps)


class _StepJudge:
    """Judges the steps of one text in order, remembering what the text stated so far."""

    def __init__(self, program: Program, text_length: int) -> None:
        self.program = program
        self.text_length = text_length
        self.true = program.values()
        self.lines = {line.name: line for line in program.lines}
        self.stated: dict[str, int] = {}

    def step(self, start: int, end: int, equality: Equality) -> Step:
        if equality.value is None:
            return Step(start, end, Judgement.unknown("states no value of the program"))
        name = equality.sides[0].name or ""
        value = equality.value % self.program.modulus
        fragment = f"{name}={value}"
        if value == self.true[name]:
            judgement = Judgement(Verdict.RIGHT, VerdictSource.EXACT, 1.0, f"{name} is {value}")
        elif equality.value_end >= self.text_length:
            return Step(start, end, Judgement.unknown("the text ends here; the number may be cut"))
        else:
            why = f"{name} is {self.true[name]}, not {value}: {self._why(name, value, equality)}"
            judgement = Judgement(Verdict.WRONG, VerdictSource.EXACT, 0.0, why)
        self.stated[name] = value
        return Step(start, end, judgement, fragment)

    def unstated(self, start: int, end: int, text: str) -> Step:
        """A line without ``name = value``. If its last box holds one integer, that is the asked name's value, and no
        slip if the text got it before; else the line states nothing."""
        line = text[start:end]
        held = [_read_integer(line[a:b], frozenset(self.true)) for a, b in (boxes(line) if "box" in line else ())]
        if not held or held[-1] is None:
            return Step(start, end, Judgement.unknown("states no value of the program"))
        name, value = self.program.asked, held[-1] % self.program.modulus
        if value == self.true[name]:
            judgement = Judgement(Verdict.RIGHT, VerdictSource.EXACT, 1.0, f"{name} is {value}")
        else:
            carried = self.stated.get(name) == value
            why = "carried over from its line" if carried else "own slip, it is not what the text got"
            judgement = Judgement(
                Verdict.WRONG, VerdictSource.EXACT, 0.0, f"{name} is {self.true[name]}, not {value}: {why}"
            )
        return Step(start, end, judgement, f"{name}={value}")

    def _why(self, name: str, value: int, equality: Equality) -> str:
        """Own slip or carried over. Carried: the operation holds for its operands, but one of them is wrong."""
        line = self.lines.get(name)
        if line is None:
            return f"own slip, the question gives {name} = {self.true[name]}"
        left, operation, right = self._operands(line, equality)
        modulus = self.program.modulus
        if apply(operation, left, right, modulus) != value:
            shown = f"{left} {_SHOWN[operation]} {right}"
            return f"own slip, {shown} is {apply(operation, left, right, modulus)} modulo {modulus}"
        if operation != line.operation:
            return f"own slip, the question says {line.left} {_SHOWN[line.operation]} {line.right}"
        wrong = [(who, is_) for who, is_ in ((line.left, left), (line.right, right)) if is_ != self.true[who]]
        miscopied = [(who, is_) for who, is_ in wrong if is_ != self.stated.get(who, self.true[who])]
        if miscopied:
            who, is_ = miscopied[0]
            return f"own slip, {who} was {self.stated.get(who, self.true[who])} and is written as {is_}"
        return "carried over from " + " and ".join(f"{who} = {is_} (right is {self.true[who]})" for who, is_ in wrong)

    def _operands(self, line: ProgramLine, equality: Equality) -> tuple[int, str, int]:
        """The operation as carried out, modulo the modulus: as written, else with the operands stated before."""
        modulus = self.program.modulus
        before = tuple(self.stated.get(who, self.true[who]) for who in (line.left, line.right))
        if equality.operation is None:
            return before[0], line.operation, before[1]
        left, operation, right = equality.operation
        written = (left % modulus, right % modulus)
        if operation in "+*" and _agreeing(written[::-1], before) > _agreeing(written, before):
            written = written[::-1]  # b * a for a * b
        return written[0], operation, written[1]


def _agreeing(written: tuple[int, ...], before: tuple[int, ...]) -> int:
    return sum(one == other for one, other in zip(written, before, strict=True))


def _names(program: Program) -> frozenset[str]:
    return frozenset(program.values())


def _read_integer(text: str, names: frozenset[str]) -> int | None:
    """The one integer that a short text states (``55``, ``d = 55``, ``55 (mod 97)``), or None."""
    found = list(equalities(text, names))
    return found[0].value if len(found) == 1 else None


def _lines_from_the_end(text: str) -> Iterator[tuple[int, int]]:
    """The lines of the text's last 20,000 characters, last first."""
    end = len(text)
    lowest = max(0, end - 20_000)
    while end > lowest:
        start = max(text.rfind("\n", lowest, end) + 1, lowest)
        yield start, end
        end = start - 1


PROGRAM = ProgramTask()
