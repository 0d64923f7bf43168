r"""The synthetic reasoner as a judge of steps: a simulation that works the program again, with slips of its own.

It reads the prompt's text alone: the question, and each step's stated value. It does not know which steps are right,
and is mistaken where its own arithmetic is; docs/synthetic-reasoner.md says how. Knows no verdict but its own.
"""

from __future__ import annotations

import re

from ..core.errors import InvalidProblem
from ..core.judge_prompts import read_judge_prompt
from ..core.program import Program, parse_program
from .arithmetic import Arithmetic
from .knobs import Knobs
from .synthetic import read_candidate, stream

_BOX = re.compile(r"\\boxed\{\s*(-?\d{1,12})\s*\}")
CANNOT_JUDGE = "I can only work through programs of modular arithmetic"


def judge(prompt: str, knobs: Knobs, *, temperature: float = 0.0, seed: int = 0) -> str | None:
    """The verdicts that answer a prompt for verdicts on steps; None for any other prompt.

    The same prompt, knobs, temperature and seed give the same text on every machine; at the temperature 0 the seed is
    ignored. Of a question that is no program every step is unknown.
    """
    asked = read_judge_prompt(prompt)
    if asked is None:
        return None
    rng = stream("judge", seed if temperature > 0 else "greedy", prompt)
    if rng.random() < knobs.empty:
        return ""
    try:
        program = parse_program(asked.question)
    except InvalidProblem:
        return "\n".join(f"{number}: unknown – {CANNOT_JUDGE}" for number in range(1, len(asked.steps) + 1))
    judging = _Judging(program, Arithmetic(program.modulus, knobs, temperature, rng))
    return "\n".join(f"{number}: {judging.of(step)}" for number, step in enumerate(asked.steps, start=1))


class _Judging:
    """Goes through the steps in order and remembers what it takes each name to be."""

    def __init__(self, program: Program, arithmetic: Arithmetic) -> None:
        self.program = program
        self.arithmetic = arithmetic
        self.mine = dict(program.inputs)

    def of(self, step: str) -> str:
        stated = [(name, one.result.value) for name, one in read_candidate(step, self.program).items()]
        if not stated and (box := _BOX.search(step)) is not None:
            stated = [(self.program.asked, int(box[1]) % self.program.modulus)]
        if not stated:
            return "unknown – states no value"
        name, value = stated[-1]
        return self._checked(name, value)

    def _checked(self, name: str, value: int) -> str:
        """Computed again where it was not before; only two computations that agree overrule what is stated."""
        if name not in self.mine:
            first = self._computed(name)
            if first != value:
                again = self._computed(name)
                if again != value and again != first:
                    self.mine[name] = value
                    return f"unknown – I get {first} and then {again}"
                first = again
            self.mine[name] = first
        mine = self.mine[name]
        return f"right – {name} is {mine}" if mine == value else f"wrong – I get {name} = {mine}"

    def _computed(self, name: str) -> int:
        """One computation of a name, from what it takes its operands to be; those that no step stated it works out."""
        for line in self.program.lines:
            if line.name == name:
                left, right = self.mine[line.left], self.mine[line.right]
                return self.arithmetic.compute(line.operation, left, right).value
            if line.name not in self.mine:
                left, right = self.mine[line.left], self.mine[line.right]
                self.mine[line.name] = self.arithmetic.compute(line.operation, left, right).value
        raise KeyError(name)
