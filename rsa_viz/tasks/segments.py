r"""A model's text cut into steps: lines and sentences, with code blocks and displayed formulas kept whole.

A displayed formula (``$$…$$``, ``\[…\]``, ``\begin{align}…``) belongs to the sentence that leads into it. The cut is
made by marks alone, in one pass, and loses nothing but blanks between the pieces. What is known of a step is what its
equation says: one that fails is wrong by arithmetic, one that holds is consistent, which is not right. Knows no task.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from ..core.chain import Judgement, Step, Verdict, VerdictSource
from .equations import LONGEST_KEY, Arithmetic, Equation, equations
from .reading import LONGEST_TEXT, sentences, trim

_ENVIRONMENTS = "align|aligned|alignat|equation|gather|gathered|multline|eqnarray|split|cases|array|tabular"
_DELIMITER = re.compile(
    rf"^[ \t]{{0,8}}(?P<fence>```|~~~)(?P<rest>[^\n`]*)$|(?P<dollars>\$\$)|(?P<left>\\\[)|(?P<right>\\\])"
    rf"|\\(?P<edge>begin|end)\{{(?P<name>{_ENVIRONMENTS})\*?\}}",
    re.MULTILINE,
)
_OPENERS = ("```", "~~~", "$$", "\\[", "\\begin")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_AFTER = re.compile(r"[ \t]{0,8}[.,;:!?]{1,3}(?=\s|$)")
_ENDED = (".", "!", "?", "。")


class Piece(NamedTuple):
    """A stretch of a text, half-open and without blanks at its ends; ``code`` is true for a fenced block."""

    start: int
    end: int
    code: bool = False


def pieces(text: str) -> list[Piece]:
    """The steps of a text in order, not overlapping; empty for a blank text. After LONGEST_TEXT characters the rest is
    one piece."""
    read = min(len(text), LONGEST_TEXT)
    found: list[Piece] = []
    place = 0
    for start, end, code in _blocks(text, read):
        found += [Piece(*one) for one in sentences(text, place, start)]
        if not code:
            if (after := _AFTER.match(text, end, read)) is not None:
                end = after.end()
            lead = found[-1] if found and found[-1].start >= place else None
            if (
                lead is not None
                and not text.endswith(_ENDED, lead.start, lead.end)
                and _BLANK_LINE.search(text, lead.end, start) is None
            ):
                start = found.pop().start
        start, end = trim(text, start, end)
        if start < end:
            found.append(Piece(start, end, code))
        place = end
    return found + [Piece(*one) for one in sentences(text, place)]


def _blocks(text: str, read: int) -> list[tuple[int, int, bool]]:
    """Fenced code and displayed formulas: (start, end, whether it is code), in order.

    A formula that holds a blank line is a mark that was never closed.
    """
    if not any(opener in text for opener in _OPENERS):
        return []
    marks = list(_DELIMITER.finditer(text, 0, read))
    closers: dict[str, list[int]] = {}
    for number, mark in enumerate(marks):
        for closed in _closes(mark):
            closers.setdefault(closed, []).append(number)
    blanks = [blank.start() for blank in _BLANK_LINE.finditer(text, 0, read)]
    found: list[tuple[int, int, bool]] = []
    number = 0
    while number < len(marks):
        mark = marks[number]
        number += 1
        kind = _opens(mark)
        if kind is None:
            continue
        after = bisect_left(closers.get(kind, ()), number)
        if after == len(closers.get(kind, ())):
            continue
        closer, code = closers[kind][after], mark["fence"] is not None
        blank = bisect_left(blanks, mark.end())
        if not code and blank < len(blanks) and blanks[blank] < marks[closer].start():
            continue
        found.append((mark.start(), marks[closer].end(), code))
        number = closer + 1
    return found


def _opens(mark: re.Match[str]) -> str | None:
    if mark["edge"] is not None:
        return str(mark["name"]) if mark["edge"] == "begin" else None
    opener: str | None = mark["fence"] or mark["dollars"] or ("[" if mark["left"] else None)
    return opener


def _closes(mark: re.Match[str]) -> tuple[str, ...]:
    if mark["edge"] == "end":
        return (mark["name"],)
    if mark["fence"]:
        return () if mark["rest"].strip() else (mark["fence"],)
    return ("$$",) if mark["dollars"] else ("[",) if mark["right"] else ()


def stated_steps(text: str, *, small: bool = False) -> tuple[Step, ...]:
    """The steps of a text, each with the fragment that its equation states.

    A piece that states several equations is cut before each further one. Every verdict is unknown but that of an
    equation that fails by itself: "arithmetic consistent" is said of one that holds, and never makes a step right. An
    equation whose last number ends the text may have been cut in it: if it does not hold, it states nothing. With
    ``small`` the case of letters says nothing.
    """
    steps: list[Step] = []
    for piece in pieces(text):
        unread = piece.code or piece.start >= LONGEST_TEXT
        stated = [] if unread else equations(text, piece.start, piece.end, small=small)
        if stated and stated[-1].end == len(text) and stated[-1].state is not Arithmetic.HOLDS:
            stated.pop()
        if not stated:
            steps.append(Step(piece.start, piece.end, _NOTHING))
            continue
        cuts = [piece.start, *(one.start for one in stated[1:]), piece.end]
        for one, begin, end in zip(stated, cuts[:-1], cuts[1:], strict=True):
            start, end = trim(text, begin, end)
            steps.append(Step(start, end, _judged(one), one.key))
    return tuple(steps)


def written_form(text: str, step: Step) -> str:
    """How a step of ``text`` writes its fragment: its equation as it stands there, without the words around it; for a
    fragment that is no equation, or a step without one, the whole step."""
    for small in (False, True):
        for one in equations(text, step.start, step.end, small=small):
            if one.key == step.fragment:
                return text[one.start : one.end]
    return text[step.start : step.end]


def answers_stated(steps: Iterable[Step], answers: Iterable[tuple[int, str]]) -> tuple[Step, ...]:
    """The same steps, of which those in which an answer stands state it as their fragment, ``answer=B``.

    ``answers`` are (character offset, canonical form). A step that states an equation keeps it; of several answers in
    one step the last counts; one in no step, on several lines or longer than a fragment may be is passed over. That it
    is stated says nothing of whether it is right.
    """
    found = list(steps)
    starts = [step.start for step in found]
    for offset, key in sorted(answers):
        at = bisect_right(starts, offset) - 1
        fragment = f"answer={key}"
        if at < 0 or offset >= found[at].end or len(fragment) > LONGEST_KEY or "\n" in key:
            continue
        if (found[at].fragment or "answer=").startswith("answer="):
            found[at] = replace(found[at], fragment=fragment)
    return tuple(found)


_NOTHING = Judgement.unknown("nothing can check a step of this problem")


def _judged(equation: Equation) -> Judgement:
    if equation.state is Arithmetic.FAILS:
        return Judgement(Verdict.WRONG, VerdictSource.ARITHMETIC, 0.0, equation.why)
    if equation.state is Arithmetic.UNCLEAR:
        return Judgement.unknown(equation.why)
    return Judgement(Verdict.UNKNOWN, VerdictSource.ARITHMETIC, None, f"arithmetic consistent: {equation.why}")
