"""The Learn page: every step in both languages, predictions and their score, rounds, and a walk in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pictures import OpenApp, opened, picture, said, settled
from playwright.sync_api import expect

from pages.parts import learn_picture
from pages.parts.spoken import said_picture
from rsa_viz.core.access import READ_ONLY
from rsa_viz.core.run import RunStatus
from rsa_viz.figures.style import Figure
from rsa_viz.lessons.runs import evolution
from rsa_viz.service import Service
from rsa_viz.store import Store
from rsa_viz.texts import texts_in

STEPS = ("chain", "vote", "aggregation", "recursion", "knobs", "drift", "failures", "enough", "budgets", "training")
PUBLISHED_ALONE = {"training"}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures of the lesson, as the browser gets them."""
    figures: list[Figure] = []

    def keep(figure: Figure, **_: Any) -> None:
        figures.append(said_picture(figure))

    monkeypatch.setattr(learn_picture, "plot", keep)
    return figures


def labels(figure: Figure) -> list[str]:
    """The words of a figure that do not come from a model: titles of axes, names in the legend, notes."""
    axes = [axis.title.text for axis in (*figure.select_xaxes(), *figure.select_yaxes())]
    notes = [re.sub("<[^>]*>", " ", note.text) for note in figure.select_annotations()]
    return [words for words in (*axes, *notes, *(trace.name for trace in figure.data)) if words]


@pytest.mark.parametrize("read_only", [False, True], ids=["fresh", "read-only"])
def test_every_step_stands_in_both_languages(
    app: OpenApp, tmp_path: Path, drawn: list[Figure], monkeypatch: pytest.MonkeyPatch, read_only: bool
) -> None:
    if read_only:
        Store(tmp_path / "a.db").close()
        monkeypatch.setenv(READ_ONLY, "1")
    at = opened(app, tmp_path / "a.db", "learn")
    for number, name in enumerate(STEPS, start=1):
        for language in ("en", "zh"):
            drawn.clear()
            at.query_params["lang"] = language
            at.query_params["step"] = str(number)
            at.run()
            assert not at.exception, (name, language)
            assert not at.error
            texts = texts_in(language)
            assert at.title[0].value == texts.say(f"{name}.title")
            assert drawn or name == "aggregation"  # its picture comes with the reveal
            simulated = texts.say("page.simulation") in said(at)
            assert simulated or name in PUBLISHED_ALONE, (name, language)
            if language == "zh":
                untold = [one for figure in drawn for one in labels(figure) if re.search(r"[a-z]{4,}", one)]
                assert not untold, (name, untold)
    assert Store(tmp_path / "a.db", read_only=True).runs() == []  # looking makes nothing


def test_a_prediction_is_revealed_and_scored_once(app: OpenApp, tmp_path: Path, drawn: list[Figure]) -> None:
    at = opened(app, tmp_path / "a.db", "learn", step="4", lang="en")
    guess = next(one for one in at.slider if one.label == "Your guess")
    assert "3 → " not in said(at)
    guess.set_value(4).run()
    at.button(key=next(one.key for one in at.button if one.label == "Reveal")).click().run()
    assert "You said 4; it is 3. Off by one: 1 point." in said(at).replace("\\", "")
    assert "Score 1 of 2" in said(at)
    assert "3 → 3" in said(at)
    at.query_params["step"] = "2"
    at.run()
    assert "Score 1 of 2" in said(at)
    assert len(drawn[-1].data[0].x) == 4  # the bars of four chains
    at.button(key=next(one.key for one in at.button if one.label == "Reveal")).click().run()
    assert "Score 1 of 4" in said(at)
    assert not [one for one in at.button if one.label == "Reveal"]


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("lost", "The last right chain stands in generation 3"),
        ("locked", "From generation 7 on all that answer give 30: wrong"),
        ("cut", "were cut at 165 tokens"),
    ],
)
def test_a_failure_says_what_its_ledger_holds(
    app: OpenApp, tmp_path: Path, drawn: list[Figure], which: str, words: str
) -> None:
    at = opened(app, tmp_path / "a.db", "learn", step="7", lang="en")
    at.session_state["learn-failure"] = which
    at.run()
    assert words not in said(at).replace("\\", "")
    at.button(key=next(one.key for one in at.button if one.label == "Reveal")).click().run()
    assert words in said(at).replace("\\", "")


