"""A click inside a fragment that concerns the whole page: Streamlit runs the fragment alone unless it is told."""

from __future__ import annotations

import streamlit as st

_WANTED = "whole-page-wanted"


def want_whole_page() -> None:
    """Ask that the whole page runs again (for a callback)."""
    st.session_state[_WANTED] = True


def run_whole_page_if_wanted() -> None:
    """Run the whole page again if a callback asked for it; stands first in a fragment."""
    if st.session_state.pop(_WANTED, False):
        st.rerun()
