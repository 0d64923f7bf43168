r"""What an answer says, in one canonical form: a number, an expression, a tuple, a set, an interval, words.

An answer is read as the gold answer is written: what it leaves open is read as gold has it. A bare ``1, 2`` is a tuple
where gold is one, else a set; units and ``\pmod`` count only where gold has them; ``x = 70`` is 70 unless gold names
several letters. So a canonical form depends on the answer and on gold alone, never on other answers or their order.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from .algebra import Sum, TooLarge, Unreadable
from .cleaning import clean, worded
from .expression import evaluate
from .plain import LONGEST_ANSWER, answer_key, plain_number

DEEPEST = 60
"""Nested brackets of an answer that is looked into."""

MOST_MEMBERS = 60

LONGEST_REMEMBERED = 300
"""Characters of an answer whose reading is kept for the next chain that gives it."""


class Kind(StrEnum):
    """How far an answer could be read."""

    EXACT = "exact"  # equal exactly when the keys are
    OPAQUE = "opaque"  # mathematics, but not of a kind that is read here
    WORDS = "words"  # equal when the words are
    BEYOND = "beyond"  # too long, too deep or too large to be looked into
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer's canonical form. ``bare`` is the cleaned text, ``qualifier`` its unit or modulus (or "")."""

    kind: Kind
    key: str
    bare: str
    qualifier: str = ""
    form: str = ""
    """How others are read where this is gold: ``()``, ``[]``, ``list``, ``set``, ``number``, ``names a b``, or ""."""


NOTHING = Reading(Kind.NOTHING, "", "")


def read(text: str, gold: str | None = None) -> Reading:
    """What ``text`` says, read as ``gold`` is written; ``gold`` None reads it by itself."""
    return _read_once(text, gold) if len(text) <= LONGEST_REMEMBERED else _read(text, gold)


def _read(text: str, gold: str | None) -> Reading:
    like = read(gold) if gold is not None else NOTHING
    listed = like.form in _LISTED
    if (key := _plain(text)) is not None and not (listed and (like.form == "set" or "," in text)):
        return Reading(Kind.EXACT, key, text.strip(), form="number")
    if len(text) > LONGEST_ANSWER or _depth(text) > DEEPEST:
        return _beyond(text)
    bare, qualifier, whole = clean(text, listed=listed)
    words = worded(whole)
    if not words:
        return NOTHING
    if _is_words(words, like.kind):
        return Reading(Kind.WORDS, answer_key(words), whole)
    for one, its_qualifier in ((bare, qualifier), (whole, "")):
        try:
            kind, key, form = _structure(one, like.form)
        except TooLarge:
            return _beyond(text)
        except Unreadable:
            continue
        if its_qualifier and gold is not None and like.qualifier and its_qualifier != like.qualifier:
            key = f"{key} {its_qualifier}"
        return Reading(kind, key, one, its_qualifier, form)
    if _TOWER.search(words):
        return _beyond(text)
    if _TWO_NUMBERS.search(words) or _OTHER_SCRIPT.search(words):
        return Reading(Kind.WORDS, answer_key(words), whole)
    return Reading(Kind.OPAQUE, f"~ {_LOOSE_BLANK.sub('', words)}", whole)


_read_once = lru_cache(maxsize=16_384)(_read)

_LISTED = ("()", "[]", "list", "set")
_MATHEMATICAL = re.compile(r"[0-9\\=<>^{}_+*/!|√π]")
_LONG_RUN = re.compile(r"[^\W\d_]{4}")
_RUN = re.compile(r"[^\W\d_]{2}")
_TWO_NUMBERS = re.compile(r"(?<![_^0-9.])[0-9]+ +[0-9]")
_TOWER = re.compile(r"[0-9)}] *\^ *[{(]* *[0-9]+ *\^ *[{(]* *[0-9]")
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-Zα-ωΑ-Ω]")
_LOOSE_BLANK = re.compile(r"(?<![0-9a-zA-Z]) | (?![0-9a-zA-Z])")


def _is_words(words: str, gold: Kind) -> bool:
    """No mathematics: letters in runs. ``ab`` is a product only where gold is one."""
    if _MATHEMATICAL.search(words):
        return False
    return (_LONG_RUN if gold is Kind.EXACT else _RUN).search(words) is not None or not any(map(str.isalnum, words))


_PLAIN_NUMBER = re.compile(r"[-+]?[0-9][0-9.,/]*")
_LONG_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")


def _plain(text: str) -> str | None:
    """The quick way for most answers: a bare number."""
    text = text.strip()
    if len(text) > LONGEST_ANSWER or not text.isascii() or not _PLAIN_NUMBER.fullmatch(text):
        return None
    if (number := plain_number(text)) is not None:
        return str(number)
    return str(Sum.of(Fraction(text))) if _LONG_NUMBER.fullmatch(text) else None


def _beyond(text: str) -> Reading:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Reading(Kind.BEYOND, f"{' '.join(text[:60].split())} sha256:{digest}", "")


def _depth(text: str) -> int:
    deepest = depth = 0
    for found in re.finditer(r"[({\[]|[)}\]]", text):
        depth = depth + 1 if found[0] in "({[" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


