"""The board of a live run, drawn once for all browsers that look at the same moment. Knows no store.

Building it takes half of what a look costs; thirty viewers who each had their own would take a core for that alone.
"""

from __future__ import annotations

import streamlit as st

from rsa_viz.figures.board import BoardData, board_figure
from rsa_viz.figures.style import Figure, Theme


def shared_board(data: BoardData, theme: Theme) -> Figure:
    """As ``board_figure``; do not change what is returned."""
    return _drawn(hash(data), theme.value, data)


@st.cache_resource(max_entries=12, show_spinner=False)
def _drawn(moment: int, theme: str, _data: BoardData) -> Figure:
    del moment  # it tells the cached ones apart
    return board_figure(_data, Theme(theme))
