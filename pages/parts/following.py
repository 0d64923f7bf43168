"""What somebody sees who follows the presenter: the same picture of the same moment, a second later at most.

The presenter's playhead comes along, so that a replay goes on here by itself.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import streamlit as st

from pages.parts.eye import flight_text
from pages.parts.frame import generation_within, the_service, through_the_entry
from pages.parts.guarded import guarded
from pages.parts.presenting import STYLE
from pages.parts.spoken import said
from pages.parts.stage_head import head_of_stage
from pages.parts.stage_scenes import SCENES, Shown
from pages.parts.watched import Watched, can_replay, recording_of, watched
from pages.parts.watching import roam
from pages.parts.whole_page import run_whole_page_if_wanted, want_whole_page
from rsa_viz.analysis.replay import at_generation, ended_in
from rsa_viz.core.chain import Slot
from rsa_viz.core.errors import NotFound
from rsa_viz.core.place import database_place
from rsa_viz.core.run import Run
from rsa_viz.service import LedView, led_view, led_view_place

EVERY_S = 1.0


def following() -> None:
    """Draw the presenter's view, kept up to date."""
    through_the_entry()
    st.html(STYLE)
    st.fragment(guarded(_following), run_every=EVERY_S)()


@dataclass(frozen=True, slots=True)
class _Look:
    """What all who follow see in one second."""

    run: Run
    seen: Watched
    t: int
    scene: str
    chain: Slot | None


def _following() -> None:
    run_whole_page_if_wanted()
    view = led_view(led_view_place(database_place()))
    look = None if view is None else _look(str(the_service().store.path), repr(view), int(time.time()), view)
    with st.container():
        if look is None:
            st.title(said("Waiting for the presenter"))
            st.markdown(said("The presenter's view appears here by itself."))
        else:
            st.session_state["run"] = look.run.id
            with st.container(key="stage-head"):
                head_of_stage(look.run, look.seen, look.t, look.scene)
            SCENES[look.scene].draw(Shown(look.seen, look.t, look.chain))
    with st.container(horizontal=True, vertical_alignment="center", key="stage-keys"):
        st.markdown(said(":gray-badge[:material/cast: Following the presenter]"))
        st.button(said("Look around freely"), key="roam", icon=":material/explore:", on_click=_roam)


@st.cache_resource(max_entries=4, show_spinner=False)
def _look(path: str, written: str, second: int, _view: LedView) -> _Look | None:
    """Read once a second for all of them: thirty who each asked the database a dozen times would bring it to a halt."""
    del path, written, second  # they tell the cached answers apart
    view = _view
    try:
        run = the_service().store.run(view.run)
    except NotFound:
        return None
    head = view.head if can_replay(run) else None
    seen = watched(run, head)
    t = generation_within(view.t, run.config.t)
    if head is None and t is not None:
        sight = at_generation(recording_of(run), t)
        seen = replace(seen, chains=sight.chains, in_flight=(), asides=sight.asides)
    flights = tuple(flight_text(run, one) if one.waiting_until is None else one for one in seen.in_flight)
    scene = view.scene if view.scene in SCENES else "board"
    return _Look(run, replace(seen, in_flight=flights), t or max(1, ended_in(seen.chains)), scene, view.chain)


def _roam() -> None:
    roam()
    want_whole_page()
