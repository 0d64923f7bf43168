r"""An answer without what says nothing: markup, currency signs, sizes of brackets, grouped digits, typographic signs.

What qualifies a number (a unit, ``\pmod{1000}``) is cut off and kept apart. Linear in the length; knows no algebra.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from .plain import printable


class Cleaned(NamedTuple):
    """The bare answer, what qualifies it (``cm^2``, ``mod 7``; "" for nothing), and both together as cleaned."""

    text: str
    qualifier: str
    whole: str


_TEXT = r"\\(?:text|textrm|mathrm|mbox|operatorname)"
_FONTS = re.compile(rf"(?:{_TEXT}|\\(?:boxed|fbox|text(?:bf|it|sf)|math(?:bf|it|sf)|emph|bold|bm)) *\{{([^{{}}]*)\}}")
_ALL_TEXT = re.compile(rf"{_TEXT} *\{{([^{{}}]*)\}}")
_PLAIN_FONTS = re.compile(r"\\(?:mathbf|mathit|textbf|textit|emph|underline|bm|boxed|fbox|bold) *\{([^{}]*)\}")
_MARKUP = re.compile(
    r"\*\*(?=\S)|(?<=\S)\*\*(?=\W|$)|__|`|(?<!\\)\\[()\[\]]|"
    r"\\(?:left|right|displaystyle|textstyle|limits|[bB]ig[lr]?)(?![a-zA-Z])"
)
_BREAKS = r"\{,\}|\\[,;:! ]|,\\!|\{,\\!\}|'| "
_GROUPS, _GROUPS_OR_COMMAS = (
    re.compile(rf"(?<![0-9.,])([0-9]{{1,3}}(?:(?:{breaks})[0-9]{{3}})+)(?![0-9]|\{{?,[0-9])")
    for breaks in (_BREAKS, f"{_BREAKS}|,")
)
_BRACKETED = re.compile(r"[(\[]|\\\{")
_SPACES = re.compile(r"(?<!\\)\\(?:[,;:! ]|quad(?![a-z])|qquad(?![a-z]))|~|&nbsp;")
_CURRENCY = re.compile(r"\\?\$|[€£¥₹]|(?<![a-zA-Z\\])(?:USD|EUR|GBP|US)(?![a-zA-Z])")
_MODULO = re.compile(
    r" *(?:\\pmod *(?:\{([^{}]{1,40})\}|([0-9a-z]))|\(? *(?:\\bmod|\\mod|mod(?:ulo)?) *\{?([0-9a-z]{1,40})\}? *\)?)$"
)
_ONE_UNIT = r"[a-zA-Zµ°]{1,20}(?:\^\{?-?[1-4]\}?)?"
_UNIT_GROUP = re.compile(
    rf"{_TEXT} *\{{ *({_ONE_UNIT}(?:[ ./·-]{{1,2}}{_ONE_UNIT}){{0,5}})\.? *\}} *(\^ *\{{?[1-4]\}}?)? *$"
)
_UNIT_WORDS = re.compile(
    rf"(?<=[0-9.)}}\]%]) +((?=[a-zA-Zµ]{{2}}|[mgshL](?:$|\^)){_ONE_UNIT}(?:[ /-]{_ONE_UNIT}){{0,5}})$"
)
_UNIT_ATTACHED = re.compile(
    r"(?<=[0-9.)])(mm|cm|dm|km|kg|mg|ml|mL|mph|kph|km/h|m/s|lbs?|oz|hrs?|mins?|secs?|pts?|st|nd|rd|th|in|ft|yd|"
    r"[mckd]?m\^\{?[23]\}?)$"
)
_DEGREES = re.compile(r" *(?:\^ *\{? *\\circ *\}?|°|\\degree|\\deg)(?: *[CF])?$")
_NOT_UNITS = frozenset(
    (
        *(
            "or",
            "and",
            "to",
            "mod",
            "modulo",
            "base",
            "over",
            "plus",
            "minus",
            "times",
            "divided",
            "percent",
            "is",
            "not",
        ),
        *(
            "if",
            "when",
            "where",
            "for",
            "all",
            "any",
            "in",
            "union",
            "infinity",
            "infinite",
            "none",
            "no",
            "only",
            "odd",
        ),
        *(
            "otherwise",
            "undefined",
            "even",
            "prime",
            "real",
            "imaginary",
            "sin",
            "cos",
            "tan",
            "log",
            "ln",
            "pi",
            "exp",
        ),
        *("hundred", "thousand", "million", "billion", "trillion", "remainder", "sqrt", "r", "are", "of"),
    )
)
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SCALE = re.compile(
    rf"(?<=[0-9)}}]) *(?:{_TEXT} *\{{ *)?({'|'.join(_SCALES)})(?: [a-z]{{2,20}})? *\}}?$", re.IGNORECASE
)
_PERCENT = re.compile(rf" *(?:{_TEXT} *\{{ *per ?cent *\}}|per ?cent)$", re.IGNORECASE)
_WIDE = str.maketrans(
    dict(zip("，（）：．％＝＋‑—", ",():.%=+--", strict=True))
    | {"×": "\\times ", "⋅": "\\cdot ", "∙": "\\cdot ", "±": "\\pm ", "∓": "\\mp ", "≤": "\\le ", "≥": "\\ge "}
    | {"∞": "\\infty ", "∪": "\\cup ", "∈": "\\in ", "∅": "\\emptyset ", "⟨": "\\langle ", "⟩": "\\rangle "}
    | {"²": "^2", "³": "^3", "⁴": "^4", "½": "\\frac{1}{2}", "¼": "\\frac{1}{4}", "¾": "\\frac{3}{4}"}
)


def clean(text: str, *, listed: bool = False) -> Cleaned:
    """The bare answer and its qualifier; nothing is known yet of whether the rest is a number.

    ``listed`` says that commas part numbers: ``1,200`` is two of them. They do so in brackets too.
    """
    text = printable(text)
    if not text.isascii():
        text = "".join(_digit(letter) for letter in text.translate(_WIDE))
    text = _MARKUP.sub("", text.strip())
    text = _CURRENCY.sub("", text)
    for _ in range(3):
        text = _PLAIN_FONTS.sub(r"\1", text)
    if (found := _ALL_TEXT.fullmatch(text.strip())) is not None:
        text = found[1]
    groups = _GROUPS if listed or _BRACKETED.search(text) else _GROUPS_OR_COMMAS
    text = groups.sub(lambda found: re.sub(r"[^0-9]", "", found[1]), text)
    text = " ".join(_SPACES.sub(" ", text).split())
    text = _ended(text)
    text = _PERCENT.sub(r"\\%", text)
    whole = text
    text, qualifier = _without_qualifier(text)
    if (scale := _SCALE.search(text)) is not None:
        text = f"({text[: scale.start()]})*10^{_SCALES[scale[1].lower()]}"
    return Cleaned(_ended(text), qualifier, whole)


def worded(text: str) -> str:
    r"""A cleaned text without its fonts: ``\text{Thursday}`` is ``Thursday``."""
    for _ in range(3):
        text = _FONTS.sub(r"\1", text)
    return " ".join(text.split())


def _ended(text: str) -> str:
    """Without a full stop or a comma at the end."""
    while text and text[-1] in ".,;":
        text = text[:-1].rstrip()
    return text.strip("*_ ") if text[-1:] in "*_" or text[:1] in "*_" else text


def _digit(letter: str) -> str:
    """Decimal digits of every script, to ASCII; superscripts and others stay as they are."""
    return str(unicodedata.digit(letter)) if unicodedata.category(letter) == "Nd" else letter


def _without_qualifier(text: str) -> tuple[str, str]:
    if (found := _MODULO.search(text)) is not None and found.start():
        return text[: found.start()], "mod " + "".join(part for part in found.groups() if part)
    if (found := _DEGREES.search(text)) is not None and found.start():
        return text[: found.start()], ""
    if (found := _UNIT_GROUP.search(text)) is not None and found.start() and _is_unit(found[1]):
        rest = text[: found.start()].rstrip()
        return rest, _unit(found[1] + (found[2] or ""))
    if (found := _UNIT_ATTACHED.search(text)) is not None:
        return text[: found.start()], _unit(found[1])
    if (found := _UNIT_WORDS.search(text)) is not None and _is_unit(found[1]):
        return text[: found.start()], _unit(found[1])
    return text, ""


def _is_unit(words: str) -> bool:
    return not _NOT_UNITS & {word.lower() for word in re.split(r"[^a-zA-Z]+", words)}


def _unit(words: str) -> str:
    return re.sub(r"[{} ^.]", "", words).lower()
