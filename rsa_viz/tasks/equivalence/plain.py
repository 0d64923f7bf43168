r"""Answers as text and as plain numbers: a canonical form that nothing is evaluated for.

Knows no algebra: ``2\sqrt{3}`` is text here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from fractions import Fraction

LONGEST_ANSWER = 2_000
"""Characters of an answer that are compared; a longer one is compared by its beginning and its SHA-256."""

LONGEST_NUMBER = 100
"""Digits; a longer number is compared as text."""

_WRAPPED = re.compile(r"\\(?:boxed|fbox|text|textbf|mathrm|mathbf)\s{0,4}\{([^{}]*)\}")
_DROPPED = re.compile(r"\*\*|__|`|\\[()\[\],;:! ]|\\(?:left|right|displaystyle)(?![a-zA-Z])|\$")
_NUMBER = re.compile(r"([+-]?)(?:([0-9]+(?:,[0-9]{3})*)(?:\.([0-9]*))?|\.([0-9]+))")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+")
_FRACTION = re.compile(r"([+-]?)\\[dt]?frac\s{0,4}\{\s*([+-]?[0-9]+)\s*\}\s{0,4}\{\s*([0-9]+)\s*\}")
_QUOTIENT = re.compile(r"([+-]?[0-9]+)\s{0,4}/\s{0,4}([0-9]+)")
SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-", "\u00a0": " ", "\u202f": " ", "’": "'"})
"""Typographic signs and blanks, to their plain ones."""


def answer_key(text: str) -> str:
    """The canonical form of an answer; answers are equal exactly when their keys are. ``""`` for nothing.

    Numbers (integers, decimals, thousands with commas, quotients, ``\\frac``) become an exact fraction in lowest
    terms; everything else becomes its text without markup, in small letters, blanks as one space, no full stop at
    the end. No number of more than LONGEST_NUMBER digits is read as one, and nothing is evaluated.
    """
    whole = text
    text = printable(text[:LONGEST_ANSWER])
    text = _WRAPPED.sub(r"\1", text)
    text = _DROPPED.sub("", text)
    text = " ".join(text.split()).rstrip(".").strip().casefold()
    if (number := plain_number(text)) is not None:
        return str(number)
    if len(whole) > LONGEST_ANSWER:
        return f"{text[:60]} sha256:{hashlib.sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()}"
    return text


def printable(text: str) -> str:
    """Composed characters, plain minus signs, a blank for each control character."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text).translate(SIGNS)
    return "".join(letter if letter.isprintable() else " " for letter in text)


def plain_number(text: str) -> Fraction | None:
    """The number that the whole text is, or None."""
    if len(text) > LONGEST_NUMBER + 20:
        return None
    if (found := _FRACTION.fullmatch(text)) is not None:
        sign, top, bottom = found.groups()
    elif (found := _QUOTIENT.fullmatch(text)) is not None:
        sign, top, bottom = "", found[1], found[2]
    elif (found := _NUMBER.fullmatch(text)) is not None:
        sign, units, decimals = found[1], found[2] or "0", found[3] or found[4] or ""
        if not _GROUPED.fullmatch(units):
            return None
        top, bottom = units.replace(",", "") + decimals, "1" + "0" * len(decimals)
    else:
        return None
    if int(bottom) == 0:
        return None
    number = Fraction(int(top), int(bottom))
    return -number if sign == "-" else number
