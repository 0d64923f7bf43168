r"""An answer without what says nothing: markup, colours, currency signs, grouped digits, typographic signs, lead words.

What qualifies a number (a unit, a currency, ``\pmod{1000}``) is cut off and kept apart. What denies, doubts or changes
it stays, and makes it another answer. Linear in the length; knows no algebra.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from .plain import printable
from .units import canonical, is_known, is_unit, number_in_words


class Cleaned(NamedTuple):
    """The bare answer, what qualifies it (``centimeter^2``, ``mod 7``; "" for nothing), both together as cleaned, and
    the cut words as they were written."""

    text: str
    qualifier: str
    whole: str
    cut: str = ""


_TEXT = r"\\(?:text|textrm|textnormal|mathrm|mbox|hbox|operatorname)"
_STYLES = r"\\(?:boxed|fbox|text(?:bf|it|sf|tt|sc|up|sl|md)|math(?:bf|it|sf|tt)|emph|underline|bold|boldsymbol|bm|pmb)"
_FONTS = re.compile(rf"(?:{_TEXT}|{_STYLES}) *\{{([^{{}}]*)\}}")
_ALL_TEXT = re.compile(rf"{_TEXT} *\{{([^{{}}]*)\}}")
_PLAIN_FONTS = re.compile(rf"{_STYLES} *\{{([^{{}}]*)\}}")
_CONSTANT = re.compile(r"\\mathrm *\{ *([ie]|\\pi) *\}")
_COLOURS = re.compile(
    r"\\(?:textcolor|color|colorbox|fcolorbox *\{[^{}]{1,40}\}) *(?:\[[a-zA-Z]{1,9}\])? *\{[^{}]{1,40}\}"
)
_LABEL = re.compile(rf"(?:{_TEXT}|\\textbf) *\{{ *\([A-E]\) *\}}[ ~]*(?=[^\s,;])|\([A-E]\) +(?=[-+0-9\\])")
_END_MARKS = re.compile(r"(?:(?:\\[ ,;:!]| )*\\(?:checkmark|square|blacksquare|Box|qed)(?![a-zA-Z]))+ *$")
_INVISIBLE = re.compile(r"\\(?:[hv]?phantom|[hv]space\*?|label|tag\*?|(?:text|mbox|textbf)(?= *\{\s*\})) *\{[^{}]*\}")
_SWITCHES = re.compile(
    r"\\(?:left|right|displaystyle|textstyle|scriptstyle|limits|nolimits|middle|[bB]ig{1,2}[lrm]?|bf|it|rm|tt|sf|sc|em|"
    r"bfseries|itshape|tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge|Huge|centering|strut|"
    r"nonumber|notag)(?![a-zA-Z])"
)
_MARKUP = re.compile(r"(?<![\w)}\]*])\*\*(?=[^\s*])([^*]*[^\s*])\*\*(?![\w({\\])|(?<!\\)\\[()\[\]]")
_POWER = re.compile(r"(?<=[\w)}\]]) *\*\* *(?=[\w({\\.+-])")
_ENDS = re.compile(r"^(?:\*\*|__|`|\\\\)+|(?:\*\*|__|`|\\\\)+$")
_PAIRED = re.compile(r"([*_`])([^*_`]*)\1")
_BRACED_SIGN = re.compile(r"(?<![\^_\\a-zA-Z}])\{ *([-+:<>=]) *\}")
_BREAKS = r"\{,\}|\\[,;:! ]|,\\!|\{,\\!\}|'| "
_GROUPS, _GROUPS_OR_COMMAS = (
    re.compile(rf"(?<![0-9.,])([1-9][0-9]{{0,2}}(?:(?:{breaks})[0-9]{{3}})+)(?![0-9]|\{{?,[0-9])")
    for breaks in (_BREAKS, f"{_BREAKS}|,")
)
_BRACKETED = re.compile(r"[(\[]|\\\{")
_THIN_PRODUCT = re.compile(r"(?<=[0-9])\\, *(?=[0-9]+ *\^)")
_SPACES = re.compile(r"(?<!\\)\\(?:[,;:! ]|quad(?![a-z])|qquad(?![a-z]))|~|&nbsp;")
_DOLLARS = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")
_CURRENCY = re.compile(r"\\?\$|[€£¥₹]|(?<![a-zA-Z\\])(?:USD|EUR|GBP|US)(?![a-zA-Z])")
_CURRENCIES = {"€": "euro", "EUR": "euro", "£": "pound", "GBP": "pound", "¥": "yen", "₹": "rupee"}
_EMPTY = re.compile(rf"{_TEXT} *\{{\s*\}}")
_WORDED_MODULO = re.compile(rf"{_TEXT} *\{{ *(\(? *)mod(?:ulo)? *([0-9]{{0,40}}) *(\)?) *\}}")
_MODULO = re.compile(
    r" *(?:\\pmod *(?:\{([^{}]{1,40})\}|([0-9a-z]))|\(? *(?:\\bmod|\\mod|mod(?:ulo)?) *\{?([0-9]{1,40}|[a-z])\}? *\)?)$"
)
_REMAINDER = re.compile(r"([0-9]{1,30}) *(?:\\bmod|\\mod|mod) *\{?([0-9]{1,30})\}?")
_LEAD = (
    r"(?:so|thus|hence|therefore|then|finally|the|our|my|its|final|correct|answer|result|solution|value|total|sum|remainder|"
    r"probability|area|length|volume|perimeter|product|ratio|number|is|"
    r"equals|equal to|we (?:get|have|find|obtain))"
)
_LEADS = re.compile(
    rf"(?:(?:{_TEXT}|\\textbf) *\{{ *(?:{_LEAD}(?![a-zA-Z])[ ,:=]*)+\}}|(?:{_LEAD}(?![a-zA-Z])[ ,:=]*)+"
    rf"|\\(?:therefore|implies|Rightarrow|Longrightarrow|approx|simeq)(?![a-zA-Z])) *[:=]? *(?=[^\s=:])",
    re.IGNORECASE,
)
_MATHEMATICAL = re.compile(r"[0-9\\=^∞π√]|(?:^|[^a-zA-Z])[a-zA-Z](?![a-zA-Z])")
_NAME = re.compile(
    rf"[a-zA-Z]{{1,20}}(?:_\{{?[a-zA-Z0-9]{{1,3}}\}}?)?(?: *\([0-9a-z]{{1,3}}\))?|{_TEXT} *\{{[a-zA-Z ]{{1,30}}\}}|"
    r"\\(?:alpha|beta|gamma|delta|theta|phi|varphi|lambda|mu|sigma|omega|Delta)|"
)
_DECIMAL = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_VALUE = re.compile(r"[0-9=]|\\(?:pi|ln|log|sin|cos|tan|sqrt|frac)(?![a-zA-Z])|^e$|^e\^|√")
_APPROXIMATE = re.compile(r"\\(?:approx|simeq)(?![a-zA-Z])")
_DENIAL = re.compile(rf"(?<=\S) *(?:, *(?:and )?|[;(] *)(?:{_TEXT} *\{{ *)?not (?! )([^,()]{{1,40}}?)\}}? *\)?$")
_REPEATED = re.compile(r"([-+]?[0-9]*\.[0-9]*?)(?:([0-9])\2{2,}|([0-9]{2,9})\3+) *\\[lcd]?dots$")
_COMMA = re.compile(r"[-+]?(?:0(?:,|\{,\})[0-9]+|[0-9]+(?:,|\{,\})[0-9]{1,2})")
_ONE_UNIT = r"[a-zA-Zµ°¢]{1,20}(?: ?\^ ?\{?-?[1-4]\}?)?"
_UNITS = rf"{_ONE_UNIT}\.?(?:[ ./·-]{{1,2}}{_ONE_UNIT}){{0,5}}"
_JOINED = re.compile(rf"({_TEXT} *\{{[^{{}}]*)\}} *(/|\\cdot|·| )? *{_TEXT} *\{{")
_UNIT_FRACTION = re.compile(
    rf"\\[dt]?frac *\{{ *{_TEXT} *\{{([^{{}}]*)\}} *\}} *\{{ *{_TEXT} *\{{([^{{}}]*)\}}([^{{}}]{{0,3}})\}}$"
)
_UNIT_GROUP = re.compile(rf"{_TEXT} *\{{ *({_UNITS})\.? *\}} *(\^ *\{{?-?[1-4]\}}?)? *$")
_UNIT_BRACKETED = re.compile(
    rf" *(?:{_TEXT} *\{{ *)?[(\[] *(?:{_TEXT} *\{{ *)?({_UNITS})\.? *\}}? *(\^ *\{{?[1-4]\}}?)? *[)\]] *\}}?$"
)
_UNIT_WORDS = re.compile(
    rf"(?<=[0-9.)}}\]%]) +((?=[a-zA-Zµ]{{2}}|[mgshL](?:$|[\^/])){_UNITS})$|(?<=\\pi) +((?=[a-zA-Z]{{2}}){_UNITS})$"
)
_UNIT_ATTACHED = re.compile(
    r"(?<=[0-9.)])(mm|cm|dm|km|kg|mg|ml|mL|mph|kph|km/h|m/s|lbs?|oz|hrs?|mins?|secs?|pts?|st|nd|rd|th|in|ft|yd|¢|"
    r"[mckd]?m\^\{?[23]\}?)$"
)
_NUMBER_BRACKETED = re.compile(rf" *(?:{_TEXT} *\{{ *)?\( *(?:{_TEXT} *\{{ *)?([a-z -]{{3,30}})[ )}}]{{1,4}}$")
_DEGREES = re.compile(
    rf" *(?:\^ *\{{? *\\circ *\}}?|°|\\degree|\\deg|{_TEXT} *\{{ *° *\}})(?: *(?:{_TEXT} *\{{)? *([CF]) *\}}?)?$"
)
_ANGLE_OF = re.compile(r"\\?(?:sin|cos|tan|cot|sec|csc)(?![a-zA-Z])")
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SCALE = re.compile(
    rf"(?<=[0-9)}}]) *(?:{_TEXT} *\{{ *)?({'|'.join(_SCALES)})(?: ([a-z]{{2,20}}))? *\}}?$", re.IGNORECASE
)
_PERCENT = re.compile(rf" *(?:{_TEXT} *\{{ *per ?cent *\}}|per ?cent)$", re.IGNORECASE)
_WIDE = str.maketrans(
    dict(zip("，（）：．％＝＋‑—；", ",():.%=+--;", strict=True))
    | {"×": "\\times ", "⋅": "\\cdot ", "∙": "\\cdot ", "±": "\\pm ", "∓": "\\mp ", "≤": "\\le ", "≥": "\\ge "}
    | {"∞": "\\infty ", "∪": "\\cup ", "∈": "\\in ", "∅": "\\emptyset ", "⟨": "\\langle ", "⟩": "\\rangle "}
    | {"½": "\\frac{1}{2}", "¼": "\\frac{1}{4}", "¾": "\\frac{3}{4}", "≈": "\\approx ", "…": "\\ldots "}
    | {"⅓": "\\frac{1}{3}", "⅔": "\\frac{2}{3}", "∴": "\\therefore ", "π": "\\pi ", "≠": "\\neq "}
)
_RAISED, _LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "₀₁₂₃₄₅₆₇₈₉"
_SCRIPTS = re.compile(f"([{_RAISED}]+)|([{_LOWERED}]+)")
_LOOSE = (("\\lbrace", "\\{"), ("\\rbrace", "\\}"), ("\\colon", ":"), ("\\%", "%"), ("%", "\\%"), ("...", "\\ldots "))
_INFIX = re.compile(
    r"\{([^{}]{1,60})\\(over|choose)(?![a-zA-Z])([^{}]{1,60})\}|([^{}]{1,60})\\(over)(?![a-zA-Z])([^{}]{1,60})"
)
_BARE_MATRIX = re.compile(r"[(\[] *\\begin *\{matrix\}(.*)\\end *\{matrix\} *[)\]]", re.DOTALL)
_NATURAL = re.compile(r"\\log *_ *(?:e|\{ *e *\})(?![a-zA-Z]) *")


def clean(text: str, *, listed: bool = False, number: bool = False) -> Cleaned:
    """The bare answer and its qualifier; nothing is known yet of whether the rest is a number.

    ``listed`` says that commas part numbers: ``1,200`` is two of them. They do so in brackets too. ``number`` says that
    one number is looked for: ``0,5`` is a half.
    """
    text = printable(text)
    if not text.isascii():
        text = "".join(_digit(letter) for letter in _SCRIPTS.sub(_script, text.translate(_WIDE)))
    if len(text) > 1 and not text.isalnum():
        text = _unmarked(text.strip())
    text, currency = _without_currency(text)
    if (found := _ALL_TEXT.fullmatch(text.strip())) is not None:
        text = found[1]
    if number and _COMMA.fullmatch(text.strip()):
        text = text.replace("{,}", ".").replace(",", ".")
    groups = _GROUPS if listed or _BRACKETED.search(text) else _GROUPS_OR_COMMAS
    text = groups.sub(lambda found: re.sub(r"[^0-9]", "", found[1]), text)
    if "\\," in text:
        text = _THIN_PRODUCT.sub("\\\\cdot ", text)
    if "\\" in text or "~" in text or "&" in text:
        text = _SPACES.sub(" ", text)
    text = " ".join(text.split())
    text = _exact_side(_ended(_led(_ended(text))))
    if "ent" in text or "ENT" in text:
        text = _PERCENT.sub(r"\\%", text)
    whole = text
    text, qualifier, cut = _without_qualifier(text)
    if (scale := _SCALE.search(text)) is not None:
        text = f"({text[: scale.start()]})*10^{_SCALES[scale[1].lower()]}"
        qualifier, cut = (canonical(scale[2]), scale[2]) if scale[2] and is_unit(scale[2]) else (qualifier, cut)
    if currency:
        qualifier = canonical(f"{currency} {cut}") if cut.startswith(("per ", "/")) else currency
    return Cleaned(_ended(text), qualifier, whole, cut)


def worded(text: str) -> str:
    r"""A cleaned text without its fonts: ``\text{Thursday}`` is ``Thursday``."""
    for _ in range(3):
        text = _FONTS.sub(r"\1", text)
    return " ".join(text.split())


def _unmarked(text: str) -> str:
    """Without fonts, colours, sizes and emphasis."""
    for written, plain in _LOOSE:
        if written in text:
            text = text.replace(written, plain)
    text = _MARKUP.sub(lambda found: found[1] or "", text)
    if "**" in text:
        text = _POWER.sub("^", text)
    text = _ENDS.sub("", text.strip()).strip()
    if (found := _PAIRED.fullmatch(text)) is not None:
        text = found[2]
    if "\\" in text:
        text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
        text = _SWITCHES.sub("", _COLOURS.sub("", _INVISIBLE.sub(" ", _END_MARKS.sub("", text))))
        text = _NATURAL.sub(r"\\ln ", _CONSTANT.sub(r" \1", text))
        text = _WORDED_MODULO.sub(r" \1mod \2\3", text)
        if "\\over" in text or "\\choose" in text:
            text = _INFIX.sub(_prefix, text) if "\\overline" not in text else text
        if (matrix := _BARE_MATRIX.fullmatch(text)) is not None:
            text = f"\\begin{{pmatrix}}{matrix[1]}\\end{{pmatrix}}"
        for _ in range(3):
            text = _PLAIN_FONTS.sub(_unfont, text)
    return _BRACED_SIGN.sub(r"\1", text) if "{" in text else text


def _unfont(found: re.Match[str]) -> str:
    """What stands in a font; digits on both sides of its border stay apart."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    left = " " if (before.isalnum() or before == "}") and found[1][:1].isalnum() else ""
    return left + found[1] + (" " if (after.isalnum() or after == "\\") and found[1][-1:].isalnum() else "")


