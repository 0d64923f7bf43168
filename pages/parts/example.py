"""The recorded example, offered where nothing has been recorded yet; it is imported when somebody asks, never else."""

from __future__ import annotations

import streamlit as st

from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.service import Service, open_example

WORDS = (
    "Or look at a recorded example: a population of 16 that answered one question over 10 generations. It was made by "
    "the synthetic reasoner, a simulation, and comes with the app."
)


def offer_example(service: Service) -> None:
    """Draw the offer; nothing where visitors may change nothing, since opening it records it in this database."""
    if service.access.read_only:
        return
    st.markdown(said(WORDS))
    st.button(
        said("Open the recorded example"),
        key="open-example",
        icon=":material/replay:",
        on_click=_open,
        args=(service,),
    )
    if refused := st.session_state.pop("example-refused", None):
        st.error(escaped(refused), icon=":material/error:")


def _open(service: Service) -> None:
    try:
        imported = open_example(service)
    except (InvalidInput, StoreError) as error:
        st.session_state["example-refused"] = str(error)
    else:
        st.session_state["run"] = imported.run_id
        st.query_params["run"] = imported.run_id
