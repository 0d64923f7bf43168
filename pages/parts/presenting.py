"""Whether a page is shown in present mode, and the way in and out. Knows no picture."""

from __future__ import annotations

import streamlit as st

from pages.parts.spoken import said
from pages.parts.whole_page import want_whole_page

PRESENT, SCENE = "present", "scene"

STYLE = """<style>
html { font-size: clamp(17px, min(1.5vw, 2.6vh), 34px) !important }
[data-testid=stHeader], [data-testid=stSidebar] { display: none }
[data-testid=stMainBlockContainer] { padding: .8rem 1.6rem .4rem; max-width: none }
[data-testid=stVerticalBlock] { gap: .55rem }
[data-testid=stMarkdownContainer] p { font-size: 1.08rem; line-height: 1.4 }
[data-testid=stMain] h2 { font-size: 1.6rem }
.st-key-stage-head h2 { padding: 0; margin: 0; font-size: 1.5rem; line-height: 1.25 }
.st-key-stage-head [data-testid=stMarkdownContainer] { margin-bottom: 0 }
.st-key-stage-stream code { font-size: 1.05rem }
.st-key-stage-ask :is(textarea, input) { font-size: 1.3rem; line-height: 1.4 }
.st-key-stage-keys p { font-size: .85rem }
[data-stale=true] { opacity: 1 !important; transition: none !important }
[data-testid=stMetricValue] { font-size: 1.7rem }
</style>"""


def presenting() -> bool:
    """Whether the address asks for present mode."""
    return st.query_params.get(PRESENT) == "1"


def present() -> None:
    """Enter present mode with the view that the address names (for a callback)."""
    st.query_params[PRESENT] = "1"
    want_whole_page()


def leave() -> None:
    """Leave it, with the same view."""
    for name in (PRESENT, SCENE):
        st.query_params.pop(name, None)
    want_whole_page()


def present_button() -> None:
    """The way in."""
    st.button(
        said("Present"),
        key="present",
        icon=":material/present_to_all:",
        help=said("This view for a hall: large type, keys, no forms"),
        on_click=present,
    )
