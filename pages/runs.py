"""Runs: every run in the database; search, open, compare two by eye, note, export, import, delete."""

from __future__ import annotations

import streamlit as st

from pages.parts.comparison import comparison
from pages.parts.found_files import found_files
from pages.parts.frame import nothing_yet, simulation_notice, the_service, through_the_entry
from pages.parts.run_list import import_runs, imported_notice, run_list
from pages.parts.spoken import said

through_the_entry()
store = the_service().store
st.title(said("Runs"))
imported_notice()
if store.count_runs() == 0:
    nothing_yet()
    import_runs()
else:
    simulation_notice(store.runs(limit=1000))
    comparison()
    run_list()
    found_files(st.session_state.get("search", ""))
    import_runs()
