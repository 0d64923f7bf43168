r"""Answers in words, compared with a gold answer by their normalised text or as plain numbers; nothing is evaluated.

An answer is read as gold is written: quotes, emphasis and a reason behind it count only where gold has them, a unit
behind a number (``75 rolls``) only where gold is no bare number. Signs inside an answer are never dropped: ``1**0`` is
not ``10``.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from .denials import is_open
from .equivalence import LONGEST_ANSWER
from .equivalence.plain import plain_number, printable
from .reading import without_reason

_WRAPPED = re.compile(
    r"\\(?:boxed|fbox|mbox|emph|underline|text(?:bf|it|rm|sf|tt)?|math(?:bf|it|rm|sf|tt)|operatorname)\s{0,4}\{([^{}]*)\}"
)
_SIZES = re.compile(r"\\(?:left|right|displaystyle|textstyle|bf|it|rm)(?![a-zA-Z])")
_BLANKS = re.compile(r"\\[;: ]|\\q?quad(?![a-zA-Z])|~|&nbsp;")
_THIN = re.compile(r"\\[,!]")
_SHORT_FRACTION = re.compile(r"\\([dt]?frac)\s{0,4}(?:([0-9])|\{([^{}]*)\})\s{0,4}(?:([0-9])|\{([^{}]*)\})")
_BRACED_SIGN = re.compile(r"(?<=[0-9])\{([,:.])\}(?=[0-9])")
_ESCAPED = re.compile(r"\\([%$#&_{}])")
_DOLLARS = re.compile(r"(?<!\\)\$")
_ENDS = ".。 "
_PAIRS = (
    *(("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("`", "`"), ('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’")),
    *(("«", "»"), ("「", "」"), ("『", "』"), ("《", "》"), ("''", "''"), ("``", "''")),
)
_NOTHING = frozenset({"$", "**", "****", "__", "``", '""'})
_AROUND = re.compile(r" ?([=<>+,:;/]) ?")
_YES_OR_NO = re.compile(r"(yes|no|true|false|是|否|对|不对)[,;:] ")
_REMARK = re.compile(
    r"(?:(?<=[^\W\d_]) |(?<=[一-鿿]))\((?![^()]*(?:\b(?:not|or|maybe|perhaps|wrong|unless|if|but)\b|\?))[^()]{4,200}\)$"
)
_AFTER_NUMBER = re.compile(r"(?<=[0-9]) (?=[a-z%°µ])")
_AFTER_SIGN = re.compile(r"^([-+]) (?=[0-9.])")
_PERCENT = re.compile(r"(?<=[0-9]) ?(?:per ?cent\b|\\?%)")
_CURRENCY = re.compile(r"^(?P<sign>[-+]?) ?[$€£¥] ?(?=[0-9.])|(?<=[0-9]) ?[€£¥$]$|(?<=[0-9]) ?元$")
_COUNTED = re.compile(r"(?P<number>[-+]?[0-9][0-9,./]*) ?(?P<words>[^\W\d_]+(?:[ /-][^\W\d_]+){0,5})")
_NO_UNITS = frozenset((
    *("or", "and", "to", "mod", "modulo", "base", "over", "plus", "minus", "times", "divided", "percent", "is", "not"),
    *("if", "when", "where", "none", "no", "only", "otherwise", "more", "less", "least", "most", "half", "halves"),
    *("third", "thirds", "quarter", "quarters", "tenths", "hundredths", "hundred", "thousand", "million", "billion"),
    *("trillion", "dozen", "dozens", "score", "gross", "remainder", "squared", "cubed", "factorial", "k", "m", "e"),
    *("x", "y", "i", "n", "pi", "th", "st", "nd", "rd", "am", "pm", "wrong", "incorrect", "than", "but", "except"),
    *("bc", "ad", "ce", "bce", "pairs", "and a half"),
))  # fmt: skip
_MEASURES = (
    *("second", "minute", "hour", "day", "week", "month", "year", "cm", "km", "mm", "meter", "metre", "kilometer"),
    *("mile", "inch", "feet", "foot", "yard", "gram", "kilogram", "kg", "pound", "ounce", "cent", "dollar", "liter"),
)
_ASKED = re.compile(rf"\b(?:how many|in|number of) (?:{'|'.join(_MEASURES)})s?\b")


def text_key(text: str) -> str:
    """The canonical form of an answer without a gold answer; ``""`` for nothing.

    A plain number becomes an exact fraction in lowest terms; everything else its text without markup, in small
    letters, blanks as one space, no full stop at the end.
    """
    return _numbered(text, _loosest(text)[-1])


def key_beside(text: str, gold: str | None, question: str = "") -> str:
    """The canonical form of an answer beside gold: gold's own where the two say the same, else ``text_key``."""
    if gold is None:
        return text_key(text)
    of_gold, golds, gold_number = _gold(gold)
    forms = _loosest(text)
    if forms[-1].endswith(")") and (remark := _REMARK.search(forms[-1])) is not None:
        forms.append(forms[-1][: remark.start()])  # mark twain (samuel clemens)
    for form in forms:
        if not form:
            continue
        if _numbered(text, form) == of_gold or _compact(form) in golds:
            return of_gold
        if gold_number and (number := _counted(form, question)) is not None and number == of_gold:
            return of_gold
    return text_key(text)


