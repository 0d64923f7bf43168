"""Every label that the pages give to ``said`` has a line in every language, and no label has two."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from rsa_viz.texts import LANGUAGES
from rsa_viz.texts.catalogue import form_of
from rsa_viz.texts.reading import FOLDER, REFERENCE

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [name for name in LANGUAGES if name != REFERENCE]


def literals(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be, as far as they are written out: a string, an f-string, either of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        yield "".join(parts)
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def given() -> Iterator[tuple[str, str]]:
    """Where ``said`` is called, and the label's form."""
    for path in [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "said":
                for label in literals(node.args[0]):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", label


def lines(language: str) -> Iterator[tuple[str, str]]:
    for path in sorted((FOLDER / language / "labels").glob("*.toml")):
        for english in tomllib.loads(path.read_text(encoding="utf-8")):
            yield path.name, english


@pytest.mark.parametrize("language", OTHERS)
def test_every_label_of_the_pages_has_a_line(language: str) -> None:
    forms = {form_of(english) for _, english in lines(language)}
    missing = [f"{place}: {label!r}" for place, label in given() if form_of(label) not in forms]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", OTHERS)
def test_no_label_has_two_lines(language: str) -> None:
    counts = Counter(english for _, english in lines(language))
    assert not [(name, english) for name, english in lines(language) if counts[english] > 1]
