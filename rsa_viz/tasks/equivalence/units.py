r"""What may stand behind a number without changing it: units, currencies, angles, counted things; and what may not.

A unit has one canonical form (``hrs`` is ``hour``, ``square centimeters`` is ``centimeter^2``). Any other word is a
counted thing (``70 apples``) unless it says something about the number (``squared``, ``dozen``, ``or``, ``wrong``).
Knows no notation of mathematics.
"""

from __future__ import annotations

import re

_MEASURES = {
    "meter": "m metre",
    "kilometer": "km kilometre",
    "centimeter": "cm centimetre",
    "decimeter": "dm decimetre",
    "millimeter": "mm millimetre",
    "inch": "in inches",
    "foot": "ft feet",
    "yard": "yd",
    "mile": "mi",
    "gram": "g gramme gm",
    "kilogram": "kg kilo kilogramme",
    "milligram": "mg",
    "ton": "tonne",
    "pound": "lb gbp £",
    "ounce": "oz",
    "liter": "l litre",
    "milliliter": "ml millilitre",
    "second": "s sec",
    "minute": "min",
    "hour": "h hr",
    "day": "",
    "week": "wk",
    "month": "",
    "year": "yr",
    "dollar": "usd buck",
    "cent": "¢ penny pennies",
    "euro": "eur €",
    "yen": "¥ jpy",
    "rupee": "₹ inr",
    "degree": "° deg",
    "celsius": "centigrade",
    "fahrenheit": "",
    "radian": "rad",
    "newton": "",
    "joule": "",
    "watt": "",
    "volt": "",
    "ampere": "amp",
    "hertz": "hz",
    "pascal": "pa",
    "kelvin": "",
    "unit": "",
}
_CANONICAL = {written: name for name, others in _MEASURES.items() for written in (name, *others.split())}
_SPEED = re.compile(r"\b(?:mph|kph|kmh|kmph)\b")
_SPEEDS = {"mph": "mile / hour", "kph": "kilometer / hour", "kmh": "kilometer / hour", "kmph": "kilometer / hour"}
_POWERS = {"square": 2, "sq": 2, "squared": 2, "cubic": 3, "cu": 3, "cubed": 3}
_LOOSE = ("dollar", "cent", "euro", "yen", "rupee", "degree", "radian")
"""Currencies and angles: written before or above the number, so that a counted thing may stand beside them."""

