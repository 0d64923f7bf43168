"""Who only watches: a session that came by the audience's address, or any without the presenter's key where one is set.

Such a session has a service of its own that refuses every change, so that no page has to be trusted with the rule.
"""

from __future__ import annotations

import hmac

import streamlit as st

from pages.parts.spoken import said
from rsa_viz.core.access import presenter_key

AUDIENCE, FOLLOW, ROAM = "audience", "follow", "roam"
KEY = "key"
_WATCHES, _PRESENTER = "audience-session", "presenter-session"


def watches() -> bool:
    """Whether this session only watches. Once it does, it does so until its tab is closed or loaded anew."""
    if AUDIENCE in st.query_params:
        st.session_state[_WATCHES] = True
    if st.session_state.get(_WATCHES):
        return True
    key = presenter_key()
    if key is None or st.session_state.get(_PRESENTER):
        return False
    given = st.query_params.get(KEY)
    if given is not None:
        del st.query_params[KEY]  # it must not stand in an address bar that a hall can read
        take_key(given)
    return not st.session_state.get(_PRESENTER)


def take_key(given: str) -> None:
    """Make this session the presenter's if the key is right."""
    key = presenter_key()
    if key is not None and hmac.compare_digest(given.encode(), key.encode()):
        st.session_state[_PRESENTER] = True


def follows() -> bool:
    """Whether the address asks to follow the presenter."""
    return st.query_params.get(AUDIENCE) == FOLLOW


def watching_bar() -> None:
    """Say on a page of someone who roams that nothing can be changed here, and how to follow or to be the presenter."""
    with st.container(horizontal=True, vertical_alignment="center", key="watching-bar"):
        words = said(":gray-badge[:material/visibility: Watching] Nothing can be changed here.")
        st.markdown(words, width="stretch")
        st.button(said("Follow the presenter"), key="follow", icon=":material/cast:", on_click=follow)
        if presenter_key() is not None and not st.session_state.get(_WATCHES):
            with st.popover(said("I am the presenter")):
                st.text_input(said("Key"), type="password", key="typed-presenter-key", on_change=_typed)


def follow() -> None:
    """Follow the presenter (for a callback)."""
    st.query_params[AUDIENCE] = FOLLOW


def roam() -> None:
    """Look around freely (for a callback)."""
    st.query_params[AUDIENCE] = ROAM


def _typed() -> None:
    take_key(str(st.session_state.get("typed-presenter-key") or ""))
