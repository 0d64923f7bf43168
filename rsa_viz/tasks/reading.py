r"""Where answers and sentences stand in a text: complete ``\boxed{...}`` stretches, lines like ``Answer: ...``.

English and Chinese are read. What is only asked, supposed or denied (``if the answer is 18``, ``the answer is not
18``) is no answer. All are found in one pass, so hostile text (megabytes, nested braces, control characters) costs
linear time. Knows no task: what an answer means is the task's to say.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_BOX = 2_000
"""Characters; a longer stretch between braces is no answer but a brace that was never closed."""

LONGEST_LINE = 300
"""Characters of a line like ``Answer: ...`` that are read."""

LAST = 50
"""Only so many boxes and answer lines are looked at, from the end."""

LONGEST_TEXT = 500_000
"""Characters that are cut into sentences; what follows them is one piece."""

_BRACE = re.compile(r"\\(?:boxed|fbox)[ \t]{0,4}\{|\\.|[{}]", re.DOTALL)
_HEADING = (
    r"(?:the|final|answer|solution|explanation|conclusion|summary|verification|check|reasoning|calculat\w*|step|part|"
    r"case|method|approach|section|stage|phase|day|week|month|year|why|how|note)\b"
    r"|[0-9]{1,2}[.)][ \t]+[A-Z][^\n]{0,300}\n\s*\S"
)
"""What a fourth-level heading begins with that is no answer."""

_ANSWER = re.compile(
    r"[Aa](?<!\w[Aa])(?i:ns(?:wer)?)\b[ \t*_\"”]{0,6}(?:\([^()\n]{0,40}\)[ \t*_]{0,6})?"
    r"(?:(?P<verb>\b(?i:is|was|must be|would be|should be|will be|has to be)\b(?: (?i:therefore|thus|then|hence|simply"
    r"|indeed|clearly|just|obviously|definitely|actually|in fact)\b,?)?)|[:=≡：]|[ \t][-–—](?=[ \t]))"
)
_MARK = re.compile(r"####(?!#)")
_HEADED = re.compile(rf"[ \t*_:]{{0,8}}(?:{_HEADING})", re.IGNORECASE)
_NUMBER_AHEAD = re.compile(r"[ \t*]{0,4}[-−+]?[\\$€£¥]{0,2}[0-9]")
_CHINESE = re.compile(
    r"(?:答案|结果)[】\]]?(?:应该|应当|应|就|便)?(?P<verb>是|为)?[：:=]?(?<=[是为：:=】])|^[ \t*]{0,8}答[：:]",
    re.MULTILINE,
)
_MISTAKEN = re.compile(
    r"\b(?:mistake|wrong|incorrect|error|oops|sorry)\b[^\n]{0,30}?[.;:,—–-] ?(?:so )?(?:it|this|that) should "
    r"(?:be|have been)\b",
    re.IGNORECASE,
)
_AFTER_CUE = re.compile(r"[\s*_:：]{0,8}")
_TAG = re.compile(r"</?answer>", re.IGNORECASE)
_CLAUSE = re.compile(r"[.!?,;:\n。！？，；：]")
_SUPPOSED = re.compile(
    r"\b(?:if|whether|suppos\w+|assum\w+|unless|doubt\w*|cannot|can['’]t|pretend\w*|tempt\w+|"
    r"(?:don['’]t|do not|did not|didn['’]t|not) (?:think|believe|sure|know|certain|say|true|clear)|"
    r"(?:claims?|claimed|says|thinks|believes|argues)|(?:some|one|you|many|people) (?:may|might|could|would))\b"
    r"|如果|假设|假如|若|是否|不认为",
    re.IGNORECASE,
)
_DENIED = re.compile(r"[\s*_$\\({\[]{0,8}(?:not|never|neither|anything but|不是|不|并非)(?![a-zA-Z])", re.IGNORECASE)
_REVOKED = re.compile(
    r"[\s.!*$)}]{0,6}(?:(?:no|actually|wait|but|however|oh),? ){0,2}(?:this|that|it)(?:['’]s| is| was| must be) "
    r"(?:wrong|incorrect|false|not (?:right|correct|true)|a mistake)\b|[\s。]{0,4}(?:但)?(?:这|那)(?:是)?(?:错|不对)",
    re.IGNORECASE,
)
_REVISED = re.compile(
    r"\b(?:actually|wait|correction|hmm|forgot|overlooked|misread|missed|mistake|wrong|incorrect|oops|sorry|error)\b|更正|不对|错了",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\s{0,4}[,;]\s{0,4}(?:not(?! sure| certain)|because|since|as|so|which|for|who|whose|and not|but not|rather than"
    r"|instead of|although|even though|while)\b|\s{1,4}(?:because|rather than|instead of)\b"
    r"|\s{0,4}[(（](?:(?:not(?! sure| certain)|because|since|as|rather)\b|因为|而不是|不是)"
    r"|\s{0,4}[，,；;]\s{0,4}(?:因为|而不是|不是|所以|理由)",
    re.IGNORECASE,
)
_NOTHING_BUT_MARKS = re.compile(r"[\s\\$(){}\[\]*_.,。\"'“”]+|\\(?:text|mathrm|mathbf|textbf|boxed)")
_LINE = re.compile(r"[^\r\n]+")
_SENTENCE_GAP = re.compile(r"(?<=[.!?])[ \t]+(?=[A-ZÀ-Þ0-9(\[$\\\"'“*])")
_CHINESE_END = re.compile(r"[。！？；](?=.)", re.DOTALL)
_SHORTENED = re.compile(
    r"(?:^|[^\w.])(?:[A-Za-z]|[A-Z]\.[A-Z]|Dr|Mr|Mrs|Ms|St|Prof|Jr|Sr|vs|Mt|Ft|Lt|Gen|Sgt|Capt|Col|Rev|Sen|Gov|Pres|"
    r"Hon|approx|ca|cf|e\.g|i\.e)\.$"
)
_LIST_MARK = re.compile(r"\s*(?:\d{1,3}|[A-Za-z])[.)]")
_LONE_ANSWER = re.compile(
    r"(?!\d{1,3}[.)]$)[-−+$\\(]{0,4}\d[\d,./]{0,200}[)$\\.。]{0,4}|\*\*[^*\n]{0,199}[^*\n:：]\*\*[.。]?|\$[^$\n]{1,200}\$[.。]?"
)


def final_answers(text: str) -> Iterator[tuple[int, int]]:
    r"""Where an answer may stand, the best place first: the last complete ``\boxed{}`` and those before it, then the
    last line like ``Answer: 70`` or ``<answer>70</answer>`` and those before it, then a last line that is nothing but
    a number or one emphasised stretch (``**70**``). Half-open character offsets, never blank.

    What stands behind a last ``</think>`` comes first. A line behind the last box comes before it where the text says
    between the two that it was mistaken. Nothing is left of an answer that a later line denies, nor before it.
    """
    lines = _lines(text)
    denied = [(line.start, _bare(text[slice(*_cut(text, line.said, line.end))])) for line in lines if line.denied]
    for start, end in _in_order(text, boxes(text), lines):
        if denied and any(start < at and _bare(text[start:end]) == what for at, what in denied):
            return
        yield start, end


def _in_order(text: str, found: list[tuple[int, int]], lines: list[_Line]) -> Iterator[tuple[int, int]]:
    said = [(line.start, line.end) for line in lines if not line.denied]
    if tagged := answer_tags(text):
        said = sorted(said + tagged)
    thought = text.rfind("</think>") + 1
    for begin, stop in ((thought, len(text) + 1), (0, thought)):
        inside = [one for one in found if begin <= one[0] < stop] if thought else found
        after = [one for one in said if begin <= one[0] < stop] if thought else said
        if inside and after and after[-1][0] > inside[-1][1] and _REVISED.search(text, inside[-1][1], after[-1][0]):
            yield _cut(text, *after[-1])
        yield from reversed(inside)
        yield from (cut for one in reversed(after) if (cut := _cut(text, *one))[0] < cut[1])
        start, end = last_line(text)
        if begin <= start < stop and _LONE_ANSWER.fullmatch(text[start:end]):
            yield start, end
        if not thought:
            break


def _cut(text: str, start: int, end: int) -> tuple[int, int]:
    return without_reason(text, *first_sentence(text, start, end))


def first_sentence(text: str, start: int, end: int, *, names: bool = True) -> tuple[int, int]:
    """``70. This is because …`` without its explanation and its full stop; ``Dr. Who`` and ``J. K. Rowling`` stay
    whole, unless ``names`` is false: then ``A. It is …`` is ``A``."""
    stop = end
    for gap in _SENTENCE_GAP.finditer(text, start, end):
        if not names or not _SHORTENED.search(text[max(start, gap.start() - 12) : gap.start()]):
            stop = gap.start()
            break
    if (chinese := _CHINESE_END.search(text, start, stop)) is not None:
        stop = chinese.start()
    start, end = trim(text, start, stop)
    while end > start and (text[end - 1] in ".。，；、*_" or (text[end - 1] in "!！" and not text[end - 2].isdigit())):
        if text[end - 1] in "*_" and end - start == 1:
            break
        end -= 1
    return start, end


def without_reason(text: str, start: int, end: int) -> tuple[int, int]:
    """``70, not 71`` and ``yes, because it holds`` without what stands behind the answer itself."""
    reason = _REASON.search(text, start + 1, end)
    return trim(text, start, reason.start()) if reason is not None else (start, end)


def last_line(text: str, end: int | None = None) -> tuple[int, int]:
    """The last line before a place that is not blank, or its last 500 characters."""
    end = len(text[:end].rstrip())
    return trim(text, text.rfind("\n", max(0, end - 500), end) + 1, end)


def sentences(text: str, begin: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Lines of ``text[begin:end]``, cut further at sentence ends: half-open character offsets in order, without blanks
    at their ends."""
    found: list[tuple[int, int]] = []
    stop = len(text) if end is None else end
    read = max(begin, min(stop, LONGEST_TEXT))
    for line in _LINE.finditer(text, begin, read):
        starts = [line.start()]
        for gap in _SENTENCE_GAP.finditer(text, line.start(), line.end()):
            if not _LIST_MARK.fullmatch(text[starts[-1] : gap.start()][:12]):
                starts.append(gap.end())
        for start, last in zip(starts, [*starts[1:], line.end()], strict=True):
            start, last = trim(text, start, last)
            if start < last:
                found.append((start, last))
    start, last = trim(text, read, stop)
    return [*found, (start, last)] if start < last else found


