"""The gsm8k task: word problems of a few steps whose answer is one number, written after ``####``.

Gold may be the number, or a worked solution that ends with ``#### number`` or ``A: number`` as the data set has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..core.chain import Answer, Judgement, Step
from ..core.errors import InvalidProblem
from ..core.problem import Problem
from ..core.prompts import PromptParts
from .denials import abstains, is_open
from .equivalence import Kind, compare, read, shown
from .gsm8k_problems import BUNDLED
from .lone_number import concluded_number, lone_number
from .math import judged
from .reading import final_answers, last_line, trim
from .segments import stated_steps


class Gsm8kTask:
    """Word problems with whole numbers and simple fractions."""

    name = "gsm8k"
    title = "Word problems"

    def parts(self, problem: Problem) -> PromptParts:  # noqa: ARG002
        return PromptParts(
            noun="word problem",
            answer_hint='On the last line write "#### " and then the final answer as one number, without units.',
        )

    def check(self, problem: Problem) -> None:
        """Raise InvalidProblem when a gold answer is given that is no number."""
        if problem.gold is not None and _number(gold_number(problem)) is None:
            raise InvalidProblem(
                f"the gold answer {shown(problem.gold)} is no number and no solution that ends with '#### number'; "
                "write the number, or leave it out"
            )

    def problems(self) -> Sequence[Problem]:
        """Problems of our own with worked solutions, easiest first."""
        return BUNDLED

    def extract(self, text: str, problem: Problem) -> Answer | None:
        r"""The last ``\boxed{}``, ``#### 70`` or line like ``Answer: 70``; else the number that the last sentence
        concludes with. Of a longer stretch, the only number, after its last equals sign if it has any. What denies or
        only bounds its number (``at least 70``) is passed over, and so is an earlier answer of that number."""
        gold = gold_number(problem)
        passed: set[str] = set()
        for start, end in _places(text, problem.question):
            stretch = text[start:end]
            if not _PLAIN.fullmatch(stretch):
                if abstains(stretch):
                    return None
                if is_open(stretch, problem.question):
                    passed.update(_DIGITS.findall(stretch.replace(",", "")))
                    continue
                exact = read(stretch, gold).kind is Kind.EXACT and not _REMARKED.search(stretch)
                if not exact and (lone := lone_number(text, start, end)):
                    start, end = lone
            if key := compare(text[start:end], gold).key:
                return None if key in passed else Answer(text[start:end], key, start, end)
        return None

    def judge(self, answer: Answer | None, problem: Problem) -> Judgement:
        """Compared with the gold number; unknown when there is none."""
        return judged(answer, gold_number(problem))

    def steps(self, text: str, problem: Problem) -> tuple[Step, ...]:  # noqa: ARG002
        """Lines, sentences, formulas and code blocks; the fragment of a step is the equation that it states, in which
        ``X`` is ``x``. Wrong is one that fails by itself; nothing here can say that a step is right."""
        return stated_steps(text, small=True)


_MARKED = re.compile(r"^[ \t]{0,8}A:[ \t]{0,8}", re.MULTILINE)
_GOLD_MARK = re.compile(r"####|(?:\A|\n)[ \t]{0,8}A:(?=[^\n]*\Z)")
_COURTESY = re.compile(
    r"\W{0,6}(?:note\b|I hope|hope (?:this|that)|let me know|feel free|please|if you have|is there anything|注意?：)",
    re.IGNORECASE,
)
"""What a line begins with that adds nothing to the answer before it."""

_REMARKED = re.compile(r"[0-9] \([^()]{1,200}\)\W{0,4}$")
"""``24 (10 + 20 - 6)`` is no product."""

_PLAIN = re.compile(r"[-−]?(?:\\?\$)?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def gold_number(problem: Problem) -> str | None:
    """The gold answer alone, without the solution before it."""
    if problem.gold is None:
        return None
    gold = problem.gold.strip()
    marks = list(_GOLD_MARK.finditer(gold)) if "####" in gold or "A:" in gold else []
    return gold[marks[-1].end() :].strip() if marks else gold


def _number(gold: str | None) -> Fraction | None:
    """The number that gold is, or None."""
    if gold is None:
        return None
    reading = read(gold, gold)
    try:
        return Fraction(reading.key) if reading.kind is Kind.EXACT else None
    except ValueError:
        return None


def _places(text: str, question: str) -> Iterator[tuple[int, int]]:
    yield from final_answers(text)
    start, end = last_line(text)
    for _ in range(3):
        if _COURTESY.match(text, start, end) is None:
            break
        start, end = last_line(text, start)
    if (mark := _MARKED.match(text, start, end)) is not None:
        yield trim(text, mark.end(), end)
    elif lone := concluded_number(text, start, end, question):
        yield lone


GSM8K = Gsm8kTask()
