"""Problems: find one among the bundled, loaded and recorded ones, load more, and run one or many."""

from __future__ import annotations

import streamlit as st

from pages.parts.batch_progress import batch_in_view
from pages.parts.batch_start import batch_form
from pages.parts.frame import may_change, the_service, through_the_entry
from pages.parts.problem_loading import load_problems
from pages.parts.problem_pool import pool
from pages.parts.problem_preview import preview
from pages.parts.problem_table import chosen_problems, problem_filters, problem_table
from pages.parts.spoken import said

through_the_entry()
service = the_service()
st.title(said("Problems"))
batch_in_view(service)
known = pool(service.store)
listing, beside = st.columns([7, 5], gap="large")
with listing:
    found = problem_filters(known)
    problem_table(known, found)
    if may_change():
        load_problems()
with beside:
    chosen = chosen_problems(known)
    if not chosen:
        st.markdown(
            said(
                "Tick a problem to read it and to run it. Tick several to run all of them with the same settings, "
                "the earlier ones first."
            )
            if may_change()
            else said("Tick a problem to read it.")
        )
    elif len(chosen) == 1 or not may_change():
        preview(chosen[-1])
    else:
        batch_form(service, chosen)
