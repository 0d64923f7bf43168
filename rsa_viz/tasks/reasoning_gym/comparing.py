"""Comparisons of a written answer with the reference answer that need no scorer, and those that stand in for a scorer
that can be fooled. Evaluates nothing; knows no problem.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from fractions import Fraction

from ..equivalence.plain import SIGNS, plain_number
from .expression import value_and_numbers

LONGEST_KEY = 2_000
"""Characters; a longer answer is compared by its beginning and its SHA-256."""

_DECIMAL = re.compile(r"[+-]?(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]{1,50}(?:\.[0-9]{1,50})?[eE][+-]?[0-9]{1,3}")


def answer_key(text: str) -> str:
    """The canonical form of an answer: a plain decimal number as an exact fraction in lowest terms, anything else as
    its text with single blanks, without blank lines. ``0011`` is no number: in many puzzles it is not ``11``.
    Capitals count.
    """
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines())
    whole = "\n".join(line for line in lines if line)
    plain = whole.translate(SIGNS)
    if _DECIMAL.fullmatch(plain) is not None and (number := plain_number(plain)) is not None:
        return str(number)
    if len(whole) > LONGEST_KEY:
        return f"{whole[:60]} sha256:{hashlib.sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()}"
    return whole


def _number(text: str) -> Fraction | None:
    plain = text.strip().strip("$").strip().translate(SIGNS)
    return Fraction(plain) if _SCIENTIFIC.fullmatch(plain) is not None else plain_number(plain)


def same_number(answer: str, gold: str) -> bool:
    """Both are one number, and the same."""
    number = _number(answer)
    return number is not None and number == _number(gold)


def same_words(answer: str, gold: str) -> bool:
    """The same text but for capitals and blanks."""
    return answer_key(answer).casefold() == answer_key(gold).casefold()


def same_probability(answer: str, gold: str) -> bool:
    """Equal to within 0.0001 and to within one per cent of the reference answer."""
    number, true = _number(answer), _number(gold)
    return number is not None and true is not None and abs(number - true) <= min(Fraction(1, 10_000), abs(true) / 100)


def makes_the_target(answer: str, metadata: Mapping[str, object], target: object) -> bool:
    """The answer is a sum of whole numbers that uses each given number once and has exactly the target's value."""
    read, numbers = value_and_numbers(answer), metadata.get("numbers")
    if read is None or not isinstance(numbers, list) or not isinstance(target, int):
        return False
    value, used = read
    return value == target and sorted(used) == sorted(number for number in numbers if isinstance(number, int))


Compare = Callable[[str, str, Mapping[str, object]], bool]

INSTEAD: Mapping[str, Compare] = {
    # its scorer takes 0 for every probability below 0.0001
    "coin_flip": lambda answer, gold, _: same_probability(answer, gold),
    # takes 500.004 for 500, and factorials
    "countdown": lambda answer, _, metadata: makes_the_target(answer, metadata, metadata.get("target")),
    # takes any text for True
    "game_of_life_halting": lambda answer, gold, _: same_words(answer, gold),
    # takes the first digits of any text, without their sign
    "gsm_symbolic": lambda answer, gold, _: same_number(answer, gold),
    # takes any four numbers, and 24.9 for 24
    "puzzle24": lambda answer, _, metadata: makes_the_target(answer, metadata, 24),
    # takes the right word with anything behind it
    "spell_backward": lambda answer, gold, _: same_words(answer, gold),
}
"""Generators whose scorer takes wrong answers, and the comparison that is made instead: of an answer, the reference
answer and the problem's own metadata."""
