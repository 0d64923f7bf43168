r"""The text task: any question, with an optional gold answer that answers are compared with.

Compared by normalised text and by exact numbers (``0.5`` is ``1/2``, ``1,000`` is ``1000``, and ``75 rolls`` is 75
where gold is), never by evaluating anything: mathematical equivalence is not this task's. Without a gold answer every
verdict is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..core.chain import Answer, Judgement, Step, Verdict, VerdictSource
from ..core.errors import InvalidProblem
from ..core.problem import Problem
from ..core.prompts import PromptParts
from .denials import abstains
from .equivalence import shown
from .reading import final_answers
from .segments import stated_steps
from .wording import gold_key, key_beside


class TextTask:
    r"""A question in words, answered in ``\boxed{}`` or on the last line."""

    name = "text"
    title = "Question in words"

    def parts(self, problem: Problem) -> PromptParts:  # noqa: ARG002
        return PromptParts(
            noun="problem", answer_hint="On the last line write the final answer, and nothing else, as \\boxed{answer}."
        )

    def check(self, problem: Problem) -> None:
        """Raise InvalidProblem when a gold answer is given that says nothing."""
        if problem.gold is not None and not gold_key(problem.gold):
            raise InvalidProblem(f"the gold answer {problem.gold!r} is empty; write one, or leave it out")

    def problems(self) -> Sequence[Problem]:
        """Six short questions, easiest first."""
        return BUNDLED

    def extract(self, text: str, problem: Problem) -> Answer | None:
        r"""The last complete ``\boxed{}``, else the last line like ``Answer: 70``, else a last line that is nothing but
        a number or one emphasised stretch (``**70**``), else a text of one word. Anything else is an abstention, and so
        is one in words (``I do not know``) where gold is none. The key is gold's where the two say the same."""
        for start, end in _places(text):
            stretch = text[start:end]
            if not (key := key_beside(stretch, problem.gold, problem.question)):
                continue
            if abstains(stretch) and (problem.gold is None or key != gold_key(problem.gold)):
                return None
            return Answer(stretch, key, start, end)
        return None

    def judge(self, answer: Answer | None, problem: Problem) -> Judgement:
        """Compared with the gold answer; unknown when there is none."""
        if problem.gold is None:
            return Judgement.unknown("no gold answer is known")
        gold = shown(problem.gold)
        if answer is None:
            return Judgement(Verdict.WRONG, VerdictSource.REFERENCE, 0.0, f"no answer; the gold answer is {gold}")
        if answer.key == gold_key(problem.gold):
            return Judgement(Verdict.RIGHT, VerdictSource.REFERENCE, 1.0, f"equals the gold answer {gold}")
        return Judgement(Verdict.WRONG, VerdictSource.REFERENCE, 0.0, f"differs from the gold answer {gold}")

    def steps(self, text: str, problem: Problem) -> tuple[Step, ...]:  # noqa: ARG002
        """Lines, sentences, formulas and code blocks; the fragment of a step is the equation that it states. Wrong is
        one that fails by itself; nothing here can say that a step is right."""
        return stated_steps(text)


_ONE_WORD = re.compile(r"\s{0,20}([A-Za-zÀ-ɏ]{3,40}|[一-鿿]{2,4})[.!。！]?\s{0,20}")


def _places(text: str) -> Iterator[tuple[int, int]]:
    yield from final_answers(text)
    if len(text) <= 100 and (word := _ONE_WORD.fullmatch(text)) is not None and word[1].lower() not in _NO_ANSWERS:
        yield word.span(1)


_NO_ANSWERS = frozenset({"sorry", "unsure", "okay", "hello", "thanks", "answer", "sure", "hmm"})

BUNDLED = (
    Problem(
        "text",
        "A baker fills 7 trays with 12 rolls each and then drops 9 rolls. How many rolls are left?",
        "75",
        "Rolls on trays",
    ),
    Problem(
        "text",
        "A train leaves at 13:50 and arrives at 16:25 on the same day. How many minutes does the journey take?",
        "155",
        "A train journey",
    ),
    Problem("text", "Today is a Tuesday. Which day of the week is it in 100 days?", "Thursday", "In a hundred days"),
    Problem(
        "text",
        "What is the sum of all whole numbers from 1 to 40 that are divisible by 3 or by 5?",
        "408",
        "Multiples of 3 or 5",
    ),
    Problem(
        "text",
        "In how many ways can 30 cents be paid with coins of 5, 10 and 20 cents, if the order does not matter?",
        "6",
        "Paying thirty cents",
    ),
    Problem(
        "text",
        "A fair die is rolled twice. What is the probability that the second roll is higher than the first? "
        "Write it as a fraction.",
        "5/12",
        "Two rolls of a die",
    ),
)

TEXT = TextTask()
