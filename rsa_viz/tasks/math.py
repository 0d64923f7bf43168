r"""The math task: a question whose answer is a number, an expression, a tuple or a set, written in ``\boxed{}``.

Right is what equals gold exactly, or by math-verify where an answer cannot be read exactly. For AIME, HMMT and any set
of problems with such answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core.chain import Answer, Judgement, Step, Verdict, VerdictSource
from ..core.errors import InvalidProblem
from ..core.problem import Problem
from ..core.prompts import PromptParts
from .equivalence import Kind, compare, read, shown
from .math_problems import BUNDLED
from .reading import final_answers, overlong_box
from .segments import stated_steps


class MathTask:
    """Competition mathematics."""

    name = "math"
    title = "Mathematics"

    def parts(self, problem: Problem) -> PromptParts:  # noqa: ARG002
        return PromptParts(
            noun="math problem", answer_hint="At the end, write the final answer, and nothing else, as \\boxed{answer}."
        )

    def check(self, problem: Problem) -> None:
        """Raise InvalidProblem when a gold answer is given that is empty, or too large to be read."""
        if problem.gold is None:
            return
        kind = read(problem.gold, problem.gold).kind
        if kind is Kind.NOTHING:
            raise InvalidProblem(f"the gold answer {problem.gold!r} is empty; write one, or leave it out")
        if kind is Kind.BEYOND:
            raise InvalidProblem(
                f"the gold answer {shown(problem.gold)} is too long, too deep or too large to be read; write it shorter"
            )

    def problems(self) -> Sequence[Problem]:
        """Problems of our own with worked solutions, easiest first."""
        return BUNDLED

    def extract(self, text: str, problem: Problem) -> Answer | None:
        r"""The last complete ``\boxed{}``, else the last line like ``Answer: 70``, else a last line that is nothing but
        a number. An answer that equals gold has gold's key; asking whether it does may take some seconds, once. A box
        that is too long to be read is the answer too: nobody can say whether it is right."""
        if (box := overlong_box(text)) is not None:
            return Answer(text[slice(*box)], compare(text[slice(*box)], problem.gold).key, *box)
        for start, end in final_answers(text):
            if key := compare(text[start:end], problem.gold).key:
                return Answer(text[start:end], key, start, end)
        return None

    def judge(self, answer: Answer | None, problem: Problem) -> Judgement:
        """Compared with the gold answer; unknown when there is none, and when the comparison came to no end."""
        return judged(answer, problem.gold)

    def steps(self, text: str, problem: Problem) -> tuple[Step, ...]:  # noqa: ARG002
        """Lines, sentences, formulas and code blocks; the fragment of a step is the equation that it states. Wrong is
        one that fails by itself; nothing here can say that a step is right."""
        return stated_steps(text)


def judged(answer: Answer | None, gold: str | None) -> Judgement:
    """The verdict on an answer by its mathematical equality with gold."""
    if gold is None:
        return Judgement.unknown("no gold answer is known")
    if answer is None:
        return Judgement(Verdict.WRONG, VerdictSource.REFERENCE, 0.0, f"no answer; the gold answer is {shown(gold)}")
    found = compare(answer.text, gold)
    if found.verdict is Verdict.UNKNOWN:
        return Judgement.unknown(found.why)
    return Judgement(found.verdict, VerdictSource.REFERENCE, float(found.verdict is Verdict.RIGHT), found.why)


MATH = MathTask()
