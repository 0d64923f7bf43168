"""API keys that a viewer typed: in this browser session's memory, nowhere else."""

from __future__ import annotations

import streamlit as st

from pages.parts.frame import the_service
from rsa_viz.core.run import Run


def remember_key(run_id: str, api_key: str | None) -> None:
    """Keep a typed key so that this session can resume the run; None forgets nothing."""
    if api_key:
        st.session_state[f"api-key-of-{run_id}"] = api_key


def remembered_key(run_id: str) -> str | None:
    """The key typed for this run in this session, or None."""
    key = st.session_state.get(f"api-key-of-{run_id}")
    return key if isinstance(key, str) else None


def may_need_key(run: Run) -> bool:
    """True when the run's model is no endpoint of the operator's, so that only a key that is typed goes along."""
    return not run.config.model.simulated and the_service().models.endpoint_of(run.config.model) is None
