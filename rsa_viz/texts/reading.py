"""Texts in several languages, kept in plain files that a translator edits.

A folder a language. In it stand ``NN-name.md`` files with the lesson: ``# title``, then ``## key`` and the text below
it; the text named ``chain.look`` stands in ``NN-chain.md`` under ``## look``. ``{right}`` is a number or a name that
the page puts in; ``{right|chain|chains}`` is the first word where it is 1, else the second. The app's labels stand in
``labels/*.toml``. English is the reference: what a translation lacks is shown in English, and a test fails. Knows no
page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ..core.errors import InvalidInput, UnknownName
from .catalogue import labels_of
from .labels import Labels

FOLDER = Path(__file__).parent
LANGUAGES: Mapping[str, str] = {"en": "English", "zh": "中文"}
"""What can be chosen: the folder's name, and the language in its own words."""
REFERENCE = "en"

_PLACE = re.compile(r"\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}")


@dataclass(frozen=True)
class Texts:
    """The texts of one language. Do not change what is in it."""

    language: str
    texts: Mapping[str, str]
    labels: Labels = field(default_factory=Labels)
    reference: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, **numbers: object) -> str:
        """The text under ``key`` with ``numbers`` put in.

        Raises UnknownName for a key that English lacks, and for a placeholder that nobody gave.
        """
        found = self.texts.get(key, self.reference.get(key))
        if found is None:
            raise UnknownName("text", key, sorted(self.reference or self.texts))
        return fill(found, numbers)


def fill(text: str, numbers: Mapping[str, object]) -> str:
    """``text`` with its placeholders filled. Raises UnknownName for one that is not among ``numbers``."""

    def put(match: re.Match[str]) -> str:
        name, one, more = match.groups()
        if name not in numbers:
            raise UnknownName("placeholder", name, sorted(numbers))
        if one is None:
            return str(numbers[name])
        return str(one if numbers[name] == 1 else more)

    return _PLACE.sub(put, text)


def placeholders(text: str) -> frozenset[str]:
    """The names that a text wants to be given."""
    return frozenset(match[1] for match in _PLACE.finditer(text))


@cache
def texts_in(language: str, folder: Path = FOLDER) -> Texts:
    """The texts of a language, read once. Raises UnknownName for another one, InvalidInput naming file and line."""
    if not (folder / language).is_dir():
        raise UnknownName("language", language, LANGUAGES)
    found = _read_folder(folder / language)
    reference = found if language == REFERENCE else texts_in(REFERENCE, folder).texts
    return Texts(language, found, labels_of(folder / language / "labels"), reference)


def _read_folder(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.md")):
        name = path.stem.partition("-")[2]
        for key, text in _read(path):
            if f"{name}.{key}" in found:
                raise InvalidInput(f"{path.name} has the text {key!r} twice; keep one of them")
            found[f"{name}.{key}"] = text
    return found


def _read(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of one file; lines of a paragraph are joined, paragraphs stay apart."""
    parts = re.split(r"^(#{1,2}) (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if parts[0].strip():
        raise InvalidInput(f"{path.name} begins with {parts[0].strip()[:40]!r}; begin with '# ' and the step's title")
    for mark, heading, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if mark == "#":
            yield "title", heading.strip()
        else:
            yield heading.strip(), body.strip()
