"""The code task: programming problems in the style of LiveCodeBench, answered by a Python program and judged by tests.

The program runs only inside the sandbox, one process a test, and is compared outside it. Without a sandbox every
verdict is unknown and says what to install. Answer classes are identical programs (see ``source_key``): whether two
different programs do the same is not known, so a vote over code is a vote over one text.
"""

from __future__ import annotations

import hashlib
import io
import textwrap
import threading
import time
import tokenize
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from ..core.chain import Answer, Judgement, Step, Verdict, VerdictSource
from ..core.problem import Problem
from ..core.prompts import PromptParts
from .code_problems import bundled
from .code_tests import CodeTest, FunctionTest, read_tests
from .fences import Fence, fences
from .reading import trim
from .sandbox import Ending, Limits, run_confined, sandbox_available
from .text import TEXT

PER_TEST = Limits(seconds=6, clock_s=24.0)
"""What a program may use for one test. Six seconds of processor time, as in LiveCodeBench."""

LONGEST_JUDGING_S = 60.0
"""Seconds on the clock for all tests of one program; tests that are not run by then have no outcome."""

REMEMBERED = 2_000
"""Verdicts that are kept by (tests, program), so that a program that stands in many chains runs once."""

LONGEST_TOKENISED = 100_000
"""Characters; a longer program is compared by its lines."""

_PYTHON = frozenset({"python", "python3", "py", "py3", "python2", "ipython"})
_BLANK_TOKENS = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER})


class CodeTask:
    """Programming problems, answered by the last complete fenced block and judged by running the problem's tests."""

    name = "code"
    title = "Programming"

    def __init__(self) -> None:
        self._remembered: OrderedDict[tuple[tuple[CodeTest, ...], str], Judgement] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def missing(self) -> str | None:
        """How to add the sandbox, or None when it is there; without it every verdict is unknown."""
        return sandbox_available()

    def parts(self, problem: Problem) -> PromptParts:
        tests = read_tests(problem)
        names = sorted({test.function for test in tests if isinstance(test, FunctionTest)})
        if names:
            wanted = f"Write Python 3 code that defines the function {' and '.join(names)}"
        else:
            wanted = "Write a complete Python 3 program that reads standard input and writes standard output"
        return PromptParts(
            noun="programming problem",
            answer_hint=f"{wanted}, in one code block that begins with ```python and ends with ```.",
        )

    def check(self, problem: Problem) -> None:
        """Raise InvalidProblem if a test cannot be read. A problem without tests is none: its verdicts are unknown."""
        read_tests(problem)

    def problems(self) -> Sequence[Problem]:
        """Eight problems of both styles, easiest first, each with a worked solution in ``metadata["solution"]``."""
        return bundled()

    def extract(self, text: str, problem: Problem) -> Answer | None:  # noqa: ARG002
        """The last complete, non-blank fenced block marked as Python, else the last one of any mark, else nothing.

        A block that the text ends in is a truncated program and no answer; it hides no complete one before it.
        """
        complete = [block for block in fences(text) if block.closed and _filled(text, block)]
        python = [block for block in complete if block.tag in _PYTHON]
        if not complete:
            return None
        block = (python or complete)[-1]
        source = text[block.inner_start : block.inner_end]
        return Answer(source, source_key(source), block.inner_start, block.inner_end)

    def judge(self, answer: Answer | None, problem: Problem) -> Judgement:
        """Right only if every test passes; the tests are the reference. The score is the share of tests that pass.

        Wrong as soon as one test fails: another output or result, an error, too much memory or output, or more
        processor time than PER_TEST allows. Running out of time on the clock may be the machine's doing and decides
        nothing; after a time-out of either kind the tests that are left are not run. No test is no pass: unknown.
        Takes up to LONGEST_JUDGING_S; meant for worker threads.
        """
        tests = read_tests(problem)
        if not tests:
            return Judgement.unknown("the problem has no tests, so nothing can say whether a program is right")
        if answer is None:
            return Judgement(Verdict.WRONG, VerdictSource.REFERENCE, 0.0, "no complete code block; nothing to test")
        known = (tests, answer.text)
        with self._one_at_a_time:
            if known in self._remembered:
                self._remembered.move_to_end(known)
                return self._remembered[known]
        judgement = run_tests(textwrap.dedent(answer.text), tests)
        if judgement.verdict is not Verdict.UNKNOWN:
            with self._one_at_a_time:
                self._remembered[known] = judgement
                while len(self._remembered) > REMEMBERED:
                    self._remembered.popitem(last=False)
        return judgement

    def steps(self, text: str, problem: Problem) -> tuple[Step, ...]:
        """A fenced block with its fences is one step; outside, lines cut further at sentence ends. All unknown."""
        unknown = Judgement.unknown("nothing can check a step of a program but its tests")
        steps: list[Step] = []
        done = 0
        for block in fences(text):
            steps += _shifted(TEXT.steps(text[done : block.start], problem), done, unknown)
            start, end = trim(text, block.start, block.end)
            steps.append(Step(start, end, unknown))
            done = block.end
        steps += _shifted(TEXT.steps(text[done:], problem), done, unknown)
        return tuple(steps)


