"""Whether a page is shown in present mode, and the way in and out. Knows no picture."""

from __future__ import annotations

import streamlit as st

PRESENT, SCENE = "present", "scene"


def presenting() -> bool:
    """Whether the address asks for present mode."""
    return st.query_params.get(PRESENT) == "1"


def present() -> None:
    """Enter present mode with the view that the address names (for a callback)."""
    st.query_params[PRESENT] = "1"


def leave() -> None:
    """Leave it, with the same view."""
    for name in (PRESENT, SCENE):
        st.query_params.pop(name, None)


def present_button() -> None:
    """The way in."""
    st.button(
        "Present",
        key="present",
        icon=":material/present_to_all:",
        help="This view for a hall: large type, keys, no forms",
        on_click=present,
    )
