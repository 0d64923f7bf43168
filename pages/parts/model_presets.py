"""Servers and providers that people have: the command that starts each, and the lines for the endpoints file."""

from __future__ import annotations

import streamlit as st

from pages.parts.spoken import said, told
from rsa_viz.service.models import FILE_VARIABLE, PRESETS


def model_presets() -> None:
    """Draw the presets; they are to be copied, nothing is started or written."""
    st.header(said("Add a model"), anchor=False)
    st.markdown(
        said(
            f"Start a server, write its table into a file, and set `{FILE_VARIABLE}` to that file's path. "
            "A changed file is read at once; a new environment variable needs the app to be started again. "
            "Keys never stand in the file: it names the environment variables that hold them."
        )
    )
    titles = [preset.title for preset in PRESETS]
    chosen = st.selectbox(said("Server or provider"), titles, format_func=said, key="preset")
    preset = PRESETS[titles.index(chosen)]
    left, right = st.columns(2, gap="large")
    with left:
        st.caption(said("Start it"))
        st.code(preset.command, language="bash", wrap_lines=True)
        st.markdown(told(preset.note))
    with right:
        st.caption(said("Write into the endpoints file"))
        st.code(preset.toml, language="toml", wrap_lines=True)