def test_a_new_round_is_made_here_and_found_again(app: OpenApp, tmp_path: Path, drawn: list[Figure]) -> None:
    at = opened(app, tmp_path / "a.db", "learn", step="1", lang="en")
    at.button(key="learn-new-round").click().run()
    assert not at.exception
    assert at.query_params["round"] in ("2", ["2"])
    with Store(tmp_path / "a.db") as store:
        (run,) = store.runs()
        assert run.note == evolution(2).note
        assert Service(store).wait(run.id, timeout=100).status is RunStatus.DONE
    at.run()
    assert "Made here" in said(at)


def test_another_model_is_asked_only_when_the_reader_says_so_and_its_cost_stands_there(
    app: OpenApp, tmp_path: Path, drawn: list[Figure], monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoints = tmp_path / "endpoints.toml"
    endpoints.write_text(
        '[endpoints.local]\nmodel = "openai/none"\ntitle = "A model"\napi_base = "http://127.0.0.1:9/v1"\n'
    )
    monkeypatch.setenv("RSA_VIZ_ENDPOINTS", str(endpoints))
    at = opened(app, tmp_path / "a.db", "learn", step="1", lang="en")
    at.selectbox(key="learn-model").set_value("local").run()
    assert not at.exception
    assert "No run by this model is here yet." in said(at)
    assert "A round makes 128 calls" in said(at)
    at.query_params["step"] = "10"  # draws no choice of a model
    at.run()
    at.query_params["step"] = "4"
    at.run()
    assert at.selectbox(key="learn-model").value == "local"
    assert [one.label for one in at.button if one.label == "Make it now"]
    assert Store(tmp_path / "a.db", read_only=True).runs() == []


def test_a_read_only_app_goes_through_its_recordings(
    app: OpenApp, tmp_path: Path, drawn: list[Figure], monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(tmp_path / "a.db").close()
    monkeypatch.setenv(READ_ONLY, "1")
    at = opened(app, tmp_path / "a.db", "learn", step="1", lang="en", round="3")
    assert "seed 3" in said(at)
    at.button(key="learn-new-round").click().run()
    assert "seed 2" in said(at)
    assert not at.error


@pytest.mark.parametrize("query", [{"step": "99"}, {"step": "x"}, {"lang": "xx"}, {"round": "-1"}, {"round": "999999"}])
def test_a_strange_url_still_shows_a_step(
    app: OpenApp, tmp_path: Path, drawn: list[Figure], query: dict[str, str]
) -> None:
    at = opened(app, tmp_path / "a.db", "learn", **query)
    assert not at.exception
    assert at.title[0].value


@pytest.mark.browser
def test_the_lesson_is_walked_with_arrow_keys_and_a_prediction_is_played(tabs: Any, server: Any) -> None:
    page = tabs.open(f"{server.url}/learn?lang=en")
    title: Callable[[str], None] = lambda key: expect(page.locator("h1")).to_have_text(texts_in("en").say(key))  # noqa: E731
    for number, name in enumerate(STEPS):
        title(f"{name}.title")
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        if name == "recursion":
            expect(page.get_by_role("button", name="Reveal")).to_have_count(1)  # that of the step before has gone
            page.get_by_role("button", name="Reveal").click()
            expect(page.get_by_text("Score 0 of 2")).to_be_visible()
            picture(page, "learn-picture-population")
        if number < len(STEPS) - 1:
            # the title may stand there before the button's own script has come, and its key is heard after it is drawn
            expect(page.get_by_role("button", name="Next")).to_be_enabled()
            settled(page)
            page.keyboard.press("ArrowRight")
    assert "step=10" in page.url
    page.get_by_text("中文").click()
    expect(page.locator("h1")).to_have_text(texts_in("zh").say("training.title"))
    assert "lang=zh" in page.url
