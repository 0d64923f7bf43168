"""The experiments of the database, how far each is, and one that is being planned. Reads the store alone."""

from __future__ import annotations

import time

import streamlit as st

from pages.parts.guarded import guarded
from pages.parts.spoken import said
from pages.parts.words import ago, escaped
from rsa_viz.analysis.telling import counted
from rsa_viz.core.errors import NotFound
from rsa_viz.service import Service

PARAMETER = "experiment"
PREPARING = "preparing-experiment"
LOOK_EVERY_S = 1.0


def look_at_experiment(experiment_id: str | None) -> None:
    """Put an experiment into the URL, or take it out."""
    if experiment_id is None:
        st.query_params.pop(PARAMETER, None)
    else:
        st.query_params[PARAMETER] = experiment_id


def experiment_list(service: Service) -> None:
    """Draw a row for each experiment."""
    found = service.experiments.store.all()
    if not found:
        st.header(said("No experiment yet"), anchor=False)
        st.markdown(
            said(
                "An experiment runs the same problems under several settings and seeds, so that they can be compared. "
                "It is planned whole before the first call, and goes on after a crash without making a finished call "
                "again."
            )
        )
        return
    for one, tally in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"experiment-{one.id}"):
            live = f"{said(':blue-badge[:material/play_arrow: Running]')} " if tally.running else ""
            note = f"  \n:small[{escaped(one.note)}]" if one.note else ""
            runs, calls = counted(tally.runs, "run"), counted(tally.calls, "call")
            made = ago(one.created_at, time.time())
            far = said(f"{tally.done:,} of {runs} done, {tally.ended:,} of {calls}, made {made}")
            st.markdown(f"**{escaped(one.name)}** {live}  \n{far}{note}", width="stretch")
            st.button(
                said("Open"),
                key=f"open-{one.id}",
                icon=":material/visibility:",
                on_click=look_at_experiment,
                args=(one.id,),
            )


def new_experiment_notice(service: Service) -> None:
    """What is being planned in this session, until it is there; then it is looked at."""
    if st.session_state.get(PREPARING):
        st.fragment(guarded(_preparing), run_every=LOOK_EVERY_S)(service)


def _preparing(service: Service) -> None:
    name = st.session_state.get(PREPARING)
    found = service.experiments.preparing(name) if name else None
    if found is None:
        return
    if not found.over:
        st.progress(
            found.done / max(found.total, 1),
            text=said(f"Planning {escaped(found.name)}: {found.done:,} of {counted(found.total, 'run')}"),
        )
        return
    del st.session_state[PREPARING]
    if found.error:
        st.session_state["experiment-refused"] = found.error
    if found.planned is not None:
        try:
            look_at_experiment(service.experiments.store.find(found.planned.experiment.id).id)
        except NotFound:  # somebody deleted it meanwhile
            look_at_experiment(None)
    st.rerun()