def boxes(text: str) -> list[tuple[int, int]]:
    r"""The contents of the last complete, non-blank ``\boxed{...}`` of a text, in the order in which they close.

    Half-open character offsets without surrounding blanks. An unclosed box hides no earlier one; ``\boxed`` without a
    brace is none; a box that holds a blank line or more than LONGEST_BOX characters is a brace that was never
    closed.
    """
    found: deque[tuple[int, int]] = deque(maxlen=LAST)
    for start, end in _closed(text):
        if end - start <= LONGEST_BOX and "\n\n" not in text[start:end]:
            start, end = trim(text, start, end)
            if start < end:
                found.append((start, end))
    return list(found)


def overlong_box(text: str) -> tuple[int, int] | None:
    r"""The last complete ``\boxed{...}`` when it holds over LONGEST_BOX characters, and no blank line or other box."""
    last = None
    for start, end in _closed(text) if len(text) > LONGEST_BOX else ():
        if end - start > LONGEST_BOX:
            last = start, end
        elif text[start:end].strip():
            last = None
    if last is None or "\n\n" in text[slice(*last)] or "\\boxed" in text[slice(*last)]:
        return None
    return last


def _closed(text: str) -> Iterator[tuple[int, int]]:
    """What the braces of every box that closes hold, in the order in which they close."""
    open_braces: list[int] = []  # where a box's content starts, or -1 for another brace
    for match in _BRACE.finditer(text):
        token = match[0]
        if token == "{":
            open_braces.append(-1)
        elif token == "}":
            if (start := open_braces.pop() if open_braces else -1) >= 0:
                yield start, match.start()
        elif token.endswith("{") and len(token) > 2:
            open_braces.append(match.end())


