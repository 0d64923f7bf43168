"""What a model is asked, as data: prompt sets and how they become messages.

The structure follows the paper's prompts (arXiv 2509.26626, appendix; one user message, no system message):
several candidates, some may be wrong, aggregate what is useful, choose at disagreements, a new way if all are
wrong, a format hint, the problem, the numbered candidates, one improved solution. The wording is our own.
A prompt set is stored whole with its run, so a prompt can be rebuilt exactly after the code has moved on.
Knows no task's rules: a task hands in its prompt parts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .aside import AsideKind
from .chain import PromptKind
from .errors import InvalidInput
from .problem import Problem

Messages: TypeAlias = tuple[Mapping[str, str], ...]
"""Chat messages with ``role`` and ``content``, as OpenAI's protocol has them."""


@dataclass(frozen=True, slots=True)
class PromptParts:
    """What a task adds to a prompt: what it calls its problems (``math problem``) and how to write the answer."""

    noun: str
    answer_hint: str


VERIFY = """You are given a {{noun}} and one candidate solution. Find out whether its final answer is correct.

Problem:
{{question}}

Candidate solution:

{{candidates}}

Is the final answer of this candidate solution correct? Reply with one word and nothing else: True if it is, False if
it is not or if there is no final answer.
"""

SUMMARISE = """You are given a {{noun}} and one candidate solution. Write a short summary of the candidate solution, so
that somebody who solves the problem can build on it: its approach, every intermediate result that it states, and its
final answer. Summarise what stands there and leave it as it is, mistakes included; add nothing of your own.
{{hint}}

Problem:
{{question}}

Candidate solution:

{{candidates}}

Now write the summary alone.
"""


@dataclass(frozen=True, slots=True)
class PromptSet:
    """Templates by purpose. ``{{noun}}``, ``{{hint}}``, ``{{question}}``, ``{{candidates}}`` are filled in once;
    nothing inside a filled-in text is ever read as a template.

    ``candidate`` is one numbered block with ``{{number}}`` and ``{{text}}``. ``verify`` and ``summarise`` ask about one
    chain that is done; a set that was written before there were such questions has those of the set ``plain``.
    """

    name: str
    version: int
    sample: str
    aggregate: str
    refine: str
    candidate: str
    verify: str = VERIFY
    summarise: str = SUMMARISE

    @property
    def label(self) -> str:
        """Name and version, as both are said everywhere: ``plain, version 1``."""
        return f"{self.name}, version {self.version}"

    @property
    def templates(self) -> dict[str, str]:
        """The templates by purpose, in the order of PLACEHOLDERS."""
        return {purpose: getattr(self, purpose) for purpose in PLACEHOLDERS}

    def compose(
        self, kind: PromptKind, parts: PromptParts, problem: Problem, candidates: Sequence[str] = ()
    ) -> Messages:
        """The messages of one call; candidates in prompt order.

        One candidate takes the refine wording and none the sample wording whatever ``kind`` says, because a child
        may have lost parents to failures.
        """
        if not candidates or kind is PromptKind.SAMPLE:
            template = self.sample
        elif len(candidates) == 1:
            template = self.refine
        else:
            template = self.aggregate
        return self._filled(template, parts, problem, candidates)

    def compose_aside(self, kind: AsideKind, parts: PromptParts, problem: Problem, text: str) -> Messages:
        """The messages of a call about a chain with this text, which stands in them as the only candidate."""
        return self._filled(self.templates[kind.value], parts, problem, (text,))

    def _filled(self, template: str, parts: PromptParts, problem: Problem, candidates: Sequence[str]) -> Messages:
        blocks = [
            _fill(self.candidate, {"number": str(number), "text": text.strip()})
            for number, text in enumerate(candidates, start=1)
        ]
        content = _fill(
            template,
            {
                "noun": parts.noun,
                "hint": parts.answer_hint,
                "question": problem.question.strip(),
                "candidates": "\n\n".join(blocks),
            },
        )
        return ({"role": "user", "content": content},)


def _fill(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values.get(found[1], found[0]), template)


