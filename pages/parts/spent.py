"""What a run has cost so far, where its endpoint has a price."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.frame import the_service
from pages.parts.spoken import said, told
from pages.parts.words import escaped
from rsa_viz.core.chain import Chain
from rsa_viz.core.price import spent_in_words
from rsa_viz.core.run import Run


def spent_line(run: Run, chains: Sequence[Chain]) -> None:
    """Draw one line; nothing for a simulation and where no price is known."""
    models = the_service().models
    if any(not one.simulated and models.price(one) is not None for one in run.config.models):
        words = spent_in_words(chains, models.prices(run.config))
        st.markdown(f":small[{escaped(told(words))}{said('. ').strip()}]")
