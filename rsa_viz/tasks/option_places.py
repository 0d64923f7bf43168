r"""Where a text gives an option as its answer: boxes, lines like ``Answer: B``, ``B is the correct answer``.

English and Chinese. What stands in a place is ``option_letters``' to say. All are found in one pass each, so hostile
text costs linear time.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from .reading import LAST, LONGEST_LINE, answer_lines, answer_tags, boxes, first_sentence, last_line, supposed, trim

_MARK = r"[(\[<*_$“\"]{0,6}(?:\\(?:text|textbf|mathrm|mathbf|boxed)\{)?[(\[]?"
_UNMARK = r"[)\]>*_$”\"}.]{0,8}"
_CUE = re.compile(
    rf"[OoCc](?<!\w[OoCc])(?:(?<=[Oo])(?i:ption)|(?<=[Cc])(?i:hoice))\b[ \t*_]{{0,6}}(?:\bis\b|[:：])"
    rf"|[Aa](?<!\w[Aa])(?i:nswer)[ \t*_]{{1,4}}(?={_MARK}[A-Z]{_UNMARK}[ \t]{{0,4}}$)",
    re.MULTILINE,
)
_CHOSEN = re.compile(
    r"I(?<!\wI)(?:['’]ll|['’]d| will| would| must)? (?:choose|pick|select|go (?:with|for)|opt for|answer) "
    rf"(?=(?i:option|choice|answer)|{_MARK}[A-Z](?![A-Za-z'’]))"
)
_CHOSEN_CHINESE = re.compile(rf"(?<![不能勿])选(?:择|项)?\s?(?:为|是)?[:：]?\s?(?={_MARK}[A-ZＡ-Ｚ](?![A-Za-z]))")
_AFTER_CUE = re.compile(r"[\s*_:：]{0,8}")
_CLOSING = re.compile(
    r"(?:[HhTtSs](?<![A-Za-z][HhTtSs])(?:(?<=[Hh])ence|(?<=[Tt])herefore|(?<=[Tt])hus|(?<=[Ss])o)"
    r"|Finally|Consequently|In conclusion|因此|所以|故)[,:，：]?\s{0,4}"
    r"(?:it(?:['’]s| is| must be)\s|the (?:best|correct|right) (?:one|option|choice) is\s)?"
    rf"(?={_MARK}(?:[Oo]ption |[Cc]hoice )?[(\[]?[A-Z](?![A-Za-z'’]))"
)
_SURELY = r"(?:therefore|thus|clearly|definitely|indeed|then)\s"
_STATED = re.compile(
    rf"(?<![A-Za-z0-9'’\\])(?P<letter>{_MARK}(?:(?:[Oo]ption|[Cc]hoice|[Aa]nswer)\ |选项\s?)?{_MARK}[A-Z]{_UNMARK})"
    r"(?:\s?选?项)?(?:(?::|(?<=[).:\]*]))\ [^.\n]{1,80}?)?\s?"
    rf"(?:(?P<strong>(?:is|must be|would be|should be)\s(?:{_SURELY})?the\s"
    r"(?:(?:only\s)?(?:correct|right|best)\s(?:answer|option|choice|one)|answer)\b|是正确(?:的)?(?:答案|选项))"
    rf"|(?:is|must be)\s(?:{_SURELY})?(?:correct|right)\b(?!\s(?:if|only|when)\b)|(?:是)?(?:正确|对的))"
)
_MAY_STATE = re.compile(r"(?:is|be)\s(?:[a-z]+\s){0,3}(?:correct|right|best|answer)|正确|对的")
_LISTED = re.compile(r"[*(\[]{0,4}[A-Z][).:\]]")
"""What the line before the last begins with where the last is only one of the options."""

_EXPLAINED = re.compile(
    r"\s{0,20}([^\n]{1,300})\n\s{0,20}[*_]{0,2}(?i:explanation|reason|rationale|justification|because|解析|理由|解释)"
)
_CAPITAL = re.compile(r"[A-Z](?![A-Za-z])")


def option_places(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where an option may be given as the answer, the best place first, and whether it must be named strictly.

    Boxes, then answer lines and sentences that name the answer, the last ones first; then what is only said to be
    correct, if that is one option alone; without such, the last line; then a first line that is explained next. What
    stands behind a last ``</think>`` comes first.
    Half-open character offsets, never blank but for the last line of a blank text.
    """
    thought = text.rfind("</think>") + 1
    found = boxes(text)
    said, correct = _said(text)
    for begin, stop in ((thought, len(text) + 1), (0, thought)):
        yield from ((start, end, False) for start, end in reversed(found) if begin <= start < stop)
        yield from (place for place in said if begin <= place[0] < stop)
        named = [place for place in correct if begin <= place[0] < stop]
        if len({letter[0] for one in named if (letter := _CAPITAL.search(text, one[0], one[1])) is not None}) == 1:
            yield from named
    last = last_line(text)
    if not correct and not _LISTED.match(text, *last_line(text, last[0])):
        yield (*last, True)
    if (first := _EXPLAINED.match(text)) is not None:
        yield (*first.span(1), True)


def _said(text: str) -> tuple[list[tuple[int, int, bool]], list[tuple[int, int, bool]]]:
    """Places that name the answer, and those that say of an option that it is correct; both with the last one first."""
    lines = (*answer_lines(text), *answer_tags(text))
    said = [(*first_sentence(text, *line, names=False), False) for line in lines]
    correct: list[tuple[int, int, bool]] = []
    chosen = _last(_CHOSEN_CHINESE, text) if "选" in text else []
    for cue in (*_last(_CUE, text), *_last(_CHOSEN, text), *chosen):
        after = _AFTER_CUE.match(text, cue.end())
        said.append((*_sentence(text, after.end() if after is not None else cue.end()), False))
    said += [(*_sentence(text, mark.end()), True) for mark in _last(_CLOSING, text)]
    for stated in _last(_STATED, text) if _MAY_STATE.search(text) else ():
        (said if stated["strong"] else correct).append((*stated.span("letter"), True))
    return sorted((place for place in said if place[0] < place[1]), reverse=True), correct[::-1]


def _last(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    return [found for found in deque(pattern.finditer(text), maxlen=LAST) if not supposed(text, found.start())]


def _sentence(text: str, begin: int) -> tuple[int, int]:
    line_end = text.find("\n", begin, begin + LONGEST_LINE)
    start, end = trim(text, begin, line_end if line_end >= 0 else begin + LONGEST_LINE)
    return first_sentence(text, start, end, names=False)
