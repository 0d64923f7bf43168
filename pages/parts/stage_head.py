"""The head of a stage: which picture of which problem, and whether it is live, recorded or finished."""

from __future__ import annotations

import streamlit as st

from pages.parts.after_generation import stops_after
from pages.parts.frame import note_simulated, the_service
from pages.parts.replaying import recorded_badge
from pages.parts.spoken import said
from pages.parts.stage_scenes import SCENES
from pages.parts.standby import in_trouble, stand_in
from pages.parts.watched import Watched
from pages.parts.words import escaped
from rsa_viz.core.run import Run, RunStatus


def head_of_stage(run: Run, seen: Watched, t: int, name: str, *, presenter: bool = False) -> None:
    """Draw it; ``presenter``: whoever looks can press keys."""
    st.markdown(f"## {said(SCENES[name].title)}{said(': ')}{escaped(run.problem.label)}")
    words = [said(f"**Generation {t} of {run.config.t}**")]
    if seen.recording is not None:
        words.insert(0, recorded_badge(run, seen.recording))
    elif run.status is RunStatus.RUNNING:
        words.insert(0, said(":blue-badge[:material/play_arrow: LIVE]"))
    elif run.status is RunStatus.DONE:
        words.insert(0, said(":gray-badge[:material/check: Finished]"))
    else:
        words.insert(0, f":orange-badge[{said(run.status.value)}]")
    if (last := stops_after(run)) is not None:
        words.append(said(f"Stops after generation {last}."))
    if note_simulated([run]):
        words.append(said(":orange-badge[:material/science: Simulation, no language model]"))
    if presenter and seen.recording is None and in_trouble(run, seen.in_flight) and (found := stand_in(run)):
        offered = said(f"Key **r** continues from a recording {escaped(found)}.")
        words.append(f":orange-badge[:material/replay: {offered}]")  # in the line, so that nothing moves under it
    st.markdown("&ensp;".join(words), unsafe_allow_html=True)  # our own words
    refused = st.session_state.pop(f"refused-{run.id}", None) or st.session_state.pop("standby-refused", None)
    wrong = refused or (the_service().trouble(run.id) if presenter else None)
    if seen.recording is None and run.status in (RunStatus.FAILED, RunStatus.PAUSED):
        wrong = wrong or run.error
    if wrong:
        st.error(escaped(wrong), icon=":material/error:")
