r"""Which options of a question a stretch of text names: by letter, by their text, or both, and what it only speaks of.

``B``, ``(B) blue``, ``option B``, ``B, since A is false`` and ``blue`` name B; ``not B``, ``B is wrong`` and
``all but B`` name none; ``A or B`` names two. Bounded stretches, so hostile text costs linear time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from string import ascii_uppercase

from .equivalence import answer_key, read

LONGEST = 2_000
"""Characters of a stretch that is looked into."""

_WIDE = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {ord(wide): plain for wide, plain in zip("。、【】《》「」", ".,[]<>[]", strict=True)}
)
_MARKUP = re.compile(
    r"\\(?:text(?:bf|it|rm)?|math(?:bf|rm|it)|boxed|fbox|mbox|bf|rm|quad|qquad)(?![a-zA-Z])"
    r"|[{}$*_`\"“”~]|\\[()\[\],;:! ]"
)
_LETTER = re.compile(
    r"(?:(?:the )?(?:correct |right |best |final )*(?:option|choice|answer|letter|选项|答案)(?: is|是|为)?[ :]*)?"
    r"(?P<open>[(\[<])?(?P<letter>[A-Za-z])(?P<close>[)\]>])?(?P<tail>(?![A-Za-z0-9'’^/+]).*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_LETTERS = re.compile(
    r"[(\[]?[A-Z][)\]]?(?: ?(?:,|/|;|&|\+|,? ?(?:and|or)(?![a-z])|和|或|与|) ?[(\[]?[A-Z][)\]]?)+[.]?"
)
_LABEL = re.compile(r" ?(?:[.):,;=]|[–—-](?= )|(?=[(\[])) ?")
_REASON = re.compile(
    r" ?[,;:.(–—-]? ?(?:because|since|as|so|which|for|given|and not|but not|not|rather than|instead of|due to"
    r"|因为|而不是|不是|理由)(?![a-z])",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r" (?:is|must be|would be|should be) (?:therefore |thus |clearly |definitely )?(?:the )?(?:most |only )?"
    r"(?:correct|right|best|appropriate|suitable|accurate|answer)\b(?! (?:to|only if|if|when)\b)|"
    r" ?(?:是|为)?(?:正确|对|答案)",
    re.IGNORECASE,
)
_CALLED = re.compile(r" ?(?:选项|项|option|choice)\W{0,4}", re.IGNORECASE)
_CANCELS = re.compile(
    r"\b(?:not|never|neither|nor|wrong|incorrect|false|isn['’]t|cannot|can['’]t|except|eliminated|ruled out|unsure"
    r"|maybe|perhaps|might|may|guess|decide)\b|不|错|排除|也许|可能",
    re.IGNORECASE,
)
_SPOKEN_OF = re.compile(
    r"\b(?:not|never|neither|nor|none|no|except|but|wrong|incorrect|false|cannot|excluded|eliminated|all|every|both"
    r"|either|than|without|if)\b|n['’]t\b|不|非|错|除|排除",
    re.IGNORECASE,
)
_MENTIONED = re.compile(r"\b(?:[Oo]ption|[Cc]hoice) *[(\[]?([A-Z])\b|选项 ?([A-Z])(?![a-z])|[(\[]([A-Z])[)\]]")
_LONE_CAPITAL = re.compile(r"(?<![A-Za-z0-9'’])[(\[]?([A-Z])[)\]]?(?![A-Za-z0-9'’])")

NONE: frozenset[int] = frozenset()


def named(text: str, options: Sequence[str], *, strictly: bool = False) -> frozenset[int]:
    """Which options a stretch of text names, from 0: one, several, or none.

    ``strictly`` takes a letter alone, with its option's text, or with a reason, and an option's text alone: for
    sentences that no ``Answer:`` leads into.
    """
    bare = _bare(text)
    if len(bare) == 1 and (at := _place(bare, options)) is not None:
        return frozenset({at})
    if same := _with_text(text, options):
        return same if len(same) == 1 else NONE
    if _LETTERS.fullmatch(bare):
        several = {ascii_uppercase.find(letter) for letter in re.findall(r"[A-Z]", bare)}
        return frozenset(several) if max(several) < len(options) else NONE
    if (found := _LETTER.fullmatch(bare)) is not None and (at := _place(found["letter"], options)) is not None:
        judged = _with_tail(found, at, options, strictly)
        if judged is not None:
            return judged
    if strictly or _SPOKEN_OF.search(bare):
        return NONE
    mentioned = {ascii_uppercase.find(one or two or three) for one, two, three in _MENTIONED.findall(bare)}
    return frozenset(at for at in mentioned if at < len(options))


def denied(text: str, options: Sequence[str]) -> frozenset[int]:
    """The options that a stretch says are none: ``not (B)``, ``B is wrong``. Empty for one that denies nothing."""
    return spoken_of(text, options) if _CANCELS.search(_bare(text)) else NONE


def spoken_of(text: str, options: Sequence[str]) -> frozenset[int]:
    """The options whose letters stand in a stretch by themselves, whatever it says of them."""
    bare = _bare(text)
    letters = {ascii_uppercase.find(letter) for letter in _LONE_CAPITAL.findall(bare)}
    return frozenset(at for at in letters if at < len(options))


def _bare(text: str) -> str:
    text = text[:LONGEST]
    if not text.isascii():
        text = text.translate(_WIDE)
    return " ".join(_MARKUP.sub(" ", text).split()).rstrip(".").strip()


def _place(letter: str, options: Sequence[str]) -> int | None:
    at = ascii_uppercase.find(letter.upper()) if letter.isascii() else -1
    return at if 0 <= at < len(options) else None


def _with_tail(found: re.Match[str], at: int, options: Sequence[str], strictly: bool) -> frozenset[int] | None:
    """What a letter names together with what stands behind it; None where the letter may be a word."""
    tail = found["tail"] or ""
    one = frozenset({at})
    if not tail:
        return one
    label = _LABEL.match(tail)
    body = tail[label.end() :] if label is not None else tail
    capital = found["letter"].isupper()
    if other := _with_text(body, options) or _with_text(body.strip("([])"), options):
        marked = capital or found["close"] or label is not None
        return (one if at in other else other | one) if marked else None
    if not body.strip(")].:, ") or _CALLED.fullmatch(tail) or (capital and _HOLDS.match(tail)):
        return one
    if capital and (reason := _REASON.search(tail)) is not None:
        before = tail[: reason.start()].strip("[]().:,;=–— ")
        if not before or _with_text(before, options) == one:
            return one
    if not capital and not found["close"]:
        return None
    if strictly or label is None or not label[0].strip() or label[0].strip() in ",;=" or _CANCELS.search(body):
        return NONE if _CANCELS.search(tail) else None
    others = {ascii_uppercase.find(letter) for letter in _LONE_CAPITAL.findall(body) if letter not in "AI"}
    return one | {other for other in others if other < len(options)}


@lru_cache(maxsize=4_096)
def _keys(text: str) -> tuple[str, str, str]:
    return answer_key(text), _closed_up(text), read(text).key


def _with_text(text: str, options: Sequence[str]) -> frozenset[int]:
    """The options whose text this is: to the letter, but for blanks and markup, or as mathematics."""
    if not text.strip():
        return NONE
    keys = _keys(text) if len(text) <= 300 else (answer_key(text), _closed_up(text), read(text).key)
    for key, of_option in zip(keys, zip(*map(_keys, options), strict=True), strict=True):
        if key and (same := frozenset(at for at, one in enumerate(of_option) if one == key)):
            return same
    return NONE


_DIGITS_APART = re.compile(r"(?<=[0-9]) (?=[0-9])")


def _closed_up(text: str) -> str:
    bare = _bare(text).casefold()
    return _DIGITS_APART.sub("\0", bare).replace(" ", "")
