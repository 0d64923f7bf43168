"""Short texts by their English words: the app is written in English, a translator gives each label another wording.

``labels/*.toml`` in a language's folder: ``"English" = "translation"``. In the English, ``{}`` stands for whatever the
app puts there and ``{#}`` for a number; in the translation, ``{}`` is the next of these pieces, ``{2}`` the second one,
and ``{~}`` or ``{2~}`` a piece that is itself looked up here. Knows no page.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ..core.errors import InvalidInput

KEPT = 4096  # translated labels that are remembered
DEEP = 3  # pieces within pieces that are looked up
_ANY, _NUMBER = "{}", "{#}"
_HOLE = re.compile(r"\{#?\}")
_PIECE = re.compile(r"\{(\d*)(~?)\}")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Form:
    """One line with pieces: how its English is recognised, and its translation."""

    english: re.Pattern[str]
    translation: str
    literal: int  # letters that must match; the form with most of them is tried first


@dataclass(frozen=True)
class Labels:
    """The labels of one language; do not change what is in it. Without any, all is said in English."""

    whole: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, tuple[_Form, ...]] = field(default_factory=dict)

    _remembered: Callable[[str], str | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_remembered", lru_cache(maxsize=KEPT)(self._looked_up))

    def find(self, english: str) -> str | None:
        """The translation of an English label; None where no line is for it."""
        return self._remembered(english) if self.whole or self.forms else None

    def say(self, english: str) -> str:
        """The translation of an English label; the label itself where no line is for it."""
        found = self.find(english)
        return english if found is None else found

    def _looked_up(self, english: str, depth: int = 0) -> str | None:
        whole = self.whole.get(english)
        if whole is not None:
            return whole
        words = _WORD.findall(english)
        names = (f"{words[0]} …", f"… {words[-1]}", "…") if words else ("…",)
        likely = [form for name in names for form in self.forms.get(name, ())]
        for form in sorted(likely, key=lambda form: -form.literal):
            if (match := form.english.fullmatch(english)) is not None:
                return self._put(form.translation, match.groups(), depth)
        return None

    def _put(self, translation: str, pieces: tuple[str, ...], depth: int) -> str:
        following = iter(pieces)

        def put(match: re.Match[str]) -> str:
            piece = pieces[int(match[1]) - 1] if match[1] else next(following)
            said = self._looked_up(piece, depth + 1) if match[2] and depth < DEEP else None
            return piece if said is None else said

        return _PIECE.sub(put, translation)


def labels_of(folder: Path) -> Labels:
    """The labels in a folder's TOML files; none where there is no such folder.

    Raises InvalidInput naming the file and the line's English where a file cannot be read, where a translation lacks
    a piece or has one too many, or where two files say the same label differently.
    """
    whole: dict[str, str] = {}
    forms: dict[str, list[_Form]] = {}
    seen: dict[str, tuple[str, str]] = {}
    for name, english, translation in _lines(sorted(folder.glob("*.toml"))):
        if seen.setdefault(english, (translation, name))[0] != translation:
            raise InvalidInput(f"{name} and {seen[english][1]} say {english!r} differently; keep one of them")
        if not _HOLE.search(english):
            whole[english] = translation
            continue
        _check(name, english, translation)
        form = _Form(_pattern(english), translation, len(_HOLE.sub("", english)))
        bucket = forms.setdefault(_bucket(english), [])
        if form not in bucket:
            bucket.append(form)
    return Labels(whole, {name: tuple(found) for name, found in forms.items()})


def form_of(english: str) -> str:
    """A line's English with every piece as ``{}``, so that it can be compared with what the app's code says."""
    return _HOLE.sub(_ANY, english)


def _lines(paths: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    for path in paths:
        try:
            read = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidInput(f'{path.name} cannot be read: {error}; write lines of "English" = "…"') from None
        for english, translation in read.items():
            if not isinstance(translation, str) or not translation:
                raise InvalidInput(f'{path.name}: {english!r} has no translation; write "{english}" = "…"')
            yield path.name, english, translation


def _check(name: str, english: str, translation: str) -> None:
    """Pieces in order are all used; numbered ones, which may leave out an English plural's ending, are there."""
    holes, pieces = len(_HOLE.findall(english)), _PIECE.findall(translation)
    numbered = [int(number) for number, _ in pieces if number]
    if numbered and (len(numbered) < len(pieces) or not all(1 <= number <= holes for number in numbered)):
        raise InvalidInput(f"{name}: {translation!r} numbers pieces that are not there; number all, from 1 to {holes}")
    if not numbered and len(pieces) != holes:
        raise InvalidInput(f"{name}: {translation!r} has {len(pieces)} pieces and {english!r} {holes}; use each once")


def _pattern(english: str) -> re.Pattern[str]:
    parts = re.split(r"(\{#?\})", english)
    found = {_ANY: "(.*?)", _NUMBER: r"(-?[\d,.]+)"}
    return re.compile("".join(found.get(part) or re.escape(part) for part in parts), re.DOTALL)


def _bucket(english: str) -> str:
    """Forms are kept by a word that every label of theirs has: its first, else its last."""
    start, end = _HOLE.split(english)[0], _HOLE.split(english)[-1]
    if (first := _WORD.search(start)) is not None and first.end() < len(start):
        return f"{first[0]} …"
    last = _WORD.findall(end)
    if last and not end.startswith(last[-1]):
        return f"… {last[-1]}"
    return "…"
