"""The Reasoning Gym task: puzzles of the library's generators, judged by its scorers.

Right only at the full score; the scorer's own score is kept. Nothing but the extracted answer is ever scored. The
reference answer itself is right without a scorer, generators without a scorer of their own are compared as text,
scorers that can be fooled are replaced (see ``comparing``), and every other scorer runs in the sandbox. Knows the
library by its names only: without it, a problem of an earlier run is still shown, and judged as far as possible.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...core.chain import Answer, Judgement, Step, Verdict, VerdictSource
from ...core.errors import InvalidProblem
from ...core.problem import Problem
from ...core.prompts import PromptParts
from ..equivalence import shown
from ..reading import boxes, trim
from ..sandbox import sandbox_available
from ..segments import answers_stated, stated_steps
from . import catalog
from .comparing import INSTEAD, answer_key
from .scoring import score

LONGEST_ANSWER = 20_000
"""Characters; a longer stretch between the tags is no answer."""

STATED = 20
"""Only so many given answers are read for a text's steps, from the end."""

_TAG = re.compile(r"<(/?)answer>", re.IGNORECASE)
_FENCED = re.compile(r"```[^\n`]*\n(.*?)\n?[ \t]*```", re.DOTALL)
_NOT_FINITE = re.compile(r"nan|inf", re.IGNORECASE)


class ReasoningGymTask:
    """Generated puzzles, answered between ``<answer>`` and ``</answer>``.

    A problem's metadata hold ``dataset_name``, the generator, and ``entry``, the metadata that the generator gave.
    """

    name = "reasoning_gym"
    title = "Reasoning Gym puzzles"

    def missing(self) -> str | None:
        """How to add the library or the sandbox; without the sandbox, verdicts that need a scorer are unknown."""
        return catalog.missing() or sandbox_available()

    def parts(self, problem: Problem) -> PromptParts:  # noqa: ARG002
        return PromptParts(
            noun="problem",
            answer_hint="On the last line write the final answer, and nothing else, between <answer> and </answer>.",
        )

    def check(self, problem: Problem) -> None:
        """Raise InvalidProblem if the problem names no generator that can be judged, or the library is not there."""
        generator, _ = _generator(problem)
        if problem.gold is None and generator not in catalog.WITHOUT_REFERENCE:
            raise InvalidProblem(f"a problem of {generator} needs its reference answer as gold answer")
        if (why := catalog.missing()) is not None:
            raise InvalidProblem(why)

    def problems(self) -> Sequence[Problem]:
        """None is bundled: ``generate`` makes as many as are wanted."""
        return ()

    def extract(self, text: str, problem: Problem) -> Answer | None:  # noqa: ARG002
        r"""What stands in the last complete, non-blank ``<answer>…</answer>``, else in the last complete ``\boxed{}``.

        A tag that the text only talks about has no partner; a fence around the whole answer does not belong to it.
        """
        for start, end in [*reversed(_tagged(text)), *reversed(boxes(text))]:
            fence = _FENCED.fullmatch(text, start, end)
            if fence is not None:
                start, end = trim(text, fence.start(1), fence.end(1))
            if key := answer_key(text[start:end]):
                return Answer(text[start:end], key, start, end)
        return None

    def judge(self, answer: Answer | None, problem: Problem) -> Judgement:
        """Right at full score, wrong below it, unknown when no scorer could say.

        Takes up to ``scoring.LIMITS.clock_s`` seconds where a scorer runs; meant for worker threads.
        """
        generator, metadata = _generator(problem)
        gold = problem.gold
        if answer is None:
            return Judgement(Verdict.WRONG, VerdictSource.EXACT, 0.0, "no answer between <answer> and </answer>")
        if gold is not None and answer.key == answer_key(gold):
            return _right(VerdictSource.REFERENCE, f"equals the reference answer {shown(gold)}")
        if generator in catalog.COMPARED_AS_TEXT or generator in INSTEAD:
            if gold is None:
                return Judgement.unknown("no reference answer is known")
            compare = INSTEAD.get(generator)
            if compare is not None and compare(answer.text, gold, metadata):
                return _right(VerdictSource.EXACT, f"as good as the reference answer {shown(gold)}")
            partly = len(gold) / len(answer.text) if compare is None and gold and gold in answer.text else 0.0
            return _wrong(VerdictSource.REFERENCE, partly, f"differs from the reference answer {shown(gold)}")
        if generator == "complex_arithmetic" and _NOT_FINITE.search(answer.text):
            return _wrong(VerdictSource.EXACT, 0.0, "no finite number")  # its scorer takes "nan" for any number
        scored = score(generator, problem.question, gold, metadata, answer.text)
        if scored.value is None:
            if scored.unreadable or (generator == "boxnet" and scored.why.startswith("the scorer failed")):
                return _wrong(VerdictSource.EXACT, 0.0, "not of a form that the scorer can read")
            return Judgement.unknown(scored.why)
        if scored.value == 1:
            return _right(VerdictSource.EXACT, f"the scorer of {generator} gives the full score")
        why = f"the scorer of {generator} gives {scored.value:.3g}; only the full score of 1 is right"
        return _wrong(VerdictSource.EXACT, scored.value, why)

    def steps(self, text: str, problem: Problem) -> tuple[Step, ...]:
        """Lines, sentences, formulas and code blocks; the fragment of a step is the equation that it states, or else
        the answer that it gives (``answer=43``). Wrong is an equation that fails by itself, but only of generators
        whose numbers are plain decimal ones; nothing here can say that a step is right."""
        given = [*_tagged(text)[-STATED:], *boxes(text)[-STATED:]]
        answers = ((start, key) for start, end in given if (key := answer_key(text[start:end])))
        found = answers_stated(stated_steps(text), answers)
        if problem.metadata.get("dataset_name") in catalog.PLAIN_NUMBERS:
            return found
        return tuple(
            step if step.judgement.source is VerdictSource.NONE else replace(step, judgement=_OTHER_NUMBERS)
            for step in found
        )


_OTHER_NUMBERS = Judgement.unknown("the signs of this puzzle need not mean plain arithmetic")


def _generator(problem: Problem) -> tuple[str, Mapping[str, object]]:
    """The generator's name and its metadata for the problem. Raises InvalidProblem."""
    name, entry = problem.metadata.get("dataset_name"), problem.metadata.get("entry")
    if name == "composite":
        raise InvalidProblem("'composite' only mixes other generators; name the one that made the problem")
    if not isinstance(name, str) or name not in catalog.CATEGORY_OF:
        raise InvalidProblem(f"metadata 'dataset_name' must name a generator of Reasoning Gym, not {name!r}")
    if not isinstance(entry, Mapping):
        raise InvalidProblem(f"metadata 'entry' must hold what the generator {name} said of the problem")
    return name, entry


def _tagged(text: str) -> list[tuple[int, int]]:
    """What stands between an opening tag and the next closing one, in order, without surrounding blanks."""
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for tag in _TAG.finditer(text):
        if not tag[1]:
            opened = tag.end()
        elif opened is not None:
            start, end = trim(text, opened, tag.start())
            if start < end <= start + LONGEST_ANSWER:
                found.append((start, end))
            opened = None
    return found


def _right(source: VerdictSource, why: str) -> Judgement:
    return Judgement(Verdict.RIGHT, source, 1.0, why)


def _wrong(source: VerdictSource, score: float, why: str) -> Judgement:
    return Judgement(Verdict.WRONG, source, score, why)


REASONING_GYM = ReasoningGymTask()
