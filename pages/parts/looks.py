"""What all pages look like beside the theme: a few rules for what Streamlit's theme leaves hard to read or to reach.

Knows no page.
"""

from __future__ import annotations

import streamlit as st

# What is chosen is written in the ink of the page: Streamlit writes it in the primary colour on a tint of that colour,
# which no blue on which white is readable can be read on too. The border or the line under it stays blue.
STYLE = """<style>
button[data-selected=true], [role=tab][aria-selected=true], [data-testid=stSliderThumbValue] {
  color: inherit !important
}
.stMarkdownBadge { white-space: normal !important }
.modebar--hover:focus-within { opacity: 1 !important }
</style>"""


def looks() -> None:
    """Put the rules on the page; they take no room."""
    st.html(STYLE)
