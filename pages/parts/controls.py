"""What a viewer can do with a run in its state, and what the state means. Knows no engine."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.after_generation import after_generation_button, stops_after
from pages.parts.foreign import foreign_code, foreign_text
from pages.parts.frame import may_change, the_service
from pages.parts.keys import ask_for_keys, remember_keys, remembered_keys, typed_keys
from pages.parts.presenting import present_button
from pages.parts.replaying import replay_button
from pages.parts.spoken import said
from pages.parts.words import escaped, judged_by
from rsa_viz.analysis.telling import counted
from rsa_viz.core.chain import InFlight
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.run import Run, RunStatus

WORDS = {
    RunStatus.PLANNED: (
        ":gray-badge[:material/schedule: Planned]",
        "Stored with its whole genealogy; nothing is called yet.",
    ),
    RunStatus.RUNNING: (":blue-badge[:material/play_arrow: Running]", "It goes on when this tab is closed."),
    RunStatus.PAUSED: (
        ":violet-badge[:material/pause: Paused]",
        "Calls in flight were let finish. Resume goes on from here.",
    ),
    RunStatus.STOPPED: (
        ":violet-badge[:material/stop: Stopped]",
        "Calls in flight were cancelled and stay planned. Resume goes on from here.",
    ),
    RunStatus.DONE: (":blue-badge[:material/check: Done]", "Every chain is accounted for."),
    RunStatus.FAILED: (
        ":orange-badge[:material/error: Failed]",
        "What had ended is kept. Put the cause right, then resume.",
    ),
    RunStatus.INTERRUPTED: (
        ":orange-badge[:material/power_off: Interrupted]",
        "The process that drove it is gone. What had ended is kept; resume goes on from here.",
    ),
}
HELD_UP = (
    ":orange-badge[:material/database_off: Held up]",
    "Its database refuses what has ended. That is tried again for a minute, and no other call is begun.",
)
RESUMABLE = (RunStatus.PLANNED, RunStatus.PAUSED, RunStatus.STOPPED, RunStatus.FAILED, RunStatus.INTERRUPTED)


def controls(run: Run, in_flight: Sequence[InFlight]) -> None:
    """The run's state in words and its buttons."""
    held_up = the_service().held_up(run.id)
    badge, words = map(said, HELD_UP if held_up else WORDS[run.status])
    asked = st.session_state.get(f"asked-{run.id}")
    if held_up:
        pass
    elif run.status is not RunStatus.RUNNING:
        st.session_state.pop(f"asked-{run.id}", None)
    elif asked == "pause":
        words = said(f"Pausing: {counted(len(in_flight), 'call')} in flight to go.")
    elif asked == "stop":
        words = said("Stopping …")
    elif (last := stops_after(run)) is not None:
        words = said(f"It stops after generation {last}; what comes after it stays planned.")
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        st.markdown(f"{badge} {words}", width="stretch")
        if not may_change():
            pass
        elif run.status is RunStatus.RUNNING:
            after_generation_button(run, in_flight)
            _button(said("Pause"), "pause", run, disabled=asked is not None)
            _button(said("Stop"), "stop", run, disabled=asked == "stop")
        elif run.status in RESUMABLE and not held_up:
            label = said("Start") if run.status is RunStatus.PLANNED else said("Resume")
            st.button(
                label, key="resume", type="primary", icon=":material/play_arrow:", on_click=_resume, args=(run.id,)
            )
        replay_button(run)
        present_button()
        _question(run)
        if may_change() and st.button(said("New run"), key="new-run", icon=":material/add:"):
            st.session_state.pop("run", None)
            st.query_params.clear()
            st.rerun()
    if may_change() and run.status in RESUMABLE:
        ask_for_keys(run, run.id, said("Kept in memory for this run only; it was not stored."))
    refused = st.session_state.pop(f"refused-{run.id}", None)
    trouble = the_service().trouble(run.id)
    if refused or trouble or (run.error and run.status is not RunStatus.RUNNING):
        st.error(escaped(refused or trouble or run.error or ""), icon=":material/error:")


def _question(run: Run) -> None:
    with st.popover(said("Question"), icon=":material/help:"):
        foreign_code(run.problem.question, wrap_lines=True)
        gold = run.problem.gold
        foreign_text(judged_by(run.problem) if gold is None else said(f"Gold answer: {gold}"))


# The buttons act in callbacks, before the page is drawn again, so that no drawing breaks off halfway.


def _button(label: str, what: str, run: Run, *, disabled: bool) -> None:
    icon = f":material/{what}:"
    st.button(label, key=what, icon=icon, disabled=disabled, on_click=_ask, args=(run.id, what))


def _ask(run_id: str, what: str) -> None:
    service = the_service()
    try:
        (service.pause if what == "pause" else service.stop)(run_id)
    except StoreError as error:
        st.session_state[f"refused-{run_id}"] = str(error)
    else:
        st.session_state[f"asked-{run_id}"] = what


def _resume(run_id: str) -> None:
    remember_keys(run_id, typed_keys(run_id))
    keys = remembered_keys(run_id)
    try:
        the_service().start(run_id, api_key=keys.model, aggregator_key=keys.aggregator)
    except (InvalidInput, StoreError) as error:
        st.session_state[f"refused-{run_id}"] = str(error)
