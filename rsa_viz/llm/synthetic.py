r"""The synthetic reasoner: a simulation, no language model.

It works from the prompt's text alone: reads the question as a program, reads the candidates if there are any, and
writes one line a step with slips that carry forward. Its rules stand in docs/synthetic-reasoner.md. Knows neither
tasks nor verdicts nor LiteLLM: it cannot tell whether it is right.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.errors import InvalidProblem
from ..core.program import Program, ProgramLine, parse_program
from .arithmetic import Arithmetic, Result
from .knobs import Knobs

CANNOT = (
    "I am a simulation, not a language model: I can only work through programs of modular arithmetic, and I cannot "
    "read one in this question. I give no answer."
)

_BLOCK = re.compile(r"^-{2,8} ?Solution \d{1,6} ?-{2,8}[ \t]*$", re.MULTILINE | re.IGNORECASE)
_STATED = re.compile(r"^[^\w\n]{0,12}([a-z])\W{0,12}[=≡]([^\n]{1,300})$", re.MULTILINE)
_OPERATION = re.compile(r"\s*(-?\d{1,9})\s*[-+*×·−]\s*(-?\d{1,9})\s*")
_NUMBER = re.compile(r"\s*-?\d{1,12}\s*")
_TOKEN = re.compile(r"\s*(?:\d{1,3}|[^\W\d_]+|\S)|\s+$")


def tokens(text: str) -> list[str]:
    """The simulation's own tokens: a word, up to three digits or one sign, each with the blanks before it.

    Joined they are the text again.
    """
    return _TOKEN.findall(text)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a candidate says of one line: the operands that it used, if it wrote them, and its result."""

    operands: tuple[int, int] | None
    result: Result


def reason(prompt: str, knobs: Knobs, *, temperature: float = 1.0, seed: int = 0) -> str:
    """The text that answers a prompt.

    The same prompt, knobs, temperature and seed give the same text on every machine. At the temperature 0 the seed
    is ignored; otherwise slips grow with (1 + temperature) / 2. A prompt without a program gets CANNOT.
    """
    question, candidates = read_prompt(prompt)
    try:
        program = parse_program(question)
    except InvalidProblem:
        return CANNOT
    rng = stream("text", seed if temperature > 0 else "greedy", prompt)
    if rng.random() < knobs.empty:
        return ""
    return _Chain(program, candidates, Arithmetic(program.modulus, knobs, temperature, rng)).write()


def stream(*words: object) -> random.Random:
    """The random stream that these words name."""
    named = "|".join(map(str, ("synthetic/1", *words))).encode("utf-8", "surrogatepass")
    return random.Random(int.from_bytes(hashlib.sha256(named).digest(), "big"))


def read_prompt(prompt: str) -> tuple[str, list[str]]:
    """The question, which is all that stands before the first candidate, and the candidates in prompt order."""
    marks = list(_BLOCK.finditer(prompt))
    if not marks:
        return prompt, []
    ends = [*(mark.start() for mark in marks[1:]), len(prompt)]
    return prompt[: marks[0].start()], [prompt[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]


def read_candidate(text: str, program: Program) -> dict[str, Stated]:
    """What a candidate states, by name; the last statement of a name counts. Lines that state nothing are skipped."""
    found: dict[str, Stated] = {}
    names = {line.name for line in program.lines}
    for match in _STATED.finditer(text):
        if match[1] not in names:
            continue
        operands: tuple[int, int] | None = None
        numbers: list[int] = []
        for side in re.split("[=≡]", re.sub(r"\(mod \d+\)", "", match[2])):
            if (written := _OPERATION.fullmatch(side)) is not None and operands is None:
                operands = int(written[1]), int(written[2])
            elif _NUMBER.fullmatch(side) is not None:
                numbers.append(int(side))
        if numbers:
            found[match[1]] = Stated(operands, Result(numbers[0], numbers[-1] % program.modulus))
    return found


class _Chain:
    """Writes one chain, line by line."""

    def __init__(self, program: Program, candidates: Sequence[str], arithmetic: Arithmetic) -> None:
        self.program = program
        self.candidates = [read_candidate(text, program) for text in candidates]
        self.arithmetic = arithmetic
        self.knobs = arithmetic.knobs
        self.rng = arithmetic.rng
        self.mine = dict(program.inputs)
        self.rows: list[str] = []

    def write(self) -> str:
        count = len(self.candidates)
        if count > 1:
            self.rows.append(f"I compare the {count} candidates line by line.")
        elif count == 1:
            self.rows.append("I go through the candidate line by line.")
        else:
            self.rows.append(f"I work modulo {self.program.modulus}, one line at a time.")
        for line in self.program.lines:
            result = self._line(line)
            self.mine[line.name] = result.value
            self.rows.append(self._row(line, result))
        if self.rng.random() < self.knobs.abstain:
            self.rows.append("I am not sure enough to give an answer.")
        else:
            self.rows.append(f"\\boxed{{{self.mine[self.program.asked]}}}")
        return "\n".join(self.rows)

    def _line(self, line: ProgramLine) -> Result:
        """The line's result: kept where the usable candidates agree, settled where they differ, else computed.

        A candidate is usable for a line when it used the operands that this chain has.
        """
        operands = (self.mine[line.left], self.mine[line.right])
        usable = [
            stated.result
            for candidate in self.candidates
            if (stated := candidate.get(line.name)) is not None and stated.operands in (None, operands)
        ]
        if not usable:
            return self._compute(line)
        if len({result.value for result in usable}) == 1:
            return self._keep(line, usable)
        return self._settle(line, usable)

    def _compute(self, line: ProgramLine) -> Result:
        return self.arithmetic.compute(line.operation, self.mine[line.left], self.mine[line.right])

    def _keep(self, line: ProgramLine, usable: list[Result]) -> Result:
        """Copied; rechecked the less often, the more candidates agree. Two computations overrule the candidates."""
        kept = self._one_of(usable)
        if self.rng.random() < self.knobs.recheck / len(usable):
            first = self._compute(line)
            if first.value != kept.value and self._compute(line).value == first.value:
                self.rows.append(f"I checked {line.name} twice and do not get {kept.value}.")
                return first
            return kept
        return self.arithmetic.copy(kept)

    def _settle(self, line: ProgramLine, usable: list[Result]) -> Result:
        """Computed again, twice if no candidate has the result; an overlooked difference goes to the most common."""
        counts = Counter(result.value for result in usable)
        if self.rng.random() < self.knobs.oversight:
            most = max(counts.values())
            common = [result for result in usable if counts[result.value] == most]
            return self.arithmetic.copy(self._one_of(common))
        self.rows.append(f"The candidates differ on {line.name}, so I compute it again.")
        result = self._compute(line)
        return result if result.value in counts else self._compute(line)

    def _one_of(self, results: list[Result]) -> Result:
        return results[int(self.rng.random() * len(results))]

    def _row(self, line: ProgramLine, result: Result) -> str:
        left, right = self.mine[line.left], self.mine[line.right]
        row = (
            f"{line.name} = {line.left} {line.operation} {line.right} = {left} {line.operation} {right} = {result.raw}"
        )
        return row if result.raw == result.value else f"{row} ≡ {result.value} (mod {self.program.modulus})"