def answer_lines(text: str) -> list[tuple[int, int]]:
    """What follows the last ``answer is``, ``Answer:``, ``答案是`` or ``####`` to the end of its line.

    Half-open character offsets without surrounding blanks, in order; blank ones are left out, and so are those that
    are only supposed or denied. At most LONGEST_LINE characters each. An answer that stands alone on the line after
    its cue is found too.
    """
    return [(line.start, line.end) for line in _lines(text) if not line.denied]


def denied_lines(text: str) -> list[tuple[int, int]]:
    """What ``the answer is not 70`` and ``the answer is 70. That is wrong.`` deny, as ``answer_lines`` gives what is
    said."""
    return [first_sentence(text, line.said, line.end) for line in _lines(text) if line.denied]


def answer_tags(text: str) -> list[tuple[int, int]]:
    """The contents of the last complete, non-blank ``<answer>…</answer>``, in order, as ``boxes`` gives them."""
    found: deque[tuple[int, int]] = deque(maxlen=LAST)
    opened = -1
    for tag in _TAG.finditer(text) if "answer>" in text.lower() else ():
        if tag[0][1] != "/":
            opened = tag.end()
        elif opened >= 0:
            start, end = trim(text, opened, tag.start())
            if start < end <= start + LONGEST_BOX:
                found.append((start, end))
            opened = -1
    return list(found)


