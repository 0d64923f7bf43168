"""Every picture in every other language: no word of the app's own stays English; what others wrote does.

All that models and people wrote is in Greek here, so whatever has a Latin word left was said by the app.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
import test_figures_contract as contract
from made_population import made_population
from made_trials import made_arms

from rsa_viz.analysis.budgets import Axis
from rsa_viz.analysis.fate import fate
from rsa_viz.analysis.fate_telling import fate_in_words, turns_in_words
from rsa_viz.analysis.forecast import Asked
from rsa_viz.analysis.forks import branch
from rsa_viz.analysis.genealogy import equal_shares
from rsa_viz.analysis.ledger import ledger
from rsa_viz.core.chain import Chain, ChainOrigin, ChainStatus, Judgement, Slot, Step, Verdict
from rsa_viz.figures import FIGURES
from rsa_viz.figures.answers import distribution_data
from rsa_viz.figures.board import board_data
from rsa_viz.figures.canvas import LETTER_PX
from rsa_viz.figures.compare import compare_budget_data
from rsa_viz.figures.correctness import correctness_data
from rsa_viz.figures.descent import descent_data
from rsa_viz.figures.forks import forks_data
from rsa_viz.figures.genealogy import View, carried_data, genealogy_data
from rsa_viz.figures.population_beads import PopulationBeadsData, population_beads_data
from rsa_viz.figures.prediction import prediction_data
from rsa_viz.figures.spoken import in_words
from rsa_viz.figures.style import TEXT_SIZE, Figure, Theme
from rsa_viz.texts import LANGUAGES, texts_in
from rsa_viz.texts.reading import REFERENCE
from tests.analysis.drawn import random_story

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


def others() -> Iterator[tuple[str, Any]]:
    """Pictures of other views than those of the contract: (name in the registry, data)."""
    chains = greek(made_population(8, 2, 5, seed=2, planned_from=5))
    planted = [
        replace(chain, origin=ChainOrigin.PLANTED) if chain.slot in (Slot(2, 3), Slot(3, 1)) else chain
        for chain in chains
        if chain.slot.t < 5
    ]
    shares = equal_shares(chains)
    for view in View:
        for chosen in (None, Slot(4, 1), Slot(1, 1)):
            yield (
                "genealogy",
                genealogy_data(chains, shares, view=view, chosen=chosen, least=0.1 * (chosen is not None)),
            )
            yield "genealogy", descent_data(chains, shares, chosen=chosen, why="the first right one" if chosen else "")
    yield "genealogy", carried_data(chains, [chain.slot for chain in chains[::2]], 0.5)
    yield "correctness", correctness_data(planted)
    yield "board", board_data(planted)
    for asked, seen in ((None, 3), (Asked(32, 3, 8), None), (Asked(8, 2, 2), 3)):
        yield "prediction", prediction_data(chains, asked, seen=seen)
    run = branch("a", "original", 0, planted)
    fork = branch("b", "chain 1.2 left out of the prompt of chain 2.1", 1, chains)
    yield "forks", forks_data(run, [fork])
    yield "forks", forks_data(None, [fork])
    for axis in Axis:
        yield "compare_budget", compare_budget_data(made_arms(planted, GREEK), axis)


def told_story(seed: int) -> Sequence[Chain]:
    """A run in which much turns, with what a person planted and what a fork took over in some of them."""
    rng = random.Random(seed)
    chains = random_story(rng, n=rng.randint(2, 10), t=rng.randint(2, 6), k=rng.choice((1, 2)))
    if seed % 3 == 0:
        chains = [replace(one, origin=ChainOrigin.COPIED) if one.slot.t <= seed % 4 else one for one in chains]
    if seed % 4 == 0:
        bare = {"origin": ChainOrigin.PLANTED, "parents": (), "available": ()}
        chains = [replace(one, **bare) if one.slot.i == 1 and one.status == "done" else one for one in chains]
    if seed % 2 == 0:
        chains = [replace(one, verdict=Verdict.WRONG) if one.verdict is Verdict.UNKNOWN else one for one in chains]
    return chains


@pytest.mark.parametrize("language", OTHERS)
def test_no_word_of_other_views_and_of_what_analyses_say_stays_english(language: str) -> None:
    labels = texts_in(language).labels
    for name, data in others():
        figure = in_words(FIGURES[name].figure(data, Theme.LIGHT), labels.say_lines)
        assert {words for words in shown(figure) if left(words)} == set()
        assert left(labels.tell(data.caption)) == set(), labels.tell(data.caption)
    for seed in range(8):
        chains = greek(made_population(5, 2, 4, seed=seed, planned_from=4 if seed % 3 == 0 else None))
        for words in (*(event.sentence for event in ledger(chains)), *fate_in_words(fate(chains))):
            assert left(labels.tell(words)) == set(), labels.tell(words)


@pytest.mark.parametrize("language", OTHERS)
def test_no_word_of_the_fate_of_the_right_answer_stays_english(language: str) -> None:
    labels = texts_in(language).labels
    for seed in range(120):
        told = fate(told_story(seed))
        for words in (
            *fate_in_words(told),
            *(part for one in turns_in_words(told.turns) for part in (one.head, one.words)),
        ):
            assert left(labels.tell(words)) == set(), labels.tell(words)


@pytest.mark.parametrize("language", OTHERS)
def test_what_others_wrote_stays_whatever_it_reads_like(language: str) -> None:
    """Answers, texts and errors that are labels of the app."""
    labels = texts_in(language).labels
    like = ("right", "no answer", "chain 3.1", "step")
    chains = tuple(
        replace(
            chain, answer=like[chain.id % 4], answer_key=like[chain.id % 4], text="right\nno answer", error="failed"
        )
        if chain.ended
        else chain
        for chain in made_population(8, 2, 4, seed=3)
    )
    answers = in_words(FIGURES["distribution"].figure(distribution_data(chains, 1), Theme.LIGHT), labels.say_lines)
    assert set(like) <= {tick.removeprefix("● ") for tick in answers.layout.yaxis.ticktext}
    beads = in_words(FIGURES["population_beads"].figure(_beads(chains), Theme.LIGHT), labels.say_lines)
    read = {hover.partition("<br>")[2] for hover in beads.data[1].hovertext}
    assert read == {"right", "no answer"}
    strip = next(trace for trace in beads.data[2:] if trace.hovertext)
    given = {hover.split("<br>")[1] for hover in strip.hovertext}
    assert given == {labels.say_lines(f"answer {one}", ()) for one in like}


def _beads(chains: Sequence[Chain]) -> PopulationBeadsData:
    plain = {
        chain.slot: tuple(replace(step, judgement=Judgement.unknown("")) for step in steps(chain)) for chain in chains
    }
    return population_beads_data(chains, plain, {chain.slot: chain.text or "" for chain in chains})


def test_a_translated_picture_is_a_copy_with_room_for_its_wide_letters() -> None:
    data = correctness_data(made_population(4, 2, 3))
    drawn = FIGURES["correctness"].figure(data, Theme.LIGHT)
    before = drawn.to_json()
    say = texts_in("zh").labels.say_lines
    translated = in_words(drawn, say)
    assert drawn.to_json() == before
    assert [note.text.partition("<br>")[0] for note in translated.layout.annotations] == ["正确的推理链"]
    assert translated.layout.margin.r == drawn.layout.margin.r - round(12 * LETTER_PX) + 6 * TEXT_SIZE


def test_a_line_that_was_cut_is_said_in_full_and_cut_to_the_same_width() -> None:
    chains = made_population(4, 2, 3)
    name = "seed 5 in place of 1, a re-roll: later parents and samples drawn anew"
    data = forks_data(branch("a", "original", 0, chains), [branch("b", name, 1, chains)])
    figure = in_words(FIGURES["forks"].figure(data, Theme.LIGHT), texts_in("zh").labels.say_lines)
    label = figure.layout.annotations[-1].text.partition("<br>")[0]
    assert label.startswith("随机种子 5")
    assert label.endswith("…")
    assert len(label) < 24
