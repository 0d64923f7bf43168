"""API keys that a viewer typed: in this browser session's memory, nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from pages.parts.frame import the_service
from pages.parts.spoken import said
from rsa_viz.core.run import Run
from rsa_viz.service import Keys


def remember_keys(run_id: str, keys: Keys) -> None:
    """Keep typed keys so that this session can resume the run; one that is None forgets nothing."""
    for name, key in ((f"api-key-of-{run_id}", keys.model), (f"aggregator-key-of-{run_id}", keys.aggregator)):
        if key:
            st.session_state[name] = key


def remembered_keys(run_id: str) -> Keys:
    """The keys typed for this run in this session."""
    return Keys(_kept(f"api-key-of-{run_id}"), _kept(f"aggregator-key-of-{run_id}"))


def ask_for_keys(run: Run, name: str, why: str) -> None:
    """Draw a field for each key that the run may need and that nobody typed in this session; ``name`` tells the fields
    from those of other runs, ``why`` is their help."""
    known = remembered_keys(run.id)
    for label, field, there in (
        (said("API key (if the server wants one)"), f"typed-key-{name}", known.model),
        (said("API key of the aggregator (if its server wants one)"), f"typed-aggregator-key-{name}", known.aggregator),
    ):
        if there is None and field.removesuffix(f"-{name}") in _wanted(run):
            st.text_input(label, type="password", autocomplete="off", key=field, help=why)


def typed_keys(name: str) -> Keys:
    """What was typed into the fields of ``ask_for_keys``."""
    return Keys(_kept(f"typed-key-{name}"), _kept(f"typed-aggregator-key-{name}"))


def _wanted(run: Run) -> Iterator[str]:
    """The fields of those models that are no endpoint of the operator's, so that only a key that is typed goes along.
    One is enough for two models of one server."""
    foreign = [
        choice
        for choice in run.config.models
        if not choice.embedded and the_service().models.endpoint_of(choice) is None
    ]
    if run.config.model in foreign:
        yield "typed-key"
    if run.config.aggregator in foreign and not (len(foreign) == 2 and len(set(run.config.addresses)) == 1):
        yield "typed-aggregator-key"


def _kept(name: str) -> str | None:
    key = st.session_state.get(name)
    return key if isinstance(key, str) and key else None
