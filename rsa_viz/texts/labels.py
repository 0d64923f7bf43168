"""Short texts by their English words: the app is written in English, a catalogue gives each label another wording.

Knows no page, and no file: see ``catalogue`` for what a translator writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

KEPT = 4096  # translated labels that are remembered
KEPT_TEXTS = 512
LONGEST = 8  # parts of a text that are tried as one sentence
DEEP = 3  # pieces within pieces that are looked up
BREAK = "<br>"  # between the lines of a label in a picture
BETWEEN, LAST = "A, B", "A and B"  # lines of a catalogue: what stands between two of a list, and before its last
PIECE = re.compile(r"\{(\d*)([~,;&]?)\}")
_WORD = re.compile(r"\w+")
_LISTED = {",": re.compile(r", | and "), ";": re.compile(r"; and |; ")}
DIGITS = re.compile(r"\d+")
_WIDE = re.compile("[\u2e80-\u9fff\uff01-\uff5e]")
ENDS = (".", "!", "?", "…", ":")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\sa-z])")


@dataclass(frozen=True, slots=True)
class Form:
    """One line of a catalogue with pieces: how its English is recognised, and its translation."""

    english: re.Pattern[str]
    translation: str
    literal: int  # letters that must match; the form with most of them is tried first
    broken: bool  # a label of several lines
    sentence: bool
    digits: bool  # among its own letters


@dataclass(frozen=True, slots=True)
class _Found:
    """What a label is in the language, how many of its letters are the line's, and whether the line is a sentence."""

    words: str
    literal: int
    sentence: bool


