"""The fields for a model that is no endpoint of the operator's: name, address and key. Knows no run."""

from __future__ import annotations

import streamlit as st

from pages.parts.spoken import said
from rsa_viz.core.run import ModelChoice

ANOTHER = "another"
"""What stands for such a model in a list of endpoints."""


def own_model(name: str) -> tuple[ModelChoice | None, str | None]:
    """Draw the fields, whose keys begin with ``name``: the model, None while it is not named, and the typed key."""
    model = st.text_input(
        said("LiteLLM name"),
        key=f"{name}-model",
        placeholder="hosted_vllm/Qwen/Qwen3-4B",
        help=said("provider/model, as LiteLLM has it"),
    )
    base = st.text_input(said("Server address (api_base)"), key=f"{name}-base", placeholder="http://localhost:8000/v1")
    key = st.text_input(
        said("API key"),
        key=f"{name}-key",
        type="password",
        autocomplete="off",
        help=said("Kept in memory for this run only; never stored, never taken from the server's environment."),
    )
    if not model.strip():
        st.caption(said("Give the model's name to go on."))
        return None, None
    return ModelChoice(model.strip(), api_base=base.strip() or None), key or None
