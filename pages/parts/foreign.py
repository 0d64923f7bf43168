"""Foreign text on a page, letter by letter: what models, servers and files wrote is shown through these only.

A lone half of a surrogate pair, which no browser can be sent, becomes U+FFFD. Knows no markdown; see ``words.escaped``
for text that goes into markdown.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts.words import sendable


def foreign_text(text: str) -> None:
    """A few lines in the page's own type."""
    st.text(sendable(text))


def foreign_code(text: str, *, height: int | None = None, **options: Any) -> None:
    """A text in a box of fixed-width type, never highlighted; options as ``st.code`` takes them.

    With a ``height`` in pixels a box around it scrolls, so that the keyboard reaches it by the button in it.
    """
    box = st.container() if height is None else st.container(height=height, border=False)
    box.code(sendable(text), language=None, **options)
