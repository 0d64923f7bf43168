r"""Stretches that name a value and do not give it (``not 18``, ``at least 18``, ``18 or more``), and abstentions.

English and Chinese, by their words alone. Bounded stretches and bounded repetitions, so hostile text costs linear
time. Knows no task.
"""

from __future__ import annotations

import re

LONGEST = 2_000
"""Characters of a stretch that is looked into."""

_OPENING = (
    *("not", "never", "neither", "nor", "cannot", "no", "at least", "at most", "up to", "between", "exceeds?"),
    *("exceeding", "over", "under", "above", "below", "beyond", "minimum", "maximum", "nearly", "almost"),
    *(
        "anything but",
        "all but",
        "except",
        "twice",
        "thrice",
        "half(?: of)?",
        "double",
        "triple",
        "(?:third|quarter) of",
    ),
)
_THAN = (
    *("more", "less", "fewer", "greater", "higher", "lower", "smaller", "larger", "bigger", "longer", "shorter"),
    *("older", "younger", "other", "rather"),
)
_OPENING_CHINESE = (
    *("不是", "并非", "不到", "超过", "少于", "多于", "大于", "小于", "至少", "至多", "最多", "最少", "不少于"),
)
_BETWEEN = (*("a", "an", "the", "of", "is", "be", "by", "equal", "to", "total", "about", "exactly", "even", "option"),)
_OR_OTHER = "more|less|fewer|so|higher|lower|greater|above|below|over|under|older|younger|[$€£¥]?[0-9]"
_BOUNDED = re.compile(
    rf"(?:\b(?:{'|'.join(_OPENING)}|(?:{'|'.join(_THAN)}) than)\b|n['’]t\b|[<>≠≤≥＜＞]|{'|'.join(_OPENING_CHINESE)}"
    r"|\\(?:neq?|not|geq?|leq?|geqslant|leqslant|lt|gt|neg)(?![a-zA-Z]))"
    rf"(?:[\s$\\({{}}*有是为需要]|text(?={{)|\b(?:{'|'.join(_BETWEEN)})\b){{0,8}}(?=[-−]?[$€£¥]?[0-9])"
    rf"|[0-9][)$}}*\s]{{0,4}}(?:\b[^\W\d_]{{1,20}} ){{0,2}}(?:or (?:{_OR_OTHER})|at (?:least|most)\b"
    r"|is (?:not|wrong|incorrect|too|false)\b|isn['’]t\b|(?:and )?(?:above|below|upwards?)\b)"
    r"|[0-9][)$}*]{0,3}\s?[+?？][\s*_.)}$]{0,6}$"
    r"|[0-9]\s?(?:以上|以下|以内|不对|是错)",
    re.IGNORECASE,
)
_DOZENS = re.compile(r"[0-9][)$}*\s\\]{0,4}(?:text ?\{ ?)?(?:dozens?|scores?|gross)\b|[0-9]\s?打", re.IGNORECASE)
_UNABLE = (
    *("do not", "don['’]t", "did not", "didn['’]t", "can ?not", "can['’]t", "could not", "couldn['’]t"),
    *("am not able to", "am unable to", "is impossible to", "is not possible to"),
)
_ABSTAINS = re.compile(
    rf"\W{{0,6}}(?:(?:I |we |it |this |the answer |the problem )?(?:(?:{'|'.join(_UNABLE)})(?: be)? "
    r"(?:know|tell|say|determine|answer|decide|solve|find|figure)[a-z]{0,3}\b|(?:am )?(?:not sure|unsure|uncertain)\b)"
    r"|(?:I have )?no idea\b|(?:unknown|n/?a|undetermined)\W{0,6}$|no answer\b"
    r"|(?:not enough|insufficient) information\b"
    r"|不知道|不确定|无法|不能确定|未知|没有答案)",
    re.IGNORECASE,
)


_NOTE = re.compile(r"<<[^<>\n]{0,100}>>")


def without_notes(text: str) -> str:
    """Blanks where a chain has its calculator's notes, ``<<2*9=18>>``; every character keeps its place."""
    return _NOTE.sub(lambda found: " " * len(found[0]), text) if "<<" in text else text


def is_open(text: str, question: str = "") -> bool:
    """Whether a stretch denies its number or only bounds it (``not 18``, ``at least 18``, ``18 or more``), or counts
    in dozens where the question does not."""
    text = without_notes(text[:LONGEST])
    if _BOUNDED.search(text) is not None:
        return True
    return _DOZENS.search(text) is not None and "dozen" not in question.lower() and "打" not in question


def abstains(text: str) -> bool:
    """Whether a stretch says in words that there is no answer: ``I do not know``, ``unknown``, ``无法确定``."""
    return _ABSTAINS.match(text[:LONGEST]) is not None
