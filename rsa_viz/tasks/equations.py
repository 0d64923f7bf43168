r"""Equations as models write them, in one canonical form: ``2*13=26``, ``13·2 = 26`` and ``2 \times 13 = 26`` are one.

An expression is read into its syntax tree over exact fractions; nested sums and products are flattened and sorted, 0
and 1 dropped. Whether the written arithmetic holds is said with it, which is all that can be known here: an equation
that holds may still be the wrong one to write. Words, units and signs that are not understood close an equation, and
what stands next to them is never said to fail. One pass over bounded stretches, so hostile text costs linear time.
Knows no task and no verdict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .terms import Exact, Term, Unreadable, number_text, read_side, written_number

LONGEST_KEY = 80
"""Characters of a canonical form; longer ones name nothing."""

MOST_TOKENS = 120
"""Of one equation; what is longer is cut there and not said to fail."""

UNITS = 4
"""Words that may stand between a number and the sign after it (``5 dollars per hour * 3``)."""


class Arithmetic(StrEnum):
    """What the numbers of an equation say by themselves."""

    HOLDS = "holds"
    FAILS = "fails"
    ROUNDED = "rounded"  # holds to the decimals that are written
    UNCLEAR = "unclear"  # letters, units, or signs that were not understood


class Equation(NamedTuple):
    """One written equation: half-open character offsets, canonical ``key`` and whether its arithmetic holds.

    ``why`` is a sentence for the state.
    """

    start: int
    end: int
    key: str
    state: Arithmetic
    why: str


_EQUALS = ("=", "equal", "≈", "\\approx", "≡", "≅", "\\equiv", "\\cong")
_LIST_MARK = re.compile(r"\s*(?:[-*•+]|\(?\w{1,3}[.)]|#{1,6})\s+")
_TOKEN = re.compile(
    r"""
      (?P<note><<[^<>\n]{0,100}>>)
    | (?P<number>(?:[0-9]{1,3}(?:(?:,|\{,\}|\\,)[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|(?<![\w.])\.[0-9]+)
    | (?P<prose>(?:[^\W\d_]{2,}\ (?=[^\W\d_]{2,}))+)
    | (?P<label>\\(?:text|textbf|textit|mathrm|mathbf|mbox|operatorname)\ ?\{[^{}\n]{0,60}\}
        |[^\W\d_]{2,}(?:['’-][^\W\d_]+)*)
    | (?P<square>[²³])
    | (?P<letter>[^\W\d_](?:_(?:\{\w{1,3}\}|\w))?|\\(?:pi|theta|alpha|beta|gamma|lambda|mu)(?![a-zA-Z]))
    | (?P<equals>\\(?:approx|equiv|cong)(?![a-zA-Z])|(?<![<>!:=])=(?![=>])|[≈≡≅])
    | (?P<power>(?<=[\w)}])\*\*(?=[\d(])|\^)
    | (?P<skip>\*\*+|\\[,;:!\ ]|\\(?:boxed|fbox|displaystyle|quad|qquad|left|right|big|Big)(?![a-zA-Z])|[&`€£¥¢°]|\\?\$)
    | (?P<times>\\(?:times|cdot|ast)(?![a-zA-Z])|[×·⋅∙∗*])
    | (?P<over>\\div(?![a-zA-Z])|[/÷])
    | (?P<plus>\+)
    | (?P<minus>[-−]|(?<=\s)–(?=\s))
    | (?P<percent>\\?%)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<fraction>\\[dt]?frac(?![a-zA-Z]))
    | (?P<root>\\sqrt(?![a-zA-Z])|√)
    | (?P<dots>\.{3}|…|\\[lc]?dots(?![a-zA-Z]))
    | (?P<break>\\\\|\n)
    | (?P<command>\\[a-zA-Z]+)
    | (?P<other>\S)
    """,
    re.VERBOSE,
)
_OPERAND_ENDS = frozenset({"number", "letter", "close", "percent", "square"})
_SIGNS = frozenset({"times", "over", "plus", "minus", "power", "equals"})
_SAID = {"times": "times", "plus": "plus", "minus": "minus", "equals": "equals", "equal": "equals"}
_BINDS_LEFT = frozenset({
    "of", "half", "twice", "thrice", "double", "triple", "times", "by", "per", "than", "quarter", "third", "minus",
    "plus", "over", "least", "most", "every", "each", "to",
})  # fmt: skip
"""Words before an equation with which its left side may go on."""

_BINDS_RIGHT = frozenset({
    "dozen", "dozens", "hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion", "percent",
    "half", "halves", "third", "thirds", "quarter", "quarters", "mod", "modulo", "remainder", "times", "plus", "minus",
    "score", "pairs",
})  # fmt: skip
"""Words after an equation with which its right side may go on."""

_CONGRUENT = frozenset({"≡", "≅", "\\equiv", "\\cong"})
_ENDS = frozenset(",.;:?!\"'”’)")
"""Signs that part an equation from what stands before it."""

_OPERAND_AHEAD = re.compile(
    r"[\s$]{0,4}[-−+]?[\s$\\€£¥]{0,3}(?:\.?[0-9]|[(\[{√]|\\?[a-z]*(?:frac|sqrt|pi|theta|alpha|beta|left)|"
    r"(?!a\s[^\W\d_]{2})[^\W\d_](?![^\W\d_]))"
)
"""What an operator that is written as a word needs behind it: a number, a bracket or a letter that is no article."""

_NOUN_AHEAD = re.compile(r"\s[^\W\d_]{2}")
_COUNTED = re.compile(r"\s{0,4}(?:$|[.,;:!?)\n]|(?:an?|per|each|every|in|on|this|that|last)\b)")
"""What stands behind ``times`` where it is what is counted (``12 times a day``)."""

_AHEAD = re.compile(r"\s?(?:\\?\$)?[0-9(]")


def equations(text: str, start: int = 0, end: int | None = None, *, small: bool = False) -> list[Equation]:
    """The equations of ``text[start:end]`` that have a canonical form, in order.

    With ``small`` the case of letters says nothing: ``X = 15`` is ``x = 15``. Empty where nothing is said to be equal,
    and for what states nothing (``5 = 5``, ``total = 12``).
    """
    stretch = text[start:end]
    if not any(sign in stretch for sign in _EQUALS):
        return []
    found = _equations(stretch, small)
    return [Equation(start + one.start, start + one.end, one.key, one.state, one.why) for one in found]


def canonical(text: str, *, small: bool = False) -> str | None:
    """What is written, in the form in which fragments are kept: an equation (``20 + 10 = 30`` is ``10+20=30``), or one
    side of it (``20 + 10`` is ``10+20``). None for what is neither."""
    if stated := equations(text, small=small):
        return stated[0].key if len(stated) == 1 else None
    side = text.strip().removesuffix("=").strip(" $`")
    sides = [] if side.startswith("=") else equations(f"{side} = {_NAMELESS}", small=small)
    found = sides[0].key if len(sides) == 1 and not sides[0].start else ""
    key = found.removeprefix(f"{_NAMELESS}=")
    return key if key != found else None


_NAMELESS = "ω"  # a letter that stands in for the other side


@dataclass(slots=True)
class _Run:
    """Tokens that may be an equation: sides of (kind, text), where it stands, and whether all was understood."""

    start: int
    end: int = 0
    sides: list[list[tuple[str, str]]] = field(default_factory=lambda: [[]])
    tokens: int = 0
    clean: bool = True
    approximate: bool = False

    def add(self, kind: str, token: str, end: int) -> None:
        self.sides[-1].append((kind, token))
        self.tokens += 1
        self.end = end


@lru_cache(maxsize=40_000)  # a child repeats many of its parents' lines
def _equations(text: str, small: bool) -> tuple[Equation, ...]:
    found: list[Equation] = []
    mark = _LIST_MARK.match(text)
    run: _Run | None = None
    bound = False  # what stands before the next token may belong to its left side
    words = 0  # since the last other token
    phrase = 0  # where these words begin
    level = 0

    def close(clean: bool = True) -> None:
        nonlocal run, level
        if run is not None and len(run.sides) > 1:
            run.clean &= clean
            if (made := _equation(run)) is not None:
                found.append(made)
        run, level = None, 0

    for match in _TOKEN.finditer(text, mark.end() if mark else 0):
        kind, token = match.lastgroup or "", match[0]
        if kind == "prose":  # all but the last of several words in a row
            if not words:
                phrase = match.start()
            words += token.count(" ")
            if run is not None:
                run.clean &= token.split(" ", 1)[0].lower() not in _BINDS_RIGHT
            continue
        last = run.sides[-1][-1][0] if run is not None and run.sides[-1] else ""
        if kind == "label":
            word = token.lower()
            if word in _SAID and (
                word.startswith("equal") or (last in _OPERAND_ENDS and _OPERAND_AHEAD.match(text, match.end()))
            ):
                kind = _SAID[word]
            elif word == "of" and last in ("percent", "number") and not words and run is not None and _part(run):
                kind = "times"
            else:
                if not words:
                    phrase = match.start()
                words += 1
                while last == "open" and run is not None:  # 26 (apples)
                    run.sides[-1].pop()
                    level -= 1
                    last = run.sides[-1][-1][0] if run.sides[-1] else ""
                counted = word == "times" and _COUNTED.match(text, match.end()) is not None
                if run is not None and words == 1 and word in _BINDS_RIGHT and not counted:
                    run.clean = False
                if run is not None and (last not in _OPERAND_ENDS or words > UNITS):
                    close(last in _OPERAND_ENDS)
                bound = word in _BINDS_LEFT
                continue
        elif kind == "letter" and token == "a" and words and _NOUN_AHEAD.match(text, match.end()):
            words += 1  # 3 times a day * 5
            continue
        elif kind == "letter" and token in "xX" and last in _OPERAND_ENDS and _AHEAD.match(text, match.end()):
            kind = "times"
        elif kind in ("note", "skip"):
            continue
        elif kind == "break":
            after = text[match.end() : match.end() + 20].lstrip(" &\n\t")
            if not after.startswith(("=", "\\approx", "≈")) or last not in _OPERAND_ENDS:
                close()
                bound, words = False, 0
            continue
        elif kind == "dots":
            if run is not None:
                run.approximate = True
                run.clean &= len(run.sides) > 1 and last == "number"
            continue
        if words and run is not None:
            if kind in _SIGNS or kind == "close":
                run.clean = False  # units between; the numbers may need no conversion, or they may
            else:
                close()
        words_before, words = words, 0
        if kind == "equals":
            if run is None or not run.sides[-1]:
                if run is not None:
                    close()
                run = _Run(phrase if words_before else match.start(), clean=not bound or bool(words_before))
            run.approximate |= token in ("≈", "\\approx")
            run.clean &= token not in _CONGRUENT
            run.sides.append([])
            run.tokens += 1
            run.end = match.end()
            level = 0
        elif kind in ("command", "other"):
            if token == "!" and last == "number" and not text[match.end() : match.end() + 1].isspace():
                close(clean=False)
            close(
                clean=token in ",.;:?!\"'”’)" and not (token == ":" and text[match.end() : match.end() + 1].isdigit())
            )
            bound = token not in ",.;:?!\"'“”‘’>|→⇒∴" and token not in (
                "\\implies",
                "\\Rightarrow",
                "\\therefore",
                "\\to",
            )
        else:
            starts = kind in ("number", "letter", "open", "fraction", "root")
            if kind == "close" and (run is None or level == 0):
                close()  # a bracket that was opened in words
                bound = run is None and token != "}"
                continue
            if run is not None and starts and last in ("number", "percent") and kind in ("number", "fraction"):
                close(clean=False)  # 2 1/2: a mixed number, or two numbers side by side
                bound = True
            if run is None:
                if not starts and kind != "minus":
                    bound = kind in ("times", "over", "power", "percent", "square")
                    continue
                run = _Run(match.start(), clean=not bound)
                bound = False
            if run.tokens >= MOST_TOKENS:
                close(clean=False)
                bound = True
                continue
            level += (kind == "open") - (kind == "close")
            run.add(kind, token.lower() if small and kind == "letter" else token, match.end())
    close()
    return tuple(found)


def _part(run: _Run) -> bool:
    """Whether the last operand is a share (``20%``, ``1/2``), so that "of" multiplies it."""
    side = run.sides[-1]
    return side[-1][0] == "percent" or (len(side) >= 3 and side[-2][0] == "over")


class _Side(NamedTuple):
    term: Term
    value: Exact | None
    lone: bool  # one number or letter as written
    places: int  # decimals of a lone number
    percent: bool
    first: Exact | None  # its leftmost number


def _side(tokens: list[tuple[str, str]]) -> _Side | None:
    """One side read into its tree; None for a blank one. Raises Unreadable."""
    if len(tokens) == 1 and tokens[0][0] == "number":
        term = written_number(tokens[0][1])
        return _Side(term, term.value, True, len(tokens[0][1].partition(".")[2]), False, term.value)
    opened = sum((kind == "open") - (kind == "close") for kind, _ in tokens)
    while opened > 0 and tokens[0][0] == "open":  # (5*3 = 15): brackets that close on another side
        tokens, opened = tokens[1:], opened - 1
    if not tokens:
        return None
    term = read_side(tokens)
    operands = [token for kind, token in tokens if kind in ("number", "letter")]
    lone = len(operands) == 1 and all(kind in _LONE for kind, _ in tokens)
    places = len(operands[0].partition(".")[2]) if lone else 0
    first = written_number(tokens[0][1]).value if tokens[0][0] == "number" else None
    return _Side(term, term.value, lone, places, tokens[-1][0] == "percent", first)


_LONE = frozenset({"number", "letter", "minus", "plus", "open", "close", "percent"})


def _equation(run: _Run) -> Equation | None:
    sides: list[_Side] = []
    clean = run.clean
    for place, tokens in enumerate(run.sides):
        try:
            if (side := _side(tokens)) is not None:
                sides.append(side)
            elif place:
                clean = False  # nothing after an equals sign
        except Unreadable:
            clean = False
    if len(sides) < 2:
        return None
    state, why, named = _stated(sides, clean, run.approximate)
    if named is None:
        return None
    key = "=".join(named)
    if len(key) > LONGEST_KEY:
        return None
    return Equation(run.start, run.end, key, state, why)


def _stated(sides: list[_Side], clean: bool, approximate: bool) -> tuple[Arithmetic, str, tuple[str, str] | None]:
    """The state of a chain of sides, why, and the two sides that name it (None if it states nothing)."""
    numbers = [side for side in sides if side.value is not None]
    worked = [side for side in numbers if not side.lone]
    value = next((side for side in reversed(numbers) if side.lone), None)
    if not worked or len(numbers) < 2:
        return Arithmetic.UNCLEAR, "states a value that its numbers alone do not give", _with_letters(sides, value)
    for left, right in pairwise(numbers):
        state, why = _compared(left, right, clean, approximate)
        if state is not Arithmetic.HOLDS:
            break
    shown = worked[0]
    if state is Arithmetic.UNCLEAR and len(numbers) > 2:
        shown = worked[-1]  # 12*5 = 60 + 3 = 63 says 60 + 3 = 63
    if value is None:
        one, other = sorted((worked[0].term.key, worked[1].term.key))
        return state, why, None if one == other else (one, other)
    right_value = _plain(value, shown)
    if right_value is None or shown.term.key == number_text(right_value):
        return state, why, None  # 26*1 = 26 states nothing
    if state is Arithmetic.HOLDS:
        why = f"{shown.term.key} is {number_text(right_value)}"
    return state, why, (shown.term.key, number_text(right_value))


def _compared(left: _Side, right: _Side, clean: bool, approximate: bool) -> tuple[Arithmetic, str]:
    one, other = left.value, _plain(right, left)
    if one is None or other is None:
        return Arithmetic.UNCLEAR, ""
    if one == other:
        return Arithmetic.HOLDS, f"{left.term.key} is {number_text(other)}"
    gap = max(one - other, other - one)
    told = f"{left.term.key} is {_near(one)}"
    if right.lone and right.places and gap * 10**right.places < 1:
        return Arithmetic.ROUNDED, f"{told}, rounded"
    if approximate:
        close = 20 * gap <= max(one, -one) or 2 * gap <= 1
        return (
            (Arithmetic.ROUNDED, f"{told}, roughly") if close else (Arithmetic.UNCLEAR, f"{told}, written as roughly")
        )
    if not clean:
        return Arithmetic.UNCLEAR, "words or signs beside the numbers were not understood"
    if one.denominator != 1 and other.denominator == 1 and gap < 1:
        return Arithmetic.UNCLEAR, f"{told}, written as a whole number"
    if not right.lone and right.first == one:
        return Arithmetic.UNCLEAR, "goes on after an equals sign"
    return Arithmetic.FAILS, f"{told}, not {number_text(other)}"


def _plain(side: _Side, beside: _Side) -> Exact | None:
    """The side's value; ``20%`` beside ``10/50*100`` is 20."""
    if side.percent and side.lone and side.value is not None and beside.value == 100 * side.value:
        return 100 * side.value
    return side.value


def _near(value: Exact) -> str:
    return number_text(value) if 1000 % value.denominator == 0 else f"{float(value):.6g}"


def _with_letters(sides: list[_Side], value: _Side | None) -> tuple[str, str] | None:
    """What an equation with letters is named by: ``x=26``, ``2*x+3=13``, ``x=2*13``."""
    letters = [side for side in sides if side.value is None]
    if not letters:
        return None
    lone = next((side for side in letters if side.lone), letters[0])
    if value is not None and value.value is not None:
        return lone.term.key, number_text(value.value)
    other = next((side for side in sides if side is not lone), None)
    if other is None or other.term.key == lone.term.key:
        return None
    if lone.lone:
        return lone.term.key, other.term.key
    one, two = sorted((lone.term.key, other.term.key))
    return one, two
