r"""What an answer says, in one canonical form: a number, an expression, a tuple, a set, an interval, words.

An answer is read as the gold answer is written: what it leaves open is read as gold has it. A bare ``1, 2`` is a tuple
where gold is one, else a set; units and ``\pmod`` count only where gold has them; ``x = 70`` is 70 unless gold names
several letters. So a canonical form depends on the answer and on gold alone, never on other answers or their order.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from .algebra import Sum, TooLarge, Unreadable
from .cleaning import clean, worded
from .plain import LONGEST_ANSWER, answer_key, plain_number
from .structures import LOOSE_BLANK, Kind, structure
from .units import conflict, number_in_words

DEEPEST = 60
"""Nested brackets of an answer that is looked into."""

LONGEST_REMEMBERED = 300
"""Characters of an answer whose reading is kept for the next chain that gives it."""


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
    if gold is not None and (found := _as_gold(text, gold, like)) is not None:
        return found
    if gold is not None and "\\log" in text and "\\ln" in gold and not BARE_LOG.search(gold):
        text = BARE_LOG.sub("\\\\ln ", text)
    bare, qualifier, whole, cut = clean(text, listed=listed, number=like.form == "number")
    words = worded(whole)
    if not words:
        return NOTHING
    if like.form == "number" and (number := number_in_words(worded(bare))) is not None:
        return Reading(Kind.EXACT, str(number), bare, qualifier, "number")
    if _is_words(words, like.kind):
        return Reading(Kind.WORDS, answer_key(words), whole)
    ways = [(bare, qualifier), (whole, "")]
    if gold is not None and not like.qualifier and _are_letters(cut, gold):
        ways.reverse()
    for one, its_qualifier in ways:
        try:
            kind, key, form = structure(one, like.form)
        except TooLarge:
            return _beyond(text)
        except Unreadable:
            continue
        if conflict(its_qualifier, like.qualifier):
            key = f"{key} {its_qualifier}"
        return Reading(kind, key, one, its_qualifier, form)
    if _TOWER.search(words):
        return _beyond(text)
    if _TWO_NUMBERS.search(words) or _OTHER_SCRIPT.search(words):
        return Reading(Kind.WORDS, answer_key(words), whole)
    return Reading(Kind.OPAQUE, f"~ {LOOSE_BLANK.sub('', words)}", bare, qualifier)


def _as_gold(text: str, gold: str, like: Reading) -> Reading | None:
    r"""The right side of ``22/7 \approx 3.14`` where gold is that decimal; else None, and the left side counts."""
    if like.form != "number" or "." not in gold or (found := _APPROXIMATE.search(text)) is None:
        return None
    rounded = read(text[found.end() :], gold)
    return rounded if rounded.key == like.key else None


def _are_letters(cut: str, gold: str) -> bool:
    """Whether what was cut as a unit are letters that gold has: ``2 h`` is a product where gold is ``2h``."""
    letters = re.findall(r"[a-zA-Z]+", cut)
    return bool(letters) and all(
        len(one) == 1 and re.search(rf"(?<![a-zA-Z\\]){one}(?![a-zA-Z])", gold) for one in letters
    )


_read_once = lru_cache(maxsize=16_384)(_read)

_LISTED = ("()", "[]", "list", "set")
_MATHEMATICAL = re.compile(r"[0-9\\=<>^{}_+*/!|√π]")
_LONG_RUN = re.compile(r"[^\W\d_]{4}")
_RUN = re.compile(r"[^\W\d_]{2}")
_TWO_NUMBERS = re.compile(r"(?<![_^0-9.])[0-9]+ +[0-9]")
_TOWER = re.compile(r"[0-9)}] *\^ *[{(]* *[0-9]+ *\^ *[{(]* *[0-9]")
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-Zα-ωΑ-Ω]")
_APPROXIMATE = re.compile(r"\\approx(?![a-zA-Z])|≈")
BARE_LOG = re.compile(r"\\log(?![a-zA-Z])(?! *_) *")
"""A logarithm without a base leaves it open: it is natural where gold is written with ``\\ln``."""


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
