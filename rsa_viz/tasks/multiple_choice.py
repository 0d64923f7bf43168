r"""The multiple_choice task: a question with lettered options, answered by a letter or by an option's text.

The options are texts in ``metadata["options"]``, gold a letter or such a text. An answer names one option or none: two
letters, or a text that two options share, name none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from string import ascii_uppercase

from ..core.chain import Answer, Judgement, Step, Verdict, VerdictSource
from ..core.errors import InvalidProblem
from ..core.problem import Problem
from ..core.prompts import PromptParts
from .equivalence import answer_key, read, shown
from .multiple_choice_problems import BUNDLED
from .reading import answer_lines, boxes, first_sentence, last_line, trim
from .segments import answers_stated, stated_steps

STATED = 20
"""Only so many places where a text gives an answer are read for its steps, from the end."""


class MultipleChoiceTask:
    """One option of several."""

    name = "multiple_choice"
    title = "Multiple choice"

    def parts(self, problem: Problem) -> PromptParts:
        """The hint lists the options when the question does not."""
        hint = "At the end, write the letter of the right option, and nothing else, as \\boxed{letter}."
        options = options_of(problem)
        if not all(option in problem.question for option in options):
            hint = f"{hint}\nThe options are:\n{lettered(options)}"
        return PromptParts(noun="multiple-choice question", answer_hint=hint)

    def check(self, problem: Problem) -> None:
        """Raise InvalidProblem when the options cannot be read, or a gold answer names none or several of them."""
        options = options_of(problem)
        if problem.gold is not None and len(named(problem.gold, options)) != 1:
            last = ascii_uppercase[len(options) - 1]
            raise InvalidProblem(
                f"the gold answer {shown(problem.gold)} names no single option; write a letter from A to {last}"
            )

    def problems(self) -> Sequence[Problem]:
        """Questions of our own from several fields, easiest first."""
        return BUNDLED

    def extract(self, text: str, problem: Problem) -> Answer | None:
        r"""The last ``\boxed{}`` or line like ``Answer: B`` that names an option, else a last line that is nothing but
        one. Its key is the option's letter. None when it names several."""
        options = options_of(problem)
        for start, end in _places(text):
            if len(found := named(text[start:end], options)) == 1:
                return Answer(text[start:end], ascii_uppercase[min(found)], start, end)
            if found:
                return None
        return None

    def judge(self, answer: Answer | None, problem: Problem) -> Judgement:
        """Compared with the gold option; unknown when there is none."""
        if problem.gold is None:
            return Judgement.unknown("no gold answer is known")
        gold = "".join(ascii_uppercase[at] for at in sorted(named(problem.gold, options_of(problem))))
        if answer is None:
            return Judgement(Verdict.WRONG, VerdictSource.REFERENCE, 0.0, f"names no option; the gold answer is {gold}")
        if answer.key == gold:
            return Judgement(Verdict.RIGHT, VerdictSource.REFERENCE, 1.0, f"names the gold option {gold}")
        return Judgement(
            Verdict.WRONG, VerdictSource.REFERENCE, 0.0, f"names option {answer.key}; the gold answer is {gold}"
        )

    def steps(self, text: str, problem: Problem) -> tuple[Step, ...]:
        """Lines, sentences, formulas and code blocks; the fragment of a step is the equation that it states, or else
        the option that it gives as the answer (``answer=B``). Wrong is an equation that fails by itself; nothing here
        can say that a step is right."""
        options = options_of(problem)
        stated = ((start, named(text[start:end], options)) for start, end in islice(_places(text), STATED))
        return answers_stated(
            stated_steps(text), ((start, ascii_uppercase[min(found)]) for start, found in stated if len(found) == 1)
        )


