r"""The text task: any question, with an optional gold answer that answers are compared with.

Compared by normalised text and by exact numbers (``0.5`` is ``1/2``, ``1,000`` is ``1000``), never by evaluating
anything: mathematical equivalence is not this task's. Without a gold answer every verdict is unknown.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from ..core.chain import Answer, Judgement, Step, Verdict, VerdictSource
from ..core.errors import InvalidProblem
from ..core.problem import Problem
from ..core.prompts import PromptParts
from .reading import answer_lines, boxes, trim

LONGEST_ANSWER = 2_000
"""Characters of an answer that are compared; a longer one is compared by its beginning and its SHA-256."""

LONGEST_NUMBER = 100
"""Digits; a longer number is compared as text."""

LONGEST_TEXT = 500_000
"""Characters that are cut into steps; what follows them is one step."""


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
        if problem.gold is not None and not answer_key(problem.gold):
            raise InvalidProblem(f"the gold answer {problem.gold!r} is empty; write one, or leave it out")

    def problems(self) -> Sequence[Problem]:
        """Six short questions, easiest first."""
        return BUNDLED

    def extract(self, text: str, problem: Problem) -> Answer | None:  # noqa: ARG002
        r"""The last complete ``\boxed{}``, else the last line like ``Answer: 70``, else a last line that is nothing but
        a number or one emphasised stretch (``**70**``). Anything else is an abstention."""
        for start, end in reversed(boxes(text)):
            if key := answer_key(text[start:end]):
                return Answer(text[start:end], key, start, end)
        for start, end in reversed(answer_lines(text)):
            start, end = _first_sentence(text, start, end)
            if key := answer_key(text[start:end]):
                return Answer(text[start:end], key, start, end)
        start, end = _last_line(text)
        if _LONE_ANSWER.fullmatch(text[start:end]) and (key := answer_key(text[start:end])):
            return Answer(text[start:end], key, start, end)
        return None

    def judge(self, answer: Answer | None, problem: Problem) -> Judgement:
        """Compared with the gold answer; unknown when there is none."""
        if problem.gold is None:
            return Judgement.unknown("no gold answer is known")
        if answer is None:
            return Judgement(
                Verdict.WRONG, VerdictSource.REFERENCE, 0.0, f"no answer; the gold answer is {_shown(problem)}"
            )
        if answer.key == answer_key(problem.gold):
            return Judgement(Verdict.RIGHT, VerdictSource.REFERENCE, 1.0, f"equals the gold answer {_shown(problem)}")
        return Judgement(Verdict.WRONG, VerdictSource.REFERENCE, 0.0, f"differs from the gold answer {_shown(problem)}")

    def steps(self, text: str, problem: Problem) -> tuple[Step, ...]:  # noqa: ARG002
        """Lines, cut further at sentence ends. Every verdict is unknown: nothing here can check a step."""
        unknown = Judgement.unknown("nothing can check a step of this problem")
        steps: list[Step] = []
        read = min(len(text), LONGEST_TEXT)
        for line in _LINE.finditer(text, 0, read):
            starts = [line.start()]
            for gap in _SENTENCE_GAP.finditer(text, line.start(), line.end()):
                if not _LIST_MARK.fullmatch(text[starts[-1] : gap.start()][:12]):
                    starts.append(gap.end())
            for start, end in zip(starts, [*starts[1:], line.end()], strict=True):
                start, end = trim(text, start, end)
                if start < end:
                    steps.append(Step(start, end, unknown))
        start, end = trim(text, read, len(text))
        if start < end:
            steps.append(Step(start, end, unknown))
        return tuple(steps)


_LINE = re.compile(r"[^\r\n]+")
_SENTENCE_GAP = re.compile(r"(?<=[.!?])[ \t]+(?=[A-ZÀ-Þ0-9(\[$\\\"'“*])")
_LIST_MARK = re.compile(r"\s*(?:\d{1,3}|[A-Za-z])[.)]")
_LONE_ANSWER = re.compile(
    r"(?!\d{1,3}[.)]$)[-−+$\\(]{0,4}\d[\d,./]{0,200}[)$\\.]{0,4}|\*\*[^*\n]{1,200}\*\*[.]?|\$[^$\n]{1,200}\$[.]?"
)


def _first_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """``70. This is because …`` without its explanation and its full stop."""
    gap = _SENTENCE_GAP.search(text, start, end)
    start, end = trim(text, start, gap.start() if gap else end)
    while end > start and (text[end - 1] in ".*_" or (text[end - 1] == "!" and not text[end - 2].isdigit())):
        end -= 1
    return start, end


def _last_line(text: str) -> tuple[int, int]:
    end = len(text.rstrip())
    return trim(text, text.rfind("\n", max(0, end - 500), end) + 1, end)


def _shown(problem: Problem) -> str:
    gold = " ".join((problem.gold or "").split())
    return repr(gold if len(gold) <= 60 else gold[:59] + "…")


_WRAPPED = re.compile(r"\\(?:boxed|fbox|text|textbf|mathrm|mathbf)\s{0,4}\{([^{}]*)\}")
_DROPPED = re.compile(r"\*\*|__|`|\\[()\[\],;:! ]|\\(?:left|right|displaystyle)(?![a-zA-Z])|\$")
_NUMBER = re.compile(r"([+-]?)(?:([0-9]+(?:,[0-9]{3})*)(?:\.([0-9]*))?|\.([0-9]+))")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")
_FRACTION = re.compile(r"([+-]?)\\[dt]?frac\s{0,4}\{\s*([+-]?[0-9]+)\s*\}\s{0,4}\{\s*([0-9]+)\s*\}")
_QUOTIENT = re.compile(r"([+-]?[0-9]+)\s{0,4}/\s{0,4}([0-9]+)")


def answer_key(text: str) -> str:
    """The canonical form of an answer; answers are equal exactly when their keys are. ``""`` for nothing.

    Numbers (integers, decimals, thousands with commas, quotients, ``\\frac``) become an exact fraction in lowest
    terms; everything else becomes its text without markup, in small letters, blanks as one space, no full stop at
    the end. No number of more than LONGEST_NUMBER digits is read as one, and nothing is evaluated.
    """
    whole = text
    text = unicodedata.normalize("NFC", text[:LONGEST_ANSWER]).translate(_SIGNS)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    text = _WRAPPED.sub(r"\1", text)
    text = _DROPPED.sub("", text)
    text = " ".join(text.split()).rstrip(".").strip().casefold()
    if (number := _exact(text)) is not None:
        return str(number)
    if len(whole) > LONGEST_ANSWER:
        return f"{text[:60]} sha256:{hashlib.sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()}"
    return text


_SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-", "\u00a0": " ", "\u202f": " ", "’": "'"})


def _exact(text: str) -> Fraction | None:
    """The number that the whole text is, or None."""
    if len(text) > LONGEST_NUMBER + 20:
        return None
    if (found := _FRACTION.fullmatch(text)) is not None:
        sign, top, bottom = found.groups()
    elif (found := _QUOTIENT.fullmatch(text)) is not None:
        sign, top, bottom = "", found[1], found[2]
    elif (found := _NUMBER.fullmatch(text)) is not None:
        sign, units, decimals = found[1], found[2] or "0", found[3] or found[4] or ""
        if not _GROUPED.fullmatch(units):
            return None
        top, bottom = units.replace(",", "") + decimals, "1" + "0" * len(decimals)
    else:
        return None
    if int(bottom) == 0:
        return None
    number = Fraction(int(top), int(bottom))
    return -number if sign == "-" else number


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
