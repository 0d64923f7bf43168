r"""The multiple_choice task: a question with lettered options, answered by a letter or by an option's text.

The options are texts in ``metadata["options"]``, gold a letter or such a text. An answer names one option or none: two
letters, or a text that two options share, name none.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from string import ascii_uppercase

from ..core.chain import Answer, Judgement, Step, Verdict, VerdictSource
from ..core.errors import InvalidProblem
from ..core.problem import Problem
from ..core.prompts import PromptParts
from .equivalence import shown
from .multiple_choice_problems import BUNDLED
from .option_letters import denied, named, spoken_of
from .option_places import option_places
from .reading import denied_lines
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
        r"""The last ``\boxed{}`` that names an option, else the last line like ``Answer: B`` or ``B is the correct
        answer``, else the one option that is said to be correct, else a last line that is nothing but one. Its key is
        the option's letter. None when it names several, or one that a later place denies."""
        options = options_of(problem)
        passed: set[int] = set()
        denials = denied_lines(text)
        for start, end, strictly in option_places(text):
            found = named(text[start:end], options, strictly=strictly)
            later = (spoken_of(text[one:two], options) for one, two in denials if one > start)
            if len(found) == 1 and not found <= passed.union(*later):
                return Answer(text[start:end], ascii_uppercase[min(found)], start, end)
            if found:
                return None
            passed |= denied(text[start:end], options)
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
        places = islice(option_places(text), STATED)
        stated = ((start, named(text[start:end], options, strictly=strictly)) for start, end, strictly in places)
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


MULTIPLE_CHOICE = MultipleChoiceTask()
