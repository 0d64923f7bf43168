"""The board of a live run, drawn once for all browsers that look at the same moment. Knows no store.

It is half of what a look costs; thirty viewers who each had their own would take a core for that alone.
"""

from __future__ import annotations

import streamlit as st

from pages.parts.watched import Watched
from rsa_viz.core.chain import Slot
from rsa_viz.figures.board import BoardData, board_data, board_figure
from rsa_viz.figures.style import Figure, Theme


def shared_board(seen: Watched, eye: Slot | None, theme: Theme) -> tuple[BoardData, Figure]:
    """The board as it is to be drawn; do not change what is returned."""
    if seen.recording is not None:  # everybody's own moment
        return _board(seen, eye, theme)
    run = seen.run
    return _drawn(run.id, run.created_at, run.revision, hash(tuple(seen.in_flight)), eye, theme.value, seen)


@st.cache_resource(max_entries=12, show_spinner=False)
def _drawn(
    run_id: str, created_at: float, revision: int, in_flight: int, eye: Slot | None, theme: str, _seen: Watched
) -> tuple[BoardData, Figure]:
    del run_id, created_at, revision, in_flight  # they tell the cached ones apart
    return _board(_seen, eye, Theme(theme))


def _board(seen: Watched, eye: Slot | None, theme: Theme) -> tuple[BoardData, Figure]:
    data = board_data(seen.chains, seen.in_flight, asides=seen.asides, eye=eye, revision=seen.run.id)
    return data, board_figure(data, theme)
