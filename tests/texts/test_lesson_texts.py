"""The lesson's texts: every language has all of them, and code and texts want the same placeholders."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from rsa_viz.core.errors import InvalidInput, UnknownName
from rsa_viz.texts import LANGUAGES, texts_in
from rsa_viz.texts.reading import fill, placeholders

ROOT = Path(__file__).resolve().parents[2]
ASKING = [ROOT / "pages" / "learn.py", *sorted((ROOT / "pages" / "parts").glob("learn_*.py"))]


def asked() -> Iterator[tuple[str, frozenset[str] | None]]:
    """Every text that the pages ask for by its full name, with the placeholders given; None where a dict is spread."""
    for path in ASKING:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                key = node.args[0]
                if isinstance(key, ast.Constant):
                    names = [word.arg for word in node.keywords]
                    yield key.value, None if None in names else frozenset(name for name in names if name is not None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_the_pages_ask_for_is_there_and_no_other(language: str) -> None:
    texts = texts_in(language).texts
    steps = {key.partition(".")[0] for key, _ in asked()} - {"page"}
    wanted = {key for key, _ in asked()} | {f"{step}.title" for step in steps}
    assert set(texts) - {"page.title"} == wanted
    assert all(texts.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_want_no_placeholder_that_the_pages_do_not_give(language: str) -> None:
    texts = texts_in(language).texts
    for key, given in asked():
        if given is not None:
            assert placeholders(texts[key]) <= given, key
        assert placeholders(texts[key]) == placeholders(texts_in("en").texts[key]), key


def test_the_languages_have_the_same_files() -> None:
    folders = [{path.name for path in (ROOT / "rsa_viz/texts" / name).glob("*.md")} for name in LANGUAGES]
    assert all(names == folders[0] for names in folders)


def test_placeholders_are_filled_and_a_word_is_chosen_for_one() -> None:
    assert fill("{n} {n|chain|chains}", {"n": 1}) == "1 chain"
    assert fill("{n} {n|chain|chains}", {"n": 3}) == "3 chains"
    with pytest.raises(UnknownName, match="'m'"):
        fill("{m}", {"n": 1})


def made(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_what_a_translation_lacks_is_said_in_english(tmp_path: Path) -> None:
    folder = made(tmp_path, en__one="", de__one="")
    (folder / "en" / "01-chain.md").write_text("# A chain\n\n## look\nLook at {n}.\n")
    (folder / "de" / "01-chain.md").write_text("# Eine Kette\n")
    made(folder, de__labels__a="")
    (folder / "de" / "labels" / "a.toml").write_text('"chain {}" = "Kette {}"\n')
    texts = texts_in("de", folder)
    assert texts.say("chain.title") == "Eine Kette"
    assert texts.say("chain.look", n=2) == "Look at 2."
    assert texts.labels.say("chain 1.2") == "Kette 1.2"
    assert texts.labels.say("something else") == "something else"
    with pytest.raises(UnknownName):
        texts.say("chain.nothing")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("01-chain.md", "Look\n# A chain\n", "begins with 'Look'"),
        ("01-chain.md", "# A\n\n## look\na\n\n## look\nb\n", "twice"),
        ("labels/a.toml", '"chain {}" = "Kette"\n', "use each once"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    made(tmp_path, **{f"en__{name}": text})
    with pytest.raises(InvalidInput, match=said):
        texts_in("en", tmp_path)
