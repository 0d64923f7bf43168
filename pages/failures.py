"""Failures: when the right answer won or died and because of which child, everything that happened, and other runs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.event_list import event_filters, event_of, event_table, take_generation
from pages.parts.failure_map import failure_map
from pages.parts.forecasting import forecasting
from pages.parts.frame import generation_in_view, run_in_view, show, the_service, theme
from pages.parts.guarded import guarded
from pages.parts.live import LOOK_EVERY_S
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from pages.parts.turning_story import turning_story
from rsa_viz.analysis.fate import Fate, fate
from rsa_viz.analysis.ledger import Event, ledger
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.figures.events import events_data, events_figure

SLOWEST_S = 5.0  # what is read here is no live board: it is looked at anew this often while a run goes on


def failures(run: Run) -> None:
    """Draw the page; what can change while the run goes on is kept up to date."""
    rhythm = None if LOOK_EVERY_S.get(run.status) is None else SLOWEST_S
    st.fragment(guarded(_what_happened), run_every=rhythm)(run.id, run.status)
    st.subheader(said("What was to be expected"), anchor=False)
    forecasting(run)
    st.subheader(said("Across all finished runs"), anchor=False)
    failure_map(run)


def _what_happened(run_id: str, status: RunStatus) -> None:
    run = the_service().store.run(run_id)
    chains = recorded_chains(run)
    events, found = _read(str(the_service().store.path), run.id, run.revision)
    chosen = generation_in_view(chains[-1].slot.t)
    st.subheader(said("When did the right answer win or die?"), anchor=False)
    turning_story(run, chains, found, events, chosen)
    st.subheader(said("Rescued, gained, lost, corrupted"), anchor=False)
    turns = events_data(chains, chosen, events=events, run=run.id)
    show(turns, events_figure(turns, theme()), key=f"events-{run.id}", on_select=take_generation)
    st.subheader(said("Everything that happened"), anchor=False)
    listed = event_filters(events, chains[-1].slot.t)
    event_table(run, listed, len(events))
    event_of(run, listed, chains)
    if run.status is not status:
        st.rerun()  # the whole page, whose rhythm depends on it; last, so that the pictures keep their places


@st.cache_resource(max_entries=12, show_spinner=False)
def _read(path: str, run_id: str, revision: int) -> tuple[Sequence[Event], Fate]:
    del path, revision  # they tell the cached answers apart
    chains = recorded_chains(the_service().store.run(run_id))
    return ledger(chains), fate(chains)


run = run_in_view()
if run is not None:
    failures(run)