def _prefix(found: re.Match[str]) -> str:
    """A fraction or a binomial coefficient that was written with its name between its parts."""
    top, name, bottom = found[1] or found[4], found[2] or found[5], found[3] or found[6]
    return f"\\{'frac' if name == 'over' else 'binom'}{{{top.strip()}}}{{{bottom.strip()}}}"


def _script(found: re.Match[str]) -> str:
    if found[1]:
        return "^{" + "".join("0123456789-"[_RAISED.index(letter)] for letter in found[1]) + "}"
    return "_{" + "".join(str(_LOWERED.index(letter)) for letter in found[2]) + "}"


def _without_currency(text: str) -> tuple[str, str]:
    """The text without dollar signs that enclose it, and the currency that it names."""
    if "$" in text:
        text = _DOLLARS.sub(r" \1 ", text)
    if (found := _CURRENCY.search(text)) is None:
        return text, ""
    return _EMPTY.sub(" ", _CURRENCY.sub(_apart, text)), _CURRENCIES.get(found[0], "dollar")


def _apart(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return " " if before.isdigit() and after.isdigit() else ""


def _ended(text: str) -> str:
    """Without a full stop or a comma at the end."""
    while text and text[-1] in ".,;":
        text = text[:-1].rstrip()
    return text


def _led(text: str) -> str:
    """Without lead words (``The answer is``) and without a denial of other answers (``, not 71``)."""
    for _ in range(0 if text[:1].isdigit() else 3):
        if (found := _LEADS.match(text)) is None or not _MATHEMATICAL.search(text, found.end()):
            break
        text = text[found.end() :]
    if "not" in text and (found := _DENIAL.search(text)) is not None and found[1] != text[: found.start()]:
        text = text[: found.start()]
    return text


def _exact_side(text: str) -> str:
    r"""``x = 5\sqrt2`` of ``x = 5\sqrt2 \approx 7.07``, ``27`` of ``x \approx 27``, a period of ``0.666...``."""
    if (found := _APPROXIMATE.search(text)) is not None:
        left, right = text[: found.start()].rstrip(), text[found.end() :].lstrip()
        if _NAME.fullmatch(left):
            return right
        return left if _VALUE.search(left) and _rounds(left, right) else text
    if text.endswith("dots") and (found := _REPEATED.fullmatch(text)) is not None:
        return f"{found[1]}\\overline{{{found[2] or found[3]}}}"
    return text


def _rounds(exact: str, rounded: str) -> bool:
    """Whether a number may stand as a rounding of another; of others than plain numbers it may when it has digits."""
    if not (_DECIMAL.fullmatch(exact) and _DECIMAL.fullmatch(rounded)):
        return any(map(str.isdigit, rounded)) and rounded[0] in "+-.0123456789(\\"
    return abs(float(exact) - float(rounded)) <= 0.01 * abs(float(exact))


def _digit(letter: str) -> str:
    """Decimal digits of every script, to ASCII; superscripts and others stay as they are."""
    return str(unicodedata.digit(letter)) if unicodedata.category(letter) == "Nd" else letter


def without_qualifier(text: str) -> tuple[str, str]:
    """The text without a unit or modulus at its end, and that in its canonical form."""
    bare, qualifier, _ = _without_qualifier(text)
    return bare, qualifier


def _without_qualifier(text: str) -> tuple[str, str, str]:
    if text[-1:].isdigit() and "^" not in text[-4:] and "mod" not in text:
        return text, "", ""
    if (found := _REMAINDER.fullmatch(text)) is not None and int(found[1]) >= int(found[2]) > 0:
        return str(int(found[1]) % int(found[2])), "", ""
    if (found := _MODULO.search(text)) is not None and found.start():
        modulus, residue = next(part for part in found.groups() if part), text[: found.start()].strip()
        if modulus.isdecimal() and residue.isdecimal() and len(residue) <= 40 and int(residue) >= int(modulus):
            return text, "", ""  # 588 (mod 7) is no 588
        return text[: found.start()], "mod " + "".join(part for part in found.groups() if part), ""
    if (found := _DEGREES.search(text)) is not None and found.start() and not _ANGLE_OF.search(text):
        return text[: found.start()], {"C": "celsius", "F": "fahrenheit", None: "degree"}[found[1]], ""
    if "text" in text or "mathrm" in text or "box" in text:
        if (found := _UNIT_FRACTION.search(text)) is not None and found.start():
            words = f"{found[1]} / {found[2]}{found[3]}"
            if is_unit(words):
                return text[: found.start()].rstrip(), canonical(words), words
        text = _JOINED.sub(lambda found: f"{found[1]}{'/' if found[2] == '/' else ' '}", text)
        if (found := _UNIT_GROUP.search(text)) is not None and found.start() and is_unit(found[1]):
            words = found[1] + (found[2] or "")
            return text[: found.start()].rstrip(), canonical(words), words
    if text[-1:] in ")]}":
        found = _NUMBER_BRACKETED.search(text)
        if found and found.start() and str(number_in_words(found[1].strip())) == text[: found.start()].strip():
            return text[: found.start()].rstrip(), "", ""
        found = _UNIT_BRACKETED.search(text)
        if found and found.start() and _may_be_bracketed(found[1]):
            words = found[1] + (found[2] or "")
            return text[: found.start()].rstrip(), canonical(words), words
    if (found := _UNIT_ATTACHED.search(text)) is not None:
        return text[: found.start()], canonical(found[1]) if is_known(found[1]) else "", found[1]
    if (found := _UNIT_WORDS.search(text)) is not None and is_unit(words := found[1] or found[2]):
        return text[: found.start()], canonical(words), words
    return text, "", ""


def _may_be_bracketed(words: str) -> bool:
    """``27 (units)``, but ``5 (ab)`` is a product."""
    return is_unit(words) and (is_known(words) if len(words) < 5 else True) and len(words) > 1
