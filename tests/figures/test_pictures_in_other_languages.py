"""Every picture in every other language: no word of the app's own stays English; what others wrote does.

All that models and people wrote is in Greek here, so whatever has a Latin word left was said by the app.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
import test_figures_contract as contract
from made_population import made_population

from rsa_viz.core.chain import Chain, ChainStatus, Judgement, Step
from rsa_viz.figures import FIGURES
from rsa_viz.figures.spoken import in_words
from rsa_viz.figures.style import Figure, Theme
from rsa_viz.texts import LANGUAGES, texts_in
from rsa_viz.texts.reading import REFERENCE

OTHERS = [name for name in LANGUAGES if name != REFERENCE]
NAMES = {"RSA", "pass", "AIME", "arXiv", "Qwen", "Instruct"}  # of methods, measures, data and models
GREEK = "Ωμέγα. Ἄλφα, βῆτα"
"""A text that looks like two sentences and a list."""
WORD = re.compile("[A-Za-z]{3,}")


def greek(chains: Sequence[Chain]) -> tuple[Chain, ...]:
    return tuple(
        replace(
            chain,
            answer=None if chain.answer is None else f"{GREEK} {chain.answer}",
            answer_key=None if chain.answer is None else f"{GREEK} {chain.answer}",
            text=f"{GREEK}\n{chain.answer or 7}\n{GREEK} {chain.slot}" if chain.status is ChainStatus.DONE else None,
            error=GREEK if chain.status is ChainStatus.FAILED else None,
        )
        for chain in chains
    )


def steps(chain: Chain) -> tuple[Step, ...]:
    lines = re.finditer(r"[^\n]+", chain.text or "")
    return tuple(Step(line.start(), line.end(), Judgement.unknown(GREEK)) for line in lines)


@lru_cache(maxsize=1)
def populations() -> dict[str, tuple[Chain, ...]]:
    return {
        "one": greek(made_population(1, 1, 1)),
        "176": greek(made_population(16, 4, 11, seed=3)),
        "no gold": greek(made_population(16, 4, 10, gold=False)),
        "planned": made_population(16, 4, 10, planned_from=1),
        "running": greek(made_population(16, 4, 10, planned_from=4)),
    }


@pytest.fixture(autouse=True)
def words_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "HOSTILE", GREEK)
    monkeypatch.setattr(contract, "_steps", steps)


def shown(figure: Figure) -> Iterator[str]:
    """All words of a picture."""
    written = figure.to_plotly_json()
    for key in ("meta", "font", "hoverlabel", "uirevision"):
        written["layout"].pop(key, None)
    for trace in written["data"]:
        yield from (words for words in _texts(trace) if words)
    for name, part in written["layout"].items():
        if name.startswith(("xaxis", "yaxis")) or name == "annotations":
            yield from _texts(part)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("text", "name", "hovertext", "ticktext", "hovertemplate"):
                yield from (str(one) for one in ([value] if isinstance(value, str) else value or ()))
            elif isinstance(value, dict | list | tuple):
                yield from _texts(value)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _texts(one)


def left(words: str) -> set[str]:
    """The Latin words of a label, its markup and pieces aside."""
    bare = re.sub(r"<[^>]*>|%\{[^}]*\}|synthetic/\w+|\b[0-9a-f]{12}\b", " ", words)
    return set(WORD.findall(bare)) - NAMES


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("size", ["nothing", *populations()])
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_no_word_of_a_picture_stays_english(name: str, size: str, language: str) -> None:
    kind, labels = FIGURES[name], texts_in(language).labels
    data = kind.empty() if size == "nothing" else contract.DRAWN_FROM[name](populations()[size])
    figure = in_words(kind.figure(data, Theme.LIGHT), labels.say_lines)
    assert {words for words in shown(figure) if left(words)} == set()
    assert left(labels.tell(data.caption)) == set(), labels.tell(data.caption)
