"""From right parents to right children: the picture, and the children of the point that was clicked, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.parts.frame import say, show, theme
from pages.parts.spoken import said
from rsa_viz.core.chain import Chain
from rsa_viz.core.run import Run
from rsa_viz.figures.transmission import children_in_words, transmission_data, transmission_figure

PICKED = "right-parents-picked"
NAMED = 40  # chains that a list names; of more it gives the number


def passed_on(run: Run, chains: Sequence[Chain]) -> None:
    """Draw the rates, and under them the children with as many right parents as the clicked point has."""
    data = transmission_data(chains, run=run.id)

    def pick(mark: list[Any]) -> None:
        st.session_state[PICKED] = (run.id, int(mark[0]))

    show(data, transmission_figure(data, theme()), key=f"transmission-{run.id}", on_mark=pick)
    of, j = st.session_state.get(PICKED, ("", 0))
    if of == run.id:
        say(children_in_words(data, j, NAMED), run.id)
    elif data.rows:
        st.caption(said("Click a point to list its children, the wrong ones first."))
