"""Audit: read what was judged, overrule a verdict, merge two answer classes, and undo either."""

from __future__ import annotations

import streamlit as st

from pages.parts.audit_chain import audit_chain
from pages.parts.audit_classes import audit_classes, audit_log
from pages.parts.audit_list import audit_list, audit_table
from pages.parts.frame import chain_in_view, run_in_view, the_service
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from rsa_viz.core.ruling import rulings_in_words
from rsa_viz.core.run import Run, RunStatus


def audit_page(run: Run) -> None:
    """Draw the page. It is drawn anew when something on it is done, not by itself: nobody is disturbed in reading."""
    store = the_service().store
    chains, judged = recorded_chains(run), recorded_chains(run, judged=True)
    rulings = store.rulings(run.id)
    found = audit_list(chains)
    slot = chain_in_view()
    if slot is not None and not any(chain.slot == slot and chain.ended for chain in chains):
        st.warning(said(f"This run has no chain {slot} that has ended."), icon=":material/search_off:")
        slot = None
    table, text = st.columns([5, 4], gap="medium")
    with table:
        audit_table(run, chains, found, slot)
        if run.status is not RunStatus.DONE:
            st.button(
                said("Look again"),
                icon=":material/refresh:",
                help=said("Chains that have ended since are listed then."),
            )
    with text:
        audit_chain(run, found, slot, rulings)
    st.subheader(said("Answer classes"), anchor=False)
    audit_classes(run, chains)
    st.subheader(said("What persons ruled"), anchor=False)
    if words := rulings_in_words(rulings):
        st.markdown(said(f"{words}. Every figure of this run counts them and says so; what was judged is kept."))
    audit_log(run, judged, rulings)


run = run_in_view()
if run is not None:
    audit_page(run)