def gold_key(gold: str) -> str:
    """The canonical form of a gold answer: as written, but for markup."""
    return _gold(gold)[0]


@lru_cache(maxsize=4_096)
def _gold(gold: str) -> tuple[str, frozenset[str], bool]:
    forms = [form for form in _loosest(gold) if form]
    # what __x__ says is not x, so of gold's own marks only those go that cannot be part of a name
    kept = [form for form in forms if not forms[0].startswith(("__", "_", "`")) or form == forms[0]]
    number = plain_number(_currencyless(kept[-1])) if kept else None
    if number is not None:
        return str(number), frozenset({str(number)}), True
    key = _numbered(gold, kept[0]) if kept else ""
    return key, frozenset(map(_compact, kept)), False


def _loosest(text: str) -> list[str]:
    """The answer as written, each time without one more mark around it, and at last without a reason behind it."""
    forms = [_unmarked(text)]
    while len(forms) < 6 and (inner := _unwrapped(forms[-1])) != forms[-1]:
        forms.append(inner)
    if bare := forms[-1]:
        start, end = without_reason(bare, 0, len(bare))
        while (inner := _unwrapped(bare[start:end])) != bare[start:end]:
            bare, start, end = inner, 0, len(inner)
        forms.append(bare[start:end])
        if (plain := _YES_OR_NO.match(bare)) is not None:
            forms.append(plain[1])
    return list(dict.fromkeys(forms))


def _unmarked(text: str) -> str:
    text = printable(text[:LONGEST_ANSWER])
    if not text.isascii():
        text = "".join(chr(ord(one) - 0xFEE0) if "！" <= one <= "～" else one for one in text)
    for _ in range(3):
        text = _WRAPPED.sub(r"\1", text)
    text = _BLANKS.sub(" ", _SIZES.sub("", text))
    text = re.sub(r"(?<=[0-9])\\[,!](?=[0-9])", "", text)
    text = _THIN.sub(" ", text)
    text = _SHORT_FRACTION.sub(lambda one: f"\\{one[1]}{{{one[2] or one[3] or ''}}}{{{one[4] or one[5] or ''}}}", text)
    text = re.sub(r"\\[()\[\]]", "", _BRACED_SIGN.sub(r"\1", text))
    if len(_DOLLARS.findall(text)) % 2 == 0:
        text = _DOLLARS.sub("", text)
    text = _ESCAPED.sub(r"\1", text)
    text = " ".join(text.split()).rstrip(_ENDS).strip().casefold()
    return "" if text in _NOTHING else text


def _unwrapped(text: str) -> str:
    for left, right in _PAIRS:
        inner = text[len(left) : len(text) - len(right)]
        if (
            text.startswith(left)
            and text.endswith(right)
            and inner.strip()
            and left not in inner
            and right not in inner
        ):
            return inner.strip().rstrip(_ENDS)
    return text.rstrip("!") if text[-1:] == "!" and text[-2:-1].isalpha() else text


def _numbered(whole: str, form: str) -> str:
    if (number := plain_number(_currencyless(form))) is not None:
        return str(number)
    if len(whole) > LONGEST_ANSWER:
        return f"{form[:60]} sha256:{hashlib.sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()}"
    return form


def _currencyless(form: str) -> str:
    return _AFTER_SIGN.sub(r"\1", _CURRENCY.sub(lambda found: found["sign"] or "", form))


def _compact(form: str) -> str:
    """Blanks around signs and between a number and its unit say nothing; those between words and numbers do."""
    form = _PERCENT.sub("%", form)
    return _AFTER_SIGN.sub(r"\1", _AFTER_NUMBER.sub("", _AROUND.sub(r"\1", form)))


def _counted(form: str, question: str) -> str | None:
    """The number of ``75 rolls``, unless its words say more than what is counted, or measure in what is not asked."""
    found = _COUNTED.fullmatch(_currencyless(form))
    if found is None or is_open(form, question):
        return None
    words = set(re.split(r"[ /-]", found["words"]))
    if words & _NO_UNITS:
        return None
    measured = {one for one in _MEASURES if one in words or f"{one}s" in words}
    asked = _ASKED.findall(question.lower())
    if measured and asked and not any(one in phrase for one in measured for phrase in asked):
        return None
    number = plain_number(found["number"])
    return None if number is None else str(number)
