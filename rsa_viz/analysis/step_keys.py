"""Step keys: what makes two steps the same, and how alike they are beyond that.

A key is the fragment that a step states or, without one, its words. Marks of a list and of emphasis are no words: the
same sentence numbered, as a heading or as a point is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..core.chain import Slot, Step

_FRAGMENT, _TEXT = "fragment ", "text "
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*|__)(?=\S)(.{1,2000}?)(?<=\S)\1(?![\w*])", re.DOTALL)
_MARKS = re.compile(r"(?:[-+*•>#–—]{1,6}\s+|\(?(?:\d{1,3}|[a-z])[.)]\s+|step\s+\d{1,3}\s*[.:)–—-]\s+)+")


class StepKey(str):
    """The key of a step. Keys are equal that state the same; ``words`` are those of the step in lower case, without
    marks, and ``letters`` stand for it as it is written."""

    __slots__ = ("letters", "words")
    words: str
    letters: int

    def __new__(cls, key: str, words: str, letters: int) -> StepKey:
        """``letters``: the hash of the step's text; two steps are told apart by it, and no text is kept."""
        made = super().__new__(cls, key)
        made.words, made.letters = words, letters
        return made


def step_key(step: Step, text: str) -> StepKey:
    """What makes two steps the same: the fragment, or without one the words (see ``plain_words``)."""
    written = text[step.start : step.end]
    words = _TEXT + plain_words(written)
    return StepKey(words if step.fragment is None else _FRAGMENT + step.fragment, words, hash(written))


def plain_words(text: str) -> str:
    """A step's words in lower case with single spaces, without emphasis and without the marks before it: ``2.``,
    ``(b)``, ``-``, ``##``, ``Step 2:``. Where there is nothing else, the marks are the words."""
    found = text.casefold()
    if "**" in found or "__" in found:
        found = _EMPHASIS.sub(r"\2", found)
    found = " ".join(found.split())
    marks = _MARKS.match(found)
    return found[marks.end() :] if marks is not None and marks.end() < len(found) else found


def states_fragment(key: str) -> bool:
    """Whether a step's key is that of a fragment."""
    return key.startswith(_FRAGMENT)


def fragment_of(key: str) -> str:
    """The fragment of a key that states one."""
    return key.removeprefix(_FRAGMENT)


def words_of(key: str) -> str:
    """The words of a step; a key that is a bare string has no others."""
    return key.words if isinstance(key, StepKey) else key


class Carried(NamedTuple):
    """What a chain's steps say: their keys, words and letters."""

    keys: frozenset[str]
    words: frozenset[str]
    letters: frozenset[int]


def carried(keys: Iterable[str]) -> Carried:
    """What steps with these keys say."""
    found = list(keys)
    return Carried(
        frozenset(map(str, found)),
        frozenset(map(words_of, found)),
        frozenset(key.letters for key in found if isinstance(key, StepKey)),
    )


def closest(key: str, parents: Mapping[Slot, Carried]) -> tuple[Slot, ...]:
    """The parents in which a step stands most alike, in their order: letter by letter, or else in the same words, or
    else by what it states. Empty when it stands in none."""
    stands = tuple(slot for slot, one in parents.items() if key in one.keys)
    if len(stands) < 2:
        return stands
    words = words_of(key)
    same = tuple(slot for slot in stands if words in parents[slot].words) or stands
    if not isinstance(key, StepKey):
        return same
    return tuple(slot for slot in same if key.letters in parents[slot].letters) or same
