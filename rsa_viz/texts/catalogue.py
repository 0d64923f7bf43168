"""Catalogues of labels: what a translator writes, read.

``labels/*.toml`` in a language's folder: ``"English" = "translation"``. In the English, ``{}`` stands for whatever the
app puts there and ``{#}`` for a number. In the translation, ``{}`` is the next of these pieces, ``{2}`` the second one;
``{~}`` or ``{2~}`` is a piece that is itself looked up here, ``{,}`` a list of such (``a, b and c``), ``{;}`` one of
labels or of names with what is said of them (``a; b: c; and d``). ``{&}`` is a list of what others wrote, of which only
the ``and`` is translated. Knows no page.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..core.errors import InvalidInput
from .labels import BREAK, DIGITS, ENDS, PIECE, Form, Labels

_ANY, _NUMBER = "{}", "{#}"
_HOLE = re.compile(r"\{#?\}")
_WORD = re.compile(r"\w+")


def labels_of(folder: Path) -> Labels:
    """The labels in a folder's TOML files; none where there is no such folder.

    Raises InvalidInput naming the file and the line's English where a file cannot be read, where a translation lacks
    a piece or has one too many, or where two files say the same label differently.
    """
    whole: dict[str, str] = {}
    forms: dict[str, list[Form]] = {}
    seen: dict[str, tuple[str, str]] = {}
    for name, english, translation in _lines(sorted(folder.glob("*.toml"))):
        if seen.setdefault(english, (translation, name))[0] != translation:
            raise InvalidInput(f"{name} and {seen[english][1]} say {english!r} differently; keep one of them")
        if not _HOLE.search(english):
            whole[english] = translation
            continue
        _check(name, english, translation)
        own = _HOLE.sub("", english)
        sentence, digits = english.endswith(ENDS), DIGITS.search(own) is not None
        form = Form(_pattern(english), translation, len(own), BREAK in english, sentence, digits)
        bucket = forms.setdefault(_bucket(DIGITS.sub("0", english)), [])
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
    holes, pieces = len(_HOLE.findall(english)), PIECE.findall(translation)
    numbered = [int(number) for number, _ in pieces if number]
    if numbered and (len(numbered) < len(pieces) or not all(1 <= number <= holes for number in numbered)):
        raise InvalidInput(f"{name}: {translation!r} numbers pieces that are not there; number all, from 1 to {holes}")
    if not numbered and len(pieces) != holes:
        raise InvalidInput(f"{name}: {translation!r} has {len(pieces)} pieces and {english!r} {holes}; use each once")


def _pattern(english: str) -> re.Pattern[str]:
    parts = re.split(r"(\{#?\})", english)
    found = {_ANY: "(.*?)", _NUMBER: r"([-+−]?\d+(?:[.,]\d+)*)"}
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
