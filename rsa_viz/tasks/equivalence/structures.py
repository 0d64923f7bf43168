r"""The structure of an answer in one canonical form: a number, an expression, a tuple, a set, an interval, an equation.

Read as gold's form has it: a bare ``1, 2`` is a tuple where gold is one, else a set. Knows no units, words or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from .algebra import Sum, TooLarge, Unreadable
from .cleaning import without_qualifier
from .expression import evaluate
from .intervals import interval

MOST_MEMBERS = 60


class Kind(StrEnum):
    """How far an answer could be read."""

    EXACT = "exact"  # equal exactly when the keys are
    OPAQUE = "opaque"  # mathematics, but not of a kind that is read here
    WORDS = "words"  # equal when the words are
    BEYOND = "beyond"  # too long, too deep or too large to be looked into
    NOTHING = "nothing"


_TEXT = r" *(?:, *)?\\(?:text|mathrm|textrm|mbox) *"
AND = re.compile(
    rf"{_TEXT}\{{ *, *\}}|{_TEXT}\{{ *,? *(?:and|or) *\}} *| *,? +(?:and|or|\\lor|\\vee|\\land|\\wedge) +|;"
)
PLUS_MINUS = re.compile(r"\\pm(?![a-zA-Z]) *|\\mp(?![a-zA-Z]) *")
ASSIGNED = re.compile(
    r"(?:\\?[a-zA-Z]{1,8}(?:_(?:\{[a-zA-Z0-9]{1,4}\}|[a-zA-Z0-9]))?'?|[a-zA-Z] *\( *[a-zA-Z0-9, ]{1,12} *\)|"
    r"\\(?:angle|triangle|overline|mathbb|mathcal)[ {a-zA-Z]+\}?) *"
    r"(?::?=|\\in(?![a-zA-Z])(?= *(?:[(\[{]|\\[{a-zA-Z]))|\\equiv(?![a-zA-Z])) *"
)
_BASED = re.compile(
    r"\(?([0-9A-Fa-f]{1,60})\)? ?_ ?(?:\{? ?\(?([0-9]{1,2})\)? ?\}?|\{ ?(?:\\text *\{ *)?([a-z]{3,9})(?: *\})? ?\})"
)
_BASES = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
}
_RATIO = re.compile(r"([0-9./]{1,40}|\\frac *\{[0-9]+\} *\{[0-9]+\}) *: *([0-9./]{1,40})(?: *: *([0-9./]{1,40}))?")
_RATIO_WORD = re.compile(r"(?<=[0-9]) *(?:\\(?:text|mathrm) *\{ *to *\}| to) *(?=[0-9])")
_RELATION = re.compile(r"\\(?:leq?|geq?|lt|gt|neq?|leqslant|geqslant)(?![a-zA-Z])|<=|>=|[<>≠]")
DENIES = re.compile(
    r"\\(?:neg|lnot|neq?|not|n?sim|notin|nmid)(?![a-zA-Z])|[?≠]|"
    r"(?<![a-zA-Z])(?:not|no|never|wrong|incorrect|false|if|unless|maybe|error|either)(?![a-zA-Z])",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^[^a-zA-Z]+$|[-+*/^<>#:.]$|^\\(?:in|[lc]?dots|pm|mp|cup|cap|infty|to|cdot|times|lor|land|vee|wedge|%)$|^(?:or|and)$"
)
_BRACKET_INSIDE = re.compile(r"\\?[({\[|][^()\[\]{}|]*\\?[)}\]|]")
LOOSE_BLANK = re.compile(r"(?<![0-9a-zA-Z]) | (?![0-9a-zA-Z])")
_NAMED = re.compile(r" *([a-zA-Z](?:_[0-9])?) *=")
_NAMED_TUPLE = re.compile(r"\( *([a-zA-Z](?: *, *[a-zA-Z]){1,4}) *\) *= *(?=\()")
_MATRIX = re.compile(r"\\begin *\{([pb]matrix|array)\}(?: *\{[lcr| ]*\})?(.*)\\end *\{\1\}")
_INFINITE = re.compile(r"([+-]?) *\\(?:infty|infinity)")
_BRACKETS = (("(", ")"), ("[", "]"), ("(", "]"), ("[", ")"))


def structure(bare: str, form: str) -> tuple[Kind, str, str]:
    """Kind, key and form of a cleaned answer. Raises Unreadable, TooLarge."""
    if (found := _BASED.fullmatch(bare)) is not None and (base := found[2] or _BASES.get(found[3] or "")):
        if int(base) == 10 and found[1].isdecimal():
            return Kind.EXACT, str(evaluate(found[1])), "number"
        return Kind.EXACT, f"{found[1].lstrip('0').upper() or '0'}_{base}", ""
    if (key := interval(bare)) is not None:
        return Kind.EXACT, key, ""
    if (found := _NAMED_TUPLE.match(bare)) is not None:
        names = found[1].replace(" ", "").split(",")
        parts = split(_inside(bare[found.end() :], "(", ")") or "", ",")
        if len(names) != len(parts):
            raise Unreadable("names of another number")
        bare = ", ".join(f"{name} = {part}" for name, part in zip(names, parts, strict=True))
        return _listed(split(bare, ","), form or "()")
    bare = _RATIO_WORD.sub(":", bare).replace("\\langle", "(").replace("\\rangle", ")")
    if (found := _RATIO.fullmatch(bare)) is not None:
        return Kind.EXACT, _ratio([part for part in found.groups() if part]), ""
    if PLUS_MINUS.search(bare):
        return _both_signs(bare)
    if (found := _MATRIX.fullmatch(bare)) is not None:
        rows = [[_member(cell) for cell in row.split("&")] for row in found[2].split("\\\\") if row.strip()]
        return Kind.OPAQUE, "matrix " + "; ".join(", ".join(row) for row in rows), ""
    bare = AND.sub(", ", bare)
    members = split(bare, ",")
    if len(members) > 1:
        return _listed(members, form)
    if "\\cup" in bare:
        parts = sorted({structure(part.strip(), "")[1] for part in bare.split("\\cup")})
        return Kind.EXACT, " u ".join(parts), ""
    if (inner := _inside(bare, "\\{", "\\}")) is not None:
        keys = [_member(part) for part in split(inner, ",")]
        if form == "number" and len(keys) == 1:
            return Kind.EXACT, keys[0], form
        return Kind.EXACT, _set(keys), "set"
    if bare in ("\\emptyset", "\\varnothing"):
        return Kind.EXACT, "{}", "set"
    for opening, closing in _BRACKETS:
        if (inner := _inside(bare, opening, closing)) is not None and len(parts := split(inner, ",")) > 1:
            keys = [_member(part) for part in parts]
            if opening + closing == "()" and form == "list":
                return Kind.EXACT, _set(keys), "set"
            if opening + closing == "()" and len(names := form.split()[1:]) == len(keys):
                return Kind.EXACT, _set(f"{name}={key}" for name, key in zip(names, keys, strict=True)), form
            brackets = opening + closing
            return Kind.EXACT, f"{opening}{', '.join(keys)}{closing}", brackets if brackets in ("()", "[]") else ""
    if _RELATION.search(_outside(bare)):
        return Kind.OPAQUE, f"~ {LOOSE_BLANK.sub('', bare)}", ""
    return _single(bare, form)


def _outside(bare: str) -> str:
    """The text without what stands in brackets after a letter: ``P(X > 3) = 1/2`` states a number."""
    while "=" in bare and (found := _BRACKET_INSIDE.search(bare)) is not None:
        bare = f"{bare[: found.start()]}_{bare[found.end() :]}"
    return bare


def _single(bare: str, form: str) -> tuple[Kind, str, str]:
    """One expression, perhaps with names or other sides before it."""
    if (found := ASSIGNED.match(bare)) is not None and found.end() < len(bare) and _may_name(found[0]):
        bare = bare[found.end() :]
        if bare.startswith(("\\{", "(", "[")) and "," in bare:
            return structure(bare, "")
    if (found := _INFINITE.fullmatch(bare)) is not None:
        return Kind.EXACT, f"{'-' if found[1] == '-' else ''}infinity", ""
    *before, last = split(bare, "=")
    if len(before) == 1 and _NAMED.fullmatch(f"{last}=") and not (number := evaluate(before[0])).letters:  # 3 = x
        return Kind.EXACT, str(number), "number"
    value = evaluate(last)
    if form == "set":
        return Kind.EXACT, _set([str(value)]), form
    if not before:
        return Kind.EXACT, str(value), "" if value.letters else "number"
    sides = [_value(side) for side in before]
    if form == "number" and not value.letters and all(map(_names, before, sides, [value] * len(sides))):
        return Kind.EXACT, str(value), form
    if all(side == value for side in sides):
        return Kind.EXACT, str(value), "" if value.letters else "number"
    if len(sides) == 1 and sides[0] is not None and (sides[0] - value).letters:
        return Kind.OPAQUE, _equation(sides[0] - value), ""
    raise Unreadable("sides that differ")


def _may_name(written: str) -> bool:
    return DENIES.search(written) is None and _NO_NAME.search(written.rstrip(" =:")) is None


def _names(written: str, side: Sum | None, value: Sum) -> bool:
    """Whether a side before the last one names the number or equals it: ``m + n`` and ``|A|`` do, ``71`` is no 70."""
    if side is None or side.letters:
        return written == "" or _may_name(written)
    return side == value


def _value(side: str) -> Sum | None:
    try:
        return evaluate(side)
    except Unreadable:
        return None


def _equation(difference: Sum) -> str:
    """``= 0`` up to a factor."""
    first = difference.terms[-1][1]
    return f"{difference * Sum.of(1 / first)} = 0"


def _member(text: str) -> str:
    kind, key, _ = structure(text.strip(), "")
    if kind is not Kind.EXACT:
        raise Unreadable("a part that is not read here")
    return key


def _listed(members: list[str], form: str) -> tuple[Kind, str, str]:
    """A bare list: as gold is written, else a set; ``x=1, y=2`` keeps its names only where gold has them."""
    if len(members) > MOST_MEMBERS:
        raise TooLarge("too many parts")
    names = [found[1] for member in members if (found := _NAMED.match(member)) is not None]
    keys = _members(members)
    if len(set(names)) == len(members) and (form == "" or form.startswith("names ")):
        pairs = (f"{name}={key}" for name, key in zip(names, keys, strict=True))
        return Kind.EXACT, _set(pairs), f"names {' '.join(names)}"
    if form == "()" or (form == "[]" and len(members) != 2):  # 0, 1 is no interval
        return Kind.EXACT, f"{form[0]}{', '.join(_in_order(names, keys))}{form[1]}", form
    if len(set(keys)) == 1:
        return Kind.EXACT, keys[0], "number"
    return Kind.EXACT, _set(keys), "list"


def _members(members: list[str]) -> list[str]:
    """Their keys; a unit that all of them have is left out."""
    cut = [without_qualifier(member) for member in members]
    if cut[0][1] and len({qualifier for _, qualifier in cut}) == 1:
        return [_member(member) for member, _ in cut]
    return [_member(member) for member in members]


def _in_order(names: list[str], keys: list[str]) -> list[str]:
    """``y = 2, x = 1`` is the point (1, 2): neighbours in the alphabet stand in its order, others as written."""
    neighbours = pairwise(sorted(names))
    if len(set(names)) == len(keys) and all(
        one[0] == other[0] or ord(other[0]) - ord(one[0]) == 1 for one, other in neighbours
    ):
        return [key for _, key in sorted(zip(names, keys, strict=True))]
    return keys


def _set(keys: Iterable[str]) -> str:
    return "{" + ", ".join(sorted(set(keys))) + "}"


def _both_signs(bare: str) -> tuple[Kind, str, str]:
    if (found := ASSIGNED.match(bare)) is not None:
        bare = bare[found.end() :]
    return _listed([one for both in both_signs(bare) for one in split(both, ",")], "list")


def both_signs(bare: str) -> tuple[str, str]:
    r"""The text with the upper signs of every ``\pm`` and ``\mp``, and with the lower ones."""
    plus = PLUS_MINUS.sub(lambda found: "+" if found[0].startswith("\\pm") else "-", bare)
    minus = PLUS_MINUS.sub(lambda found: "-" if found[0].startswith("\\pm") else "+", bare)
    return plus, minus


def _ratio(parts: list[str]) -> str:
    values = [value for part in parts if (value := evaluate(part).rational)]
    if len(values) < len(parts):
        raise Unreadable("a ratio of no numbers")
    common = Fraction(lcm(*(value.denominator for value in values)))
    whole = [int(value * common) for value in values]
    return ":".join(str(one // gcd(*whole)) for one in whole)


def _inside(text: str, opening: str, closing: str) -> str | None:
    """What stands between two brackets that belong together and hold the whole text."""
    if not (text.startswith(opening) and text.endswith(closing) and len(text) >= len(opening) + len(closing)):
        return None
    inner = text[len(opening) : -len(closing)]
    depth = 0
    for letter in re.sub(r"\\[{}]", "", inner):
        depth += (letter in "({[") - (letter in ")}]")
        if depth < 0:
            return None
    return inner


def split(text: str, separator: str) -> list[str]:
    """The parts between separators that stand in no bracket."""
    if separator not in text:
        return [text]
    parts, start, depth = [], 0, 0
    for at, letter in enumerate(text):
        if letter in "({[":
            depth += 1
        elif letter in ")}]":
            depth -= 1
        elif letter == separator and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]]]