def options_of(problem: Problem) -> tuple[str, ...]:
    """The texts of a problem's options. Raises InvalidProblem."""
    options = problem.metadata.get("options")
    if not isinstance(options, list | tuple) or not 2 <= len(options) <= len(ascii_uppercase):
        raise InvalidProblem(f'metadata["options"] must be a list of 2 to 26 texts, not {str(options)[:80]!r}')
    if not all(isinstance(option, str) and option.strip() for option in options):
        raise InvalidProblem('metadata["options"] must hold texts, none of them empty')
    return tuple(str(option) for option in options)


def lettered(options: Sequence[str]) -> str:
    """The options, one a line, each after its letter."""
    return "\n".join(f"{letter}) {option}" for letter, option in zip(ascii_uppercase, options, strict=False))


_MARKUP = re.compile(r"\\(?:text|textbf|mathrm|mathbf|boxed|fbox|mbox|bf|rm)(?![a-zA-Z])|[{}$*_`\"“”]|\\[()\[\],;:! ]")
_LETTER = re.compile(
    r"(?:(?:the )?(?:correct |right |final )?(?:option|choice|answer)(?: is)?[ :]*)?[(\[]?([A-Za-z])[)\]]?"
    r"(?: *[.:)–—-](?P<rest>.*)| +(?:is|because|since|as)\b.*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_LETTERS = re.compile(r"[(\[]?[A-Z][)\]]?(?: *(?:,|/|;|&|\+|and|or|,? and|,? or|) *[(\[]?[A-Z][)\]]?)+[.]?")
_MENTIONED = re.compile(r"\b(?:[Oo]ption|[Cc]hoice) *[(\[]?([A-Z])\b|[(\[]([A-Z])[)\]]")
_CUE = re.compile(r"\b(?:option|choice)\b[ \t*_]{0,6}(?:\bis\b|[:：])[\s*_:：]{0,8}", re.IGNORECASE)


def named(text: str, options: Sequence[str]) -> frozenset[int]:
    """Which options a stretch of text names, from 0: one, several, or none."""
    bare = " ".join(_MARKUP.sub(" ", text[:2_000]).split()).rstrip(".").strip()
    if len(bare) == 1:
        at = ascii_uppercase.find(bare.upper()) if bare.isascii() else -1
        if 0 <= at < len(options):
            return frozenset({at})
    if same := _with_text(text, options):
        return same if len(same) == 1 else frozenset()
    if _LETTERS.fullmatch(bare):
        several = {ascii_uppercase.find(letter) for letter in re.findall(r"[A-Z]", bare)}
        if max(several) < len(options):
            return frozenset(several)
    if (found := _LETTER.fullmatch(bare)) is not None and (found[1].isupper() or found.end(1) >= len(bare) - 1):
        at = ascii_uppercase.find(found[1].upper())
        other = _with_text(found["rest"] or "", options)
        if at < len(options):
            return other | {at} if other and at not in other else frozenset({at})
    mentioned = {ascii_uppercase.find(one or two) for one, two in _MENTIONED.findall(bare)}
    return frozenset(at for at in mentioned if at < len(options))


def _with_text(text: str, options: Sequence[str]) -> frozenset[int]:
    """The options whose text this is, to the letter or else as mathematics."""
    for key_of in (answer_key, lambda one: read(one).key):
        key = key_of(text)
        if key and (same := frozenset(at for at, option in enumerate(options) if key_of(option) == key)):
            return same
    return frozenset()


def _places(text: str) -> Iterator[tuple[int, int]]:
    yield from reversed(boxes(text))
    lines = answer_lines(text)
    for cue in list(_CUE.finditer(text))[-20:]:
        line_end = text.find("\n", cue.end(), cue.end() + 300)
        lines.append(trim(text, cue.end(), line_end if line_end >= 0 else cue.end() + 300))
    for start, end in sorted(lines, reverse=True):
        start, end = first_sentence(text, start, end)
        if start < end:
            yield start, end
    start, end = last_line(text)
    if _LETTER.fullmatch(" ".join(_MARKUP.sub(" ", text[start:end]).split())):
        yield start, end


MULTIPLE_CHOICE = MultipleChoiceTask()
