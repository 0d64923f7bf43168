"""What persons ruled on the runs that a page shows together: a line at its head, a sentence under its pictures."""

from __future__ import annotations

import html
from collections.abc import Collection

import streamlit as st

from pages.parts.frame import RULED_OF_MANY, link, the_service
from pages.parts.spoken import said, told
from pages.parts.words import escaped
from rsa_viz.core.ruling import RulingCount, rulings_of_runs_in_words

NAMED = 8  # runs that are linked


def rulings_notice(run_ids: Collection[str]) -> None:
    """Say how much is ruled on these runs, with the way to each; the pictures of many runs from here on say it too."""
    counts = the_service().store.ruling_counts(run_ids)
    words = rulings_of_runs_in_words(counts, len(run_ids))
    st.session_state[RULED_OF_MANY] = words
    if not words:
        return
    anchors = said(", ").join(_anchor(run_id, run_id) for run_id in list(counts)[:NAMED])
    more = said(f" and {len(counts) - NAMED:,} more") if len(counts) > NAMED else ""
    badge = f":blue-badge[:material/gavel: {said('Ruled by persons')}]"
    counted = said(f"{words}. Every figure here counts them.")
    st.markdown(f"{badge} {escaped(counted)} {said('Audit:')} {anchors}{more}", unsafe_allow_html=True)


def ruled_mark(run_id: str, count: RulingCount) -> str:
    """The mark of a run that persons ruled on, as HTML that leads to its Audit page."""
    return f":small[:material/gavel:] {_anchor(run_id, told(str(count)))}"


def _anchor(run_id: str, words: str) -> str:
    return f'<a href="{html.escape(link("audit", run_id))}" target="_self">{escaped(words)}</a>'