class _Line(NamedTuple):
    start: int
    end: int
    denied: bool
    said: int  # where what is denied begins


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    for cue, stop, verb in sorted(_cues(text))[-LAST:]:
        if supposed(text, cue):
            continue
        after = _AFTER_CUE.match(text, stop)
        begin = after.end() if after is not None else stop
        line_end = text.find("\n", begin, begin + LONGEST_LINE)
        start, end = trim(text, begin, line_end if line_end >= 0 else begin + LONGEST_LINE)
        if start == end and text[stop:end].strip() in ("*", "_"):
            start, end = trim(text, stop, end)  # the answer to "Which sign?"
        if text.count("**", start, end) % 2:  # 70** (rolls): the emphasis began with the cue
            start, end = trim(text, start, text.find("**", start, end))
        if start < end:
            denial = _DENIED.match(text, start, end) if verb else None
            denied = (
                denial is not None or _REVOKED.match(text, first_sentence(text, start, end, names=False)[1]) is not None
            )
            found.append(_Line(start, end, denied, denial.end() if denial is not None else start))
    return found


def _cues(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where words lead into an answer, and whether by a verb that may be denied."""
    found = deque(_ANSWER.finditer(text), maxlen=LAST)
    if "答" in text or "结果" in text:
        found.extend(deque(_CHINESE.finditer(text), maxlen=LAST))
    yield from ((one.start(), one.end(), one["verb"] is not None) for one in found)
    if "should" in text:
        yield from ((one.start(), one.end(), True) for one in deque(_MISTAKEN.finditer(text), maxlen=LAST))
    for mark in deque(_MARK.finditer(text), maxlen=LAST):
        before = text[text.rfind("\n", max(0, mark.start() - 9), mark.start()) + 1 : mark.start()]
        begins = not before.strip(" \t*") and len(before) <= 8
        if (
            not _HEADED.match(text, mark.end())
            if begins
            else before[-1:].isspace() and _NUMBER_AHEAD.match(text, mark.end())
        ):
            yield mark.start(), mark.end(), False


def supposed(text: str, at: int) -> bool:
    """Whether the clause that leads to a place only asks, supposes or denies what stands there."""
    before = text[max(0, at - 60) : at]
    clause = 0
    for mark in _CLAUSE.finditer(before):
        clause = mark.end()
    return _SUPPOSED.search(before, clause) is not None


def _bare(text: str) -> str:
    return _NOTHING_BUT_MARKS.sub("", text).casefold()


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without blanks at its ends; ``start == end`` when it is blank."""
    end = min(end, len(text))
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    return start, max(start, start + len(stretch.strip()))