@dataclass(frozen=True, slots=True)
class Placeholders:
    """What may stand in one template, and what of it must."""

    may: tuple[str, ...]
    must: tuple[str, ...]


PLACEHOLDERS: Mapping[str, Placeholders] = {
    "sample": Placeholders(("noun", "hint", "question"), ("question",)),
    "aggregate": Placeholders(("noun", "hint", "question", "candidates"), ("question", "candidates")),
    "refine": Placeholders(("noun", "hint", "question", "candidates"), ("question", "candidates")),
    "candidate": Placeholders(("number", "text"), ("text",)),
    "verify": Placeholders(("noun", "hint", "question", "candidates"), ("question", "candidates")),
    "summarise": Placeholders(("noun", "hint", "question", "candidates"), ("candidates",)),
}
"""The templates of a prompt set by purpose."""

LONGEST_NAME = 60
LONGEST_TEMPLATE = 100_000
"""Characters."""

_NAME = re.compile(r"[^\W_][\w .+-]*")
_WRITTEN = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def check_prompts(prompts: PromptSet) -> None:
    """Raise InvalidInput for a prompt set that cannot be what its writer means.

    That is a template without a placeholder that it must have, with one that it cannot fill in (one with blanks
    inside the braces too), or too long; or a name of other signs than letters, digits, blanks and ``. + - _``.
    """
    if (
        len(prompts.name) > LONGEST_NAME
        or _NAME.fullmatch(prompts.name) is None
        or prompts.name != prompts.name.strip()
    ):
        raise InvalidInput(
            f"{prompts.name!r} is no name of a prompt set; write up to {LONGEST_NAME} letters, digits and . + - _, "
            "beginning with a letter or a digit"
        )
    for purpose, template in prompts.templates.items():
        _check_template(purpose, template)


def _check_template(purpose: str, template: str) -> None:
    may, must = PLACEHOLDERS[purpose].may, PLACEHOLDERS[purpose].must
    known = ", ".join(f"{{{{{name}}}}}" for name in may)
    if len(template) > LONGEST_TEMPLATE:
        raise InvalidInput(
            f"the {purpose} template has {len(template):,} characters; it may have up to {LONGEST_TEMPLATE:,}"
        )
    for found in _WRITTEN.finditer(template):
        if found[1] not in may:
            raise InvalidInput(f"the {purpose} template has {found[0]}, which nothing fills in; it may have {known}")
        if found[0] != f"{{{{{found[1]}}}}}":
            raise InvalidInput(f"the {purpose} template has {found[0]}; write {{{{{found[1]}}}}}, without blanks")
    for name in must:
        if f"{{{{{name}}}}}" not in template:
            raise InvalidInput(f"the {purpose} template has no {{{{{name}}}}}; put it where that is to stand")


def prompt_sha256(messages: Messages) -> str:
    """The SHA-256 of the messages, in hex: what a rebuilt prompt is checked against."""
    content = json.dumps([dict(message) for message in messages], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


PLAIN = PromptSet(
    name="plain",
    version=1,
    sample="""Solve the following {{noun}}. Reason step by step, one step a line.
{{hint}}

Problem:
{{question}}
""",
    aggregate="""You are given a {{noun}} and several candidate solutions. Some of them may be wrong or unfinished.
Bring together the ideas that are useful and write one better solution. Where the candidates disagree, find out
which of them is correct and go on from there. If all of them are wrong, solve the problem in a different way.
{{hint}}

Problem:
{{question}}

Candidate solutions:

{{candidates}}

Now write a single improved solution, reasoning step by step, one step a line.
""",
    refine="""You are given a {{noun}} and one candidate solution. It may be wrong or unfinished.
Check it, correct what is wrong, and write one better solution. If its approach fails, take a different one.
{{hint}}

Problem:
{{question}}

Candidate solution:

{{candidates}}

Now write a single improved solution, reasoning step by step, one step a line.
""",
    candidate="""---- Solution {{number}} ----
{{text}}""",
)

PROMPT_SETS: Mapping[str, PromptSet] = {PLAIN.name: PLAIN}
