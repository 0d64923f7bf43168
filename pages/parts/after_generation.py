"""Stop after this generation: what is being written up to it ends, the rest stays planned and can be resumed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.frame import may_change, the_service
from pages.parts.spoken import said
from rsa_viz.core.chain import InFlight
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.core.wish import last_generation

HELP = "Everything up to this generation ends; what comes after it stays planned, and the run can be resumed."


def this_generation(run: Run, in_flight: Sequence[InFlight]) -> int | None:
    """The latest generation that is being written, after which a run can be let stop; None for the last one, and while
    nothing is being written."""
    t = max((flight.slot.t for flight in in_flight), default=run.config.t)
    return t if run.status is RunStatus.RUNNING and t < run.config.t else None


def stops_after(run: Run) -> int | None:
    """The generation after which the run was asked to stop, while it goes on until then."""
    return last_generation(run.wanted or "") if run.status is RunStatus.RUNNING else None


def after_generation_button(run: Run, in_flight: Sequence[InFlight]) -> None:
    """Offer to stop after this generation, where that is possible."""
    t = this_generation(run, in_flight)
    if may_change() and t is not None and run.wanted is None:
        st.button(
            said(f"Stop after generation {t}"),
            key="stop-after",
            icon=":material/stop_circle:",
            help=said(HELP),
            on_click=ask_to_stop_after,
            args=(run.id, t),
        )


def ask_to_stop_after(run_id: str, t: int) -> None:
    """Ask for it; a refusal is shown with the run's state."""
    try:
        the_service().pause_after(run_id, t)
    except (InvalidInput, StoreError) as error:
        st.session_state[f"refused-{run_id}"] = str(error)