@dataclass(frozen=True)
class Labels:
    """The labels of one language; do not change what is in it. Without any, all is said in English."""

    whole: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, tuple[Form, ...]] = field(default_factory=dict)

    _likely: Callable[[str, bool], tuple[Form, ...]] = field(init=False, repr=False, compare=False)
    _remembered: Callable[[str], _Found | None] = field(init=False, repr=False, compare=False)
    _remembered_text: Callable[[str], Sequence[tuple[str, str | None]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_likely", lru_cache(maxsize=KEPT)(self._candidates))
        object.__setattr__(self, "_remembered", lru_cache(maxsize=KEPT)(self._looked_up))
        object.__setattr__(self, "_remembered_text", lru_cache(maxsize=KEPT_TEXTS)(self._told))

    def find(self, english: str) -> str | None:
        """The translation of an English label; None where no line is for it."""
        found = self._remembered(english) if self.whole or self.forms else None
        return None if found is None else found.words

    def say(self, english: str) -> str:
        """The translation of an English label; the label itself where no line is for it."""
        found = self.find(english)
        return english if found is None else found

    def tell(self, english: str) -> str:
        """Sentences, each looked up for itself; the English ones stay where no line is for them.

        What others wrote may look like a sentence's end. So neighbours are tried together too, and of all ways to cut
        the text that one counts in which most letters are those of lines, then fewest parts without a line, then most
        sentences.
        """
        if not self.whole and not self.forms:
            return english
        said = (f"{self.say(part)} " if found is None else found for part, found in self._remembered_text(english))
        return "".join(said).strip()

    def _told(self, english: str) -> Sequence[tuple[str, str | None]]:
        """Each sentence with what it is in the language, None where no line is for it."""
        if (whole := self.whole.get(english)) is not None:
            return ((english, whole),)
        parts = _SENTENCE.split(english)
        # Of the first parts: letters of lines, less parts without one, sentences, and what is said.
        best: list[tuple[int, int, int, tuple[tuple[str, str | None], ...]]] = [(0, 0, 0, ())]
        for end in range(1, len(parts) + 1):
            letters, less, sentences, said = best[end - 1]
            alone: tuple[str, str | None] = (parts[end - 1], None)
            ways = [(letters, less - 1, sentences, (*said, alone))]
            for start in range(max(0, end - LONGEST), end):
                part = " ".join(parts[start:end])
                found = self._remembered(part)
                if found is not None and (found.sentence or end - start == len(parts)):
                    letters, less, sentences, said = best[start]
                    ways.append((letters + found.literal, less, sentences + 1, (*said, (part, found.words))))
            best.append(max(ways, key=lambda way: way[:3]))
        return best[-1][3]

    def say_lines(self, english: str, kept: Container[str] = ()) -> str:
        """A label of several lines: by one line of the catalogue for all of them, else each for itself.

        Lines that are ``kept`` were written by others and stay.
        """
        if BREAK not in english:
            return english if english in kept else self.say(english)
        if (whole := self.whole.get(english)) is not None:
            return whole
        if (found := self._fitting(english, 0, broken=True)) is not None:
            return found.words
        return BREAK.join(line if line in kept else self.say(line) for line in english.split(BREAK))

    def _looked_up(self, english: str, depth: int = 0) -> _Found | None:
        whole = self.whole.get(english)
        if whole is None:
            return self._fitting(english, depth)
        return _Found(whole, len(english), english.endswith(ENDS))

    def _fitting(self, english: str, depth: int, broken: bool = False) -> _Found | None:
        """By the form with the most letters that fits."""
        for form in self._likely(DIGITS.sub("0", english), broken):
            if (match := form.english.fullmatch(english)) is not None:
                return _Found(self._put(form.translation, match.groups(), depth), form.literal, form.sentence)
        return None

    def _candidates(self, shape: str, broken: bool) -> tuple[Form, ...]:
        """The forms to try for labels of one shape, which is a label with every number as 0; those with most letters
        come first.

        Whether a form without digits of its own fits is the same for all labels of a shape, so the first such form that
        does is the last of them.
        """
        words = _WORD.findall(shape)
        names = (f"{words[0]} …", f"… {words[-1]}", "…") if words else ("…",)
        likely = [form for name in names for form in self.forms.get(name, ()) if form.broken or not broken]
        found: list[Form] = []
        for form in sorted(likely, key=lambda form: -form.literal):
            if form.digits:
                found.append(form)
            elif form.english.fullmatch(shape):
                return (*found, form)
        return tuple(found)

    def _put(self, translation: str, pieces: tuple[str, ...], depth: int) -> str:
        following = iter(pieces)
        said = ""
        start = 0
        for match in PIECE.finditer(translation):
            piece = pieces[int(match[1]) - 1] if match[1] else next(following)
            words = self._said(piece, match[2], depth) if match[2] and depth < DEEP else piece
            said = _beside(said, translation[start : match.start()])
            said = _beside(said, words) if match[2] else said + words
            start = match.end()
        return _beside(said, translation[start:])

    def _said(self, piece: str, how: str, depth: int) -> str:
        if how == "&":
            return self._others(piece)
        if how == "~":
            return self._piece(piece, depth)
        if how == ",":
            return self._between(BETWEEN, ", ").join(self._piece(one, depth) for one in _LISTED[how].split(piece))
        return self.whole.get("; ", "; ").join(self._named(one, depth) for one in _LISTED[how].split(piece))

    def _named(self, piece: str, depth: int) -> str:
        """``name: words``, each looked up for itself where there is a line for the words; else all of it."""
        name, _, words = piece.rpartition(": ")
        if not name or (found := self._looked_up(words, depth + 1)) is None:
            return self._piece(piece, depth)
        return f"{self._piece(name, depth)}{self.whole.get(': ', ': ')}{found.words}"

    def _piece(self, piece: str, depth: int) -> str:
        found = self._looked_up(piece, depth + 1)
        return piece if found is None else found.words

    def _others(self, piece: str) -> str:
        """A list of two or more that others wrote: its ``and``, if it is the only one, and labels of several words."""
        rest, _, last = piece.partition(" and ")
        if not last or " and " in last:
            return piece
        rest = ", ".join(self._label(one) for one in rest.split(", "))
        return _beside(_beside(rest, self._between(LAST, " and ")), self._label(last))

    def _label(self, one: str) -> str:
        return self.whole.get(one, one) if " " in one else one

    def _between(self, two: str, english: str) -> str:
        return self.whole[two][1:-1] if two in self.whole else english


def _beside(said: str, words: str) -> str:
    """Both, without the blank that stood for one between two scripts where both turn out to be of the wide one."""
    if said[-1:] == " " and _WIDE.match(said[-2:-1]) and _WIDE.match(words):
        return said[:-1] + words
    if words[:1] == " " and _WIDE.match(said[-1:]) and _WIDE.match(words[1:2]):
        return said + words[1:]
    return said + words