_AND = re.compile(
    r" *(?:, *)?\\(?:text|mathrm|textrm|mbox) *\{ *,? *(?:and|or) *\} *| *,? +(?:and|or|\\lor|\\vee|\\land|\\wedge) +|;"
)
_PLUS_MINUS = re.compile(r"\\pm(?![a-zA-Z]) *|\\mp(?![a-zA-Z]) *")
_ASSIGNED = re.compile(
    r"(?:\\?[a-zA-Z]{1,8}(?:_\{?[a-zA-Z0-9]{1,4}\}?)?'?|[a-zA-Z] *\( *[a-zA-Z0-9, ]{1,12} *\)|"
    r"\\(?:angle|triangle|overline|mathbb|mathcal)[ {a-zA-Z]+\}?) *(?::?=|\\in(?![a-zA-Z])|\\equiv(?![a-zA-Z])) *"
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
_RATIO_WORD = re.compile(r"(?<=[0-9]) +to +(?=[0-9])")
_RELATION = re.compile(r"\\(?:leq?|geq?|lt|gt|neq?|leqslant|geqslant)(?![a-zA-Z])|<=|>=|[<>≠]")
_NAMED = re.compile(r" *([a-zA-Z](?:_[0-9])?) *=")
_MATRIX = re.compile(r"\\begin *\{([pb]matrix|array)\}(?: *\{[lcr| ]*\})?(.*)\\end *\{\1\}")
_INFINITE = re.compile(r"([+-]?) *\\(?:infty|infinity)")
_BRACKETS = (("(", ")"), ("[", "]"), ("(", "]"), ("[", ")"))


def _structure(bare: str, form: str) -> tuple[Kind, str, str]:
    """Kind, key and form of a cleaned answer. Raises Unreadable, TooLarge."""
    if (found := _BASED.fullmatch(bare)) is not None and (base := found[2] or _BASES.get(found[3] or "")):
        return Kind.EXACT, f"{found[1].lstrip('0').upper() or '0'}_{base}", ""
    bare = _RATIO_WORD.sub(":", bare).replace("\\langle", "(").replace("\\rangle", ")")
    if (found := _RATIO.fullmatch(bare)) is not None:
        return Kind.EXACT, _ratio([part for part in found.groups() if part]), ""
    if _PLUS_MINUS.search(bare):
        return _both_signs(bare)
    if (found := _MATRIX.fullmatch(bare)) is not None:
        rows = [[_member(cell) for cell in row.split("&")] for row in found[2].split("\\\\") if row.strip()]
        return Kind.OPAQUE, "matrix " + "; ".join(", ".join(row) for row in rows), ""
    bare = _AND.sub(", ", bare)
    members = split(bare, ",")
    if len(members) > 1:
        return _listed(members, form)
    if "\\cup" in bare:
        parts = sorted({_structure(part.strip(), "")[1] for part in bare.split("\\cup")})
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
    if _RELATION.search(bare):
        return Kind.OPAQUE, f"~ {_LOOSE_BLANK.sub('', bare)}", ""
    return _single(bare, form)


def _single(bare: str, form: str) -> tuple[Kind, str, str]:
    """One expression, perhaps with names or other sides before it."""
    if (found := _ASSIGNED.match(bare)) is not None and found.end() < len(bare):
        bare = bare[found.end() :]
        if bare.startswith(("\\{", "(", "[")) and "," in bare:
            return _structure(bare, "")
    if (found := _INFINITE.fullmatch(bare)) is not None:
        return Kind.EXACT, f"{'-' if found[1] == '-' else ''}infinity", ""
    *before, last = split(bare, "=")
    value = evaluate(last)
    if form == "set":
        return Kind.EXACT, _set([str(value)]), form
    if not before:
        return Kind.EXACT, str(value), "" if value.letters else "number"
    sides = [_value(side) for side in before]
    if form == "number" and not value.letters:  # m + n = 70
        return Kind.EXACT, str(value), form
    if all(side == value for side in sides):
        return Kind.EXACT, str(value), "" if value.letters else "number"
    if len(sides) == 1 and sides[0] is not None and (sides[0] - value).letters:
        return Kind.OPAQUE, _equation(sides[0] - value), ""
    raise Unreadable("sides that differ")


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
    kind, key, _ = _structure(text.strip(), "")
    if kind is not Kind.EXACT:
        raise Unreadable("a part that is not read here")
    return key


def _listed(members: list[str], form: str) -> tuple[Kind, str, str]:
    """A bare list: as gold is written, else a set; ``x=1, y=2`` keeps its names only where gold has them."""
    if len(members) > MOST_MEMBERS:
        raise TooLarge("too many parts")
    names = [found[1] for member in members if (found := _NAMED.match(member)) is not None]
    keys = [_member(member) for member in members]
    if len(set(names)) == len(members) and (form == "" or form.startswith("names ")):
        pairs = (f"{name}={key}" for name, key in zip(names, keys, strict=True))
        return Kind.EXACT, _set(pairs), f"names {' '.join(names)}"
    if form in ("()", "[]"):
        return Kind.EXACT, f"{form[0]}{', '.join(keys)}{form[1]}", form
    if len(set(keys)) == 1:
        return Kind.EXACT, keys[0], "number"
    return Kind.EXACT, _set(keys), "list"


def _set(keys: Iterable[str]) -> str:
    return "{" + ", ".join(sorted(set(keys))) + "}"


def _both_signs(bare: str) -> tuple[Kind, str, str]:
    if (found := _ASSIGNED.match(bare)) is not None:
        bare = bare[found.end() :]
    plus = _PLUS_MINUS.sub(lambda found: "+" if found[0].startswith("\\pm") else "-", bare)
    minus = _PLUS_MINUS.sub(lambda found: "-" if found[0].startswith("\\pm") else "+", bare)
    return _listed([one for both in (plus, minus) for one in split(both, ",")], "list")


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
