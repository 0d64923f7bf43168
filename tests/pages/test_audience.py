"""Those who watch: they follow the presenter or look around, and can change nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pictures import OpenApp, opened, recorded, said

from pages.parts.frame import _service
from rsa_viz.analysis.replay import Playhead
from rsa_viz.core.access import PRESENTER_KEY, Access, presenter_key
from rsa_viz.core.chain import Slot
from rsa_viz.core.errors import ReadOnly, StoreError
from rsa_viz.service import LedView, lead, led_view, led_view_place, stop_leading
from rsa_viz.service.led_view import _LARGEST


def test_who_follows_sees_what_the_presenter_shows(app: OpenApp, tmp_path: Path) -> None:
    run, place = recorded(tmp_path / "a.db"), led_view_place(str(tmp_path / "a.db"))
    at = opened(app, tmp_path / "a.db", "run", audience="follow")
    assert "Waiting for the presenter" in "".join(one.value for one in at.title)
    lead(place, LedView(run.id, "right", 3, None, time.time()))
    words = said(at.run())
    assert "Right chains by generation" in words
    assert "right 1/6 → 3/6" in words
    lead(place, LedView(run.id, "genealogy", None, None, time.time(), Slot(1, 1)))
    assert "is the first right one" in said(at.run())
    lead(place, LedView(run.id, "board", None, Playhead(0.0), time.time()))
    words = said(at.run())
    assert "RECORDED" in words
    assert "0 of 30 chains have ended" in words
    lead(place, LedView("0" * 12, "board", None, None, time.time()))
    assert "Waiting for the presenter" in "".join(one.value for one in at.run().title)


def test_who_looks_around_is_offered_nothing_that_changes_anything(app: OpenApp, tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    at = opened(app, tmp_path / "a.db", "run", audience="follow")
    at.button(key="roam").click().run()
    at = at.run()
    assert at.query_params["audience"] in ("roam", ["roam"])
    del at.query_params["audience"]
    at.query_params["run"] = run.id
    at.run()
    assert "Nothing can be changed here" in said(at)
    assert {one.key for one in at.button} & {"new-run", "resume", "pause", "stop", "start"} == set()
    at.switch_page("pages/population.py").run()
    assert "audience=roam" in said(at)  # of links, which load the app anew


def test_their_service_refuses_whatever_page_asks_it(tmp_path: Path) -> None:
    run = recorded(tmp_path / "a.db")
    service = _service.__wrapped__(str(tmp_path / "a.db"), watching=True)  # type: ignore[attr-defined]
    with pytest.raises(ReadOnly):
        service.pause_after(run.id, 1)
    with pytest.raises(StoreError):
        service.store.set_note(run.id, "was here")
    assert Access(editing=True).watching == Access(visitors=True, addresses=False, read_only=True)


def test_with_a_presenters_key_everybody_else_watches(
    app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(tmp_path / "a.db")
    monkeypatch.setenv(PRESENTER_KEY, "open sesame")
    at = opened(app, tmp_path / "a.db", "runs")
    assert "Nothing can be changed here" in said(at)
    at.text_input(key="typed-presenter-key").set_value("wrong").run()
    assert "Nothing can be changed here" in said(at)
    at.text_input(key="typed-presenter-key").set_value("open sesame").run()
    assert "Nothing can be changed here" not in said(at)
    at = opened(app, tmp_path / "a.db", "runs", key="open sesame")
    assert "Nothing can be changed here" not in said(at)
    assert "key" not in at.query_params
    assert presenter_key({PRESENTER_KEY: " "}) is None


def test_the_presenters_view_is_read_back_and_nothing_else_is(tmp_path: Path) -> None:
    place = led_view_place(str(tmp_path / "a.db"))
    assert led_view(place) is None
    for view in (
        LedView("ab", "board", 2, None, 5.0),
        LedView("ab", "votes", None, Playhead(1.5, 10.0, 99.0), 5.0, Slot(3, 12)),
    ):
        lead(place, view)
        assert led_view(place) == view
    for text in ("", "[]", '{"run": 1}', "x" * (_LARGEST + 1), '{"run":"a","scene":"b","t":"<b>","head":null,"at":1}'):
        place.write_text(text)
        assert led_view(place) is None
    stop_leading(place)
    stop_leading(place)
    assert not place.exists()
    assert led_view_place("postgresql://u:secret@host/db").name.startswith("rsa_viz-")
    assert "secret" not in str(led_view_place("postgresql://u:secret@host/db"))