def run_tests(source: str, tests: Sequence[CodeTest]) -> Judgement:
    """Run a program on at least one test, each in a sandbox of its own. Never raises for what a program does."""
    deadline = time.monotonic() + LONGEST_JUDGING_S
    passed, failure, unsettled = 0, "", ""
    for number, test in enumerate(tests, start=1):
        left = deadline - time.monotonic()
        if left <= 0:
            unsettled = unsettled or f"the tests took longer than {LONGEST_JUDGING_S:g} s"
            break
        limits = replace(PER_TEST, clock_s=min(PER_TEST.clock_s, left))
        ended = run_confined(test.program(source), stdin=test.stdin, limits=limits)
        where = f"test {number} of {len(tests)}, {test.shown}"
        if ended.ending is Ending.REFUSED:
            return Judgement.unknown(ended.why)
        if ended.ending in {Ending.CLOCK, Ending.KILLED}:
            unsettled = unsettled or f"{where}: {ended.why}"
        elif ended.exit != 0:
            failure = failure or f"{where}: {ended.why}"
        elif (difference := test.difference(ended.stdout)) is not None:
            failure = failure or f"{where}: {difference}"
        else:
            passed += 1
        if ended.timed_out:
            break
    if failure:
        why = f"passes {passed} of {len(tests)} tests; {failure}"
        return Judgement(Verdict.WRONG, VerdictSource.REFERENCE, passed / len(tests), why)
    if unsettled:
        return Judgement.unknown(f"passes {passed} of {len(tests)} tests, the others are not settled; {unsettled}")
    return Judgement(Verdict.RIGHT, VerdictSource.REFERENCE, 1.0, f"passes all {len(tests)} tests")


def source_key(source: str) -> str:
    """16 hex digits, equal for programs that differ only in comments, blank lines, indentation width and line ends.

    Taken over Python's tokens; over the lines without trailing blanks for text that is no Python or longer than
    LONGEST_TOKENISED. Nothing is run or parsed.
    """
    source = textwrap.dedent(source.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    words: list[str] | None = None
    if len(source) <= LONGEST_TOKENISED:
        words = _tokens(source)
    if words is None:
        words = [line.rstrip() for line in source.split("\n") if line.strip()]
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _tokens(source: str) -> list[str] | None:
    words: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in {tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE}:
                words.append(tokenize.tok_name[token.type])
            elif token.type not in _BLANK_TOKENS:
                words.append(token.string)
    except (tokenize.TokenError, SyntaxError, ValueError, UnicodeError):
        return None
    return words


def _filled(text: str, block: Fence) -> bool:
    return not text[block.inner_start : block.inner_end].isspace() and block.inner_end > block.inner_start


def _shifted(steps: Sequence[Step], by: int, judgement: Judgement) -> list[Step]:
    return [Step(step.start + by, step.end + by, judgement) for step in steps]


CODE = CodeTask()
