r"""The synthetic reasoner asked about one candidate: a simulation that looks for slips, or writes down the results.

It reads the prompt's text alone, like the rest of the simulation, and errs at rates of its own: it reads over lines,
and computes with slips. docs/synthetic-reasoner.md gives the rules. Knows no verdict and no task.
"""

from __future__ import annotations

import re

from ..core.aside import AsideKind
from ..core.errors import InvalidProblem
from ..core.program import Program, parse_program
from .arithmetic import Arithmetic
from .asked import asked_about
from .knobs import Knobs
from .synthetic import CANNOT, read_candidate, stream

NOTHING = "The candidate states no result."

_BOX = re.compile(r"\\boxed\{\s*(-?\d{1,12})\s*\}")


def about(prompt: str, knobs: Knobs, *, temperature: float = 1.0, seed: int = 0) -> str | None:
    """The text that answers a question about one candidate: "True" or "False", or a summary; None for any other prompt.

    ``asked_about`` says which prompts are such questions. The same prompt, knobs, temperature and seed give the same
    text on every machine; at the temperature 0 the seed is ignored.
    """
    asked = asked_about(prompt)
    if asked is None:
        return None
    try:
        program = parse_program(asked.question)
    except InvalidProblem:
        return CANNOT
    rng = stream("about", seed if temperature > 0 else "greedy", prompt)
    if rng.random() < knobs.empty:
        return ""
    arithmetic = Arithmetic(program.modulus, knobs, temperature, rng)
    if asked.kind is AsideKind.VERIFY:
        return str(_holds(asked.candidate, program, arithmetic))
    return _summary(asked.candidate, program, arithmetic)


def _holds(candidate: str, program: Program, arithmetic: Arithmetic) -> bool:
    """Whether it finds nothing wrong, going through the candidate line by line.

    With the probability *oversight* it reads over a line, whatever stands there. A line that uses another number than
    the candidate has by then is wrong; so is one against which two of its own computations agree. A line that is not
    there it computes. At the end it compares the answer with what the asked line says.
    """
    boxes = _BOX.findall(candidate)
    if not boxes:
        return False
    stated, values = read_candidate(candidate, program), dict(program.inputs)
    for line in program.lines:
        operands = (values[line.left], values[line.right])
        said = stated.get(line.name)
        if said is None:
            values[line.name] = arithmetic.compute(line.operation, *operands).value
            continue
        values[line.name] = said.result.value
        if arithmetic.rng.random() < arithmetic.knobs.oversight:
            continue
        if said.operands not in (None, operands):
            return False
        first = arithmetic.compute(line.operation, *operands).value
        if first != said.result.value and arithmetic.compute(line.operation, *operands).value == first:
            return False
    return int(boxes[-1]) % program.modulus == values[program.asked]


def _summary(candidate: str, program: Program, arithmetic: Arithmetic) -> str:
    """The results that the candidate states, without how they came about, and its answer; each is copied, and
    miscopied with the probability *miscopy*."""
    stated = read_candidate(candidate, program)
    rows = [
        f"{line.name} = {arithmetic.copy(stated[line.name].result).value}"
        for line in program.lines
        if line.name in stated
    ]
    if boxes := _BOX.findall(candidate):
        rows.append(f"\\boxed{{{boxes[-1]}}}")
    return "\n".join(rows) or NOTHING
