r"""The one number that a sentence or an answer line gives: ``70 miles in 2 days`` gives 70, ``18 or 19`` none.

A sentence that is no answer line gives its number only where it concludes: else it may be any step of a text that was
cut. Bounded stretches, so hostile text costs linear time. Knows no task.
"""

from __future__ import annotations

import re

from .denials import LONGEST, is_open, without_notes
from .reading import sentences

_NUMBER = r"[-−]?(?:\\?[$€£¥])?[0-9][0-9,]*(?:\.[0-9]+)?(?:/[0-9]+)?%?"
_ONE_NUMBER = re.compile(rf"(?<![\w.,/^]){_NUMBER}|(?<=[^\W0-9_a-zA-Z]){_NUMBER}")
_UNPRICED = re.compile(r"[\\$€£¥,]|\.0+$")
_REMARK = re.compile(r"\s{0,4}[(（][^()（）]{0,200}[)）]")
_TIMES = "second|minute|hour|day|week|month|year|time|trip|mile|weekday|game|round|person"
_PER = re.compile(
    r"\b(?:in|per|for|after|within|every|each|over|during|by|on)\s{1,4}(?:the\s{1,4})?"
    r"(?:(?:week|day|month|year|hour|round|game|step)\s{1,4}[0-9]{1,4}"
    rf"|[0-9][0-9,.]{{0,12}}[ -](?:(?:{_TIMES})s?|km|people))\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|no|never|none|nothing|neither|nor|cannot|without|unknown|impossible|wrong|incorrect)\b|n['’]t\b"
    r"|不是|不可能|不对|无法|不能确定|不知道|没有答案",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:who|that|which|[0-9][0-9,]{0,20}\s[^\W\d_]{3,20}(?:\s[^\W\d_]{3,20})?)\s"
    r"(?:do|did|does|are|is|were|was|have|has|had|will|would)(?:\snot|n['’]t)\b"
    r"(?!\s(?:be )?(?:right|correct|the|enough|fit|work|make|seem|do\b))",
    re.IGNORECASE,
)
"""``18 students who do not like tea``: it is not the number that is denied."""

_GUESSES = re.compile(
    r"\b(?:maybe|perhaps|might|may|could|possibly|probably|guess\w*|think|believe|unsure|suppose|assume|such that"
    r"|solve)\b"
    r"|\bif\b[^=]*$|[?？]|也许|可能|大概|如果|假设",
    re.IGNORECASE,
)
_CONCLUDING = (
    *("so", "thus", "therefore", "hence", "finally", "consequently", "altogether", "overall", "as a result"),
    *("in total", "in all", "in conclusion", "in the end", "that is", "this is", "that means", "this means"),
    *(
        "which means",
        "(?:that|this|which) (?:gives|makes)",
        "it follows",
        "we conclude",
        "(?:the |a )?(?:grand |final )?total",
        "(?:the |our |my )?(?:final |correct )?(?:answer|result)",
    ),
)
_CLOSES = re.compile(
    rf"\W{{0,6}}(?:(?:and )?(?:{'|'.join(_CONCLUDING)})\b|所以|因此|故|总共|一共|共|最后|最终|综上|答|即)",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:left(?: over)?|in total|in all|altogether|remaining|overall|total|is the (?:final |right |correct )?answer)"
    r"[.!*]{0,4}$",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"(?:It|He|She|They|We|There|(?:The|His|Her|Its|Their|Our|My) [^.,;]{1,60}|"
    r"[A-Z][a-z]+(?:['’]s (?:[a-z]+ ){0,2}[a-z]+)?) (?:now |still |only )?"
    r"(?:is|are|has|have|(?:will|can|must|should) [a-z]+|[a-z]{2,14}s)(?: to [a-z]+)?"
    r"(?: a total of| exactly| about| approximately| around| only| now)?(?: [a-z-]{3,40}(?= \())?[\s:$\\*(]{1,6}|"
    r".{0,80}(?:需要|有|是|为|等于|共|花费?|剩下?|得到|赚|付)了?\s?"
)
_UNSOLVED = re.compile(r"[0-9)]\s?[a-zA-Z]\s{0,4}=[\s$\\(]{0,4}$")
"""``3x = 24`` is to be solved yet."""

_PRICED = re.compile(r"[$€£¥]|\*\*|\\\(|\\\[")


def lone_number(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the only number of ``text[start:end]`` stands, or the only one after its last equals sign; else None.

    Remarks in brackets and what it is told for (``in 2 days``) do not count; a number that is said twice is one.
    """
    end = min(end, start + LONGEST)
    read = without_notes(text[start:end])
    equals = read.rfind("=") + 1
    start, read = start + equals, read[equals:]
    for aside in (_REMARK, _PER):
        without = aside.sub(lambda found: " " * len(found[0]), read)
        if _ONE_NUMBER.search(without):
            read = without
    found = [match.span() for match in _ONE_NUMBER.finditer(read)]
    if not found or len({_UNPRICED.sub("", read[one:two]) for one, two in found}) != 1:
        return None
    first, last = found[-1]
    return start + first, start + first + len(read[first:last].rstrip(","))


_EMPHASISED = re.compile(r"\*\*([^*\n]{1,200})\*\*")


def _emphasised(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The number of the one emphasised stretch that holds one."""
    stretches = (one.span(1) for one in _EMPHASISED.finditer(text, start, min(end, start + LONGEST)))
    found = [number for one in stretches if (number := lone_number(text, *one)) is not None]
    return found[0] if len(found) == 1 else None


def concluded_number(text: str, start: int, end: int, question: str = "") -> tuple[int, int] | None:
    """Where the number stands that the last sentence of ``text[start:end]`` concludes with.

    None where that sentence denies, guesses or asks, and where nothing says that it concludes: neither its words nor an
    equals sign, a currency, an emphasis, or a verb that tells it in a whole sentence (``It takes 25 minutes.``).
    """
    sentence = sentences(text, start, end)[-1:]
    if not sentence:
        return None
    start, end = sentence[0]
    said = without_notes(text[start : min(end, start + LONGEST)])
    if (
        _GUESSES.search(said)
        or _DENIES.search(_OF_OTHERS.sub(" ", said))
        or is_open(said[said.rfind("=") + 1 :], question)
    ):
        return None
    found = _emphasised(text, start, end) or lone_number(text, start, end)
    if found is None:
        return None
    before = text[start : found[0]]
    if _UNSOLVED.search(before):
        return None
    concludes = (
        "=" in before
        or not any(map(str.isalpha, before))
        or _CLOSES.match(said) is not None
        or _CLOSED.search(said.rstrip()) is not None
        or _PRICED.search(text, max(start, found[0] - 3), found[1]) is not None
        or text.startswith("**", found[1])
    )
    return found if concludes or (said[-1:] in ".。" and _TELLS.fullmatch(before) is not None) else None
