"""Models: which can be chosen, whether they answer and how fast, and how to add one. Nothing is called by itself."""

from __future__ import annotations

import streamlit as st

from pages.parts.frame import may_change, the_service, through_the_entry
from pages.parts.listening import listening
from pages.parts.model_cards import model_cards
from pages.parts.model_editing import edit_models
from pages.parts.model_presets import model_presets
from pages.parts.spoken import said, told
from pages.parts.words import escaped

through_the_entry()
models = the_service().models
st.title(said("Models"))
st.markdown(
    said(
        "What can be chosen for a run. Nothing here is asked by itself: listing a server's models costs nothing, a "
        "test prompt is one call."
    )
)
if words := listening(models.access):
    st.info(escaped(told(words)), icon=":material/lan:")
if models.file_error:
    st.error(escaped(said(f"The endpoints stay as they were: {models.file_error}")), icon=":material/error:")
model_cards()
if may_change():
    edit_models()
    model_presets()