_SAYS_NOTHING = frozenset(
    ("total", "in", "all", "altogether", "overall", "together", "exactly", "precisely", "each", "the", "a", "of")
)
_TO_NINETEEN = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = {word: value for value, word in enumerate(_TO_NINETEEN.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
_OPERATIONS = """
plus minus times divided multiplied over mod modulo base squared cubed square cube factorial doubled tripled
quadrupled halved double triple twice thrice half halves third thirds fourth fourths fifth fifths sixth sixths
seventh sevenths eighth eighths ninth ninths tenth tenths eleventh elevenths twelfth twelfths twentieth twentieths
hundredth hundredths thousandth thousandths millionth millionths billionth billionths dozen dozens score gross
hundred hundreds thousand thousands million millions billion billions trillion trillions lakh lakhs crore crores k
mn bn percent percents percentage pct permille mille ppm bps mega giga milli micro nano choose permute remainder
sqrt root cuberoot raised increased decreased reduced negated inverted reversed reciprocal inverse negative positive
power exponent sin cos tan log ln exp pi tau infinity infinite infinitely binary octal hex hexadecimal ternary
imaginary i e r point union added subtracted summed less more fewer greater larger smaller higher lower bigger above
below under least most almost nearly up down onwards upwards beyond ish
"""
_DOUBTS = """
or and but nor neither either both not no never none nothing without except excluding unless if iff when where
whenever while otherwise else instead rather to than through until till between versus vs out about is isnt was are
were be been being am do does did has have had can cannot could should would may might must shall will that this
these those which because since as such so too many much any every some something anything maybe perhaps possibly
probably presumably unknown unclear uncertain unsure undefined undetermined indeterminate wrong incorrect false
untrue true correct right invalid impossible mistaken contradiction error guess guessed estimate odd even prime real
option step nan inf null rational irrational composite complex divides divisible equals equal differs only
"""
_CHANGES = frozenset((*NUMBERS, *_OPERATIONS.split(), *_DOUBTS.split()))
"""Words that change the number before them, join it to another, restrict, doubt or deny it."""

_DESCRIBING = """
right real prime odd even positive negative rational irrational complex composite imaginary double triple binary ternary
correct incorrect wrong false true equal infinite possible such
"""
_ADJECTIVES = frozenset(_DESCRIBING.split())
"""Counted things may have them (``27 positive integers``); alone they speak of the number."""

_BETWEEN = frozenset(("of", "for", "in", "on", "at", "with", "from", "by", "per"))
_WORD = re.compile(r"[a-zµ°¢€£¥₹]+(?:\^-?[1-9])?|/")


def is_unit(words: str) -> bool:
    """Whether words behind a number leave the number as it is."""
    found = [word.partition("^")[0] for word in _words(words)]
    if " ".join(found) in ("in total", "in all", "of them", "in", "per"):
        return found != ["per"]
    for place, word in enumerate(found):
        followed = place + 1 < len(found) and found[place + 1] not in _CHANGES
        if word in _POWERS and any(
            _name(one) or one == "unit" for one in (*found[place - 1 : place], *found[place + 1 :])
        ):
            continue
        if word in _CHANGES and not (word in _ADJECTIVES and followed):
            return False
        if word in _BETWEEN and not (followed and (place or word == "per")):
            return False
    return bool(found)


def is_known(words: str) -> bool:
    """Whether words are nothing but units that are known here, or ``units``."""
    found = [word.partition("^")[0] for word in _words(words)]
    return any(map(_name, found)) and all(_name(word) or word in _POWERS or word in ("/", "per") for word in found)


def canonical(words: str) -> str:
    """One form of a unit; ``""`` for one that says nothing (``units``, ``in total``)."""
    found = _words(words)
    exponents: dict[str, int] = {}
    below, power, last = False, 1, ""
    for word in found:
        bare, _, written = word.partition("^")
        if bare in ("us", "american") and "dollar" in words.lower():
            continue
        if bare in ("/", "per"):
            below = True
        elif bare in ("squared", "cubed") and last:
            exponents[last] *= _POWERS[bare]
        elif bare in _POWERS:
            power = _POWERS[bare]
        elif name := _name(bare):
            exponents[name] = exponents.get(name, 0) + int(written or power) * (-1 if below else 1)
            below, power, last = False, 1, name
        else:
            return " ".join(_singular(one) for one in found if one not in _SAYS_NOTHING)
    if "celsius" in exponents or "fahrenheit" in exponents:
        exponents.pop("degree", None)
    if exponents == {"unit": 1}:
        return ""
    return " ".join(name if power == 1 else f"{name}^{power}" for name, power in sorted(exponents.items()) if power)


def conflict(one: str, other: str) -> bool:
    """Whether two canonical units are of different things: never where one is missing."""
    if not one or not other or one == other:
        return False
    for unit, beside in ((one, other), (other, one)):
        if unit == "degree" and beside in ("celsius", "fahrenheit"):
            return False
        if unit in _LOOSE and not _measured(beside):
            return False
        if unit.startswith("unit^") and _measured(beside):
            return _dimension(unit) != _dimension(beside)
    return True


def number_in_words(words: str) -> int | None:
    """The whole number below a thousand that the words are (``seventy-one``), or None."""
    found = re.findall(r"[a-z]+", words.lower())
    if not found or not re.fullmatch(r"[A-Za-z -]+", words):
        return None
    value = 0
    if len(found) > 1 and found[1] == "hundred" and 1 <= NUMBERS.get(found[0], 0) <= 9:
        value, found = 100 * NUMBERS[found[0]], [word for word in found[2:] if word != "and"]
        if not found:
            return value
    parts = [NUMBERS.get(word) for word in found]
    if len(parts) == 1 and parts[0] is not None:
        return value + parts[0]
    if len(parts) == 2 and parts[0] is not None and parts[1] is not None and parts[0] >= 20 and 1 <= parts[1] <= 9:
        return value + parts[0] + parts[1]
    return None


def _words(words: str) -> list[str]:
    plain = re.sub(r"[{ ]*\^[{ ]*", "^", words.lower()).replace("}", " ")
    return [str(one) for one in _WORD.findall(_SPEED.sub(lambda found: _SPEEDS[found[0]], plain))]


def _name(word: str) -> str:
    """The canonical name of a unit, ``""`` of another word."""
    return _CANONICAL.get(word) or (_CANONICAL.get(word[:-1], "") if len(word) > 2 and word.endswith("s") else "")


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _measured(unit: str) -> bool:
    return re.sub(r"\^-?[1-9]", "", unit).split(" ")[0] in _MEASURES


def _dimension(unit: str) -> int:
    return sum(int(part.partition("^")[2] or 1) for part in unit.split(" "))
