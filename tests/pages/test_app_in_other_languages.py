"""Every page in every language: what the app says has its line, and no control keeps its English label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures import OpenApp, opened
from streamlit.testing.v1 import AppTest

from pages.parts import plot
from pages.parts.registry import PAGES, PageKind
from rsa_viz.texts import LANGUAGES
from rsa_viz.texts.labels import Labels
from rsa_viz.texts.reading import REFERENCE

OTHERS = [name for name in LANGUAGES if name != REFERENCE]
WORD = re.compile("[A-Za-z]{3,}")
CONTROLS = (
    "button", "checkbox", "expander", "metric", "multiselect", "number_input", "radio", "selectbox", "slider", "tabs",
    "text_area", "text_input", "toggle",
)  # fmt: skip
HEADINGS = ("title", "header", "subheader")
NAMES = re.compile(  # which are the same in every language
    "vLLM|SGLang|llama.cpp|Ollama|LM Studio|OpenAI|Anthropic|RSA|AIME-25|HMMT-25|LiveCodeBench|Reasoning Gym|cognition"
    "|games|ARC|SuperGPQA|Hugging Face|data_source|English"
)


@pytest.fixture
def unsaid(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The labels, pictures' aside, that were looked up while a page was drawn and have no line."""
    labels: list[str] = []
    find = Labels.find

    def noted(self: Labels, english: str) -> str | None:
        found = find(self, english)
        if found is None and self.whole and WORD.search(NAMES.sub("", english)):
            labels.append(english)
        return found

    monkeypatch.setattr(Labels, "find", noted)
    monkeypatch.setattr(plot, "said_picture", lambda figure: figure)  # marks name chains, answers and steps
    return labels


def english(at: AppTest) -> Iterator[str]:
    """Labels of controls and headings that have words, none of them in the other language."""
    for kind in (*CONTROLS, *HEADINGS):
        for element in at.get(kind):
            label = str(element.value if kind in HEADINGS else element.label)
            bare = NAMES.sub("", re.sub(r":material/\w+:", "", label))
            if WORD.search(bare) and not re.search("[\u2e80-\uffef]", bare):
                yield f"{kind}: {label}"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("full", [False, True], ids=["fresh", "full"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_says_everything_in_the_language(
    app: OpenApp, tmp_path: Path, full_database: Path, unsaid: list[str], page: PageKind, full: bool, language: str
) -> None:
    at = opened(app, full_database if full else tmp_path / "a.db", page.name, lang=language)
    assert not at.exception
    assert not unsaid, "\n".join(dict.fromkeys(unsaid))
    controls = list(dict.fromkeys(english(at)))
    assert not controls, "\n".join(controls)
