"""What somebody sees who follows the presenter: the same picture of the same moment, a second later at most.

The presenter's playhead comes along, so that a replay goes on here by itself.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.parts.frame import generation_within, the_service, through_the_entry
from pages.parts.guarded import guarded
from pages.parts.presenting import STYLE
from pages.parts.stage_head import head_of_stage
from pages.parts.stage_scenes import SCENES
from pages.parts.watched import Watched, can_replay, recording_of, watched
from pages.parts.watching import roam
from rsa_viz.analysis.replay import at_generation, ended_in
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


def _following() -> None:
    view = led_view(led_view_place(database_place()))
    run = _run(view)
    with st.container():
        if view is None or run is None:
            st.title("Waiting for the presenter")
            st.markdown("The presenter's view appears here by itself.")
        else:
            _shown(view, run)
    with st.container(horizontal=True, vertical_alignment="center", key="stage-keys"):
        st.markdown(":gray-badge[:material/cast: Following the presenter]")
        st.button("Look around freely", key="roam", icon=":material/explore:", on_click=_roam)
    if st.session_state.pop("roaming", False):
        st.rerun()


def _run(view: LedView | None) -> Run | None:
    try:
        return None if view is None else the_service().store.run(view.run)
    except NotFound:
        return None


def _shown(view: LedView, run: Run) -> None:
    st.session_state["run"] = run.id
    head = view.head if can_replay(run) else None
    seen: Watched = watched(run, head)
    t = generation_within(view.t, run.config.t)
    if head is None and t is not None:
        sight = at_generation(recording_of(run), t)
        seen = replace(seen, chains=sight.chains, in_flight=(), asides=sight.asides)
    scene = view.scene if view.scene in SCENES else "board"
    shown = t or max(1, ended_in(seen.chains))
    with st.container(key="stage-head"):
        head_of_stage(run, seen, shown, scene)
    SCENES[scene].draw(seen, shown)


def _roam() -> None:
    roam()
    st.session_state["roaming"] = True
