"""A run's chains, read once a change for all viewers. Knows no widget and no picture."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.frame import the_service
from rsa_viz.core.chain import Chain
from rsa_viz.core.run import Run


def recorded_chains(run: Run, *, judged: bool = False) -> Sequence[Chain]:
    """The run's chains without their texts, in slot order, planned ones included; ``judged`` leaves aside what persons
    ruled.

    Reads the database once per recorded change, however many browsers look on; do not change what is returned.
    """
    return _chains(str(the_service().store.path), run.id, run.revision, judged)


@st.cache_resource(max_entries=12, show_spinner=False)
def _chains(path: str, run_id: str, revision: int, judged: bool) -> Sequence[Chain]:
    del path, revision  # they tell the cached answers apart
    return tuple(the_service().store.chains(run_id, judged=judged))
