"""When the model's server fails before an audience: go on from a recording of the same problem.

Nothing is replaced in silence: the recording says RECORDED as long as it is seen, and the run that failed stays as it
is.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.frame import may_change, the_service
from pages.parts.recorded import recorded_chains
from pages.parts.replaying import play_from
from pages.parts.spoken import said
from pages.parts.watched import can_replay, recording_of
from pages.parts.words import escaped
from rsa_viz.analysis.replay import closest, moment_of_share
from rsa_viz.analysis.telling import shape
from rsa_viz.core.chain import ChainStatus, InFlight
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.service import examples_by_problem, open_example

_LOOKED_AT = 1000  # newest runs among which a recording is looked for
_BROKEN = (RunStatus.FAILED, RunStatus.INTERRUPTED)


def in_trouble(run: Run, in_flight: Sequence[InFlight]) -> bool:
    """Whether the run cannot go on, a call of it is being tried again after an error, or it went on without a server to
    an end that no answer reached."""
    return run.status in _BROKEN or any(flight.error for flight in in_flight) or _came_to_nothing(run)


def _came_to_nothing(run: Run) -> bool:
    if run.status is not RunStatus.DONE or not run.failed:
        return False
    chains = recorded_chains(run)
    return not any(chain.status is ChainStatus.DONE for chain in chains if chain.slot.t == chains[-1].slot.t)


def standby(run: Run, in_flight: Sequence[InFlight]) -> None:
    """Offer the recording that can stand in, when the run is in trouble and there is one."""
    if in_trouble(run, in_flight) and (found := stand_in(run)) is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="standby"):
            st.button(
                said("Continue from a recording"),
                key="continue-recorded",
                type="primary",
                icon=":material/replay:",
                on_click=continue_recorded,
                args=(run,),
            )
            st.markdown(f":small[{escaped(found)}]")
    if refused := st.session_state.pop("standby-refused", None):
        st.error(escaped(refused), icon=":material/error:")


def stand_in(run: Run) -> str | None:
    """What would stand in for the run, in words; None without a recording of the same problem."""
    service = the_service()
    found = _closest(str(service.store.path), service.store.count_runs(), run.id)
    if found is not None:
        return said(f"of the same problem: run {found[:6]}, {shape(service.store.run(found).config)}")
    if may_change() and run.problem.key in examples_by_problem():
        return said("of the same problem: the recorded example that comes with the app (it is imported)")
    return None


def continue_recorded(run: Run) -> None:
    """Play the recording that stands in, from where as many of its chains had ended as of this run were answered."""
    service = the_service()
    found = _closest(str(service.store.path), service.store.count_runs(), run.id)
    try:
        if found is None:
            found = open_example(service, examples_by_problem()[run.problem.key].name).run_id
        other = service.store.run(found)
    except (InvalidInput, StoreError) as error:
        st.session_state["standby-refused"] = str(error)
        return
    play_from(other, moment_of_share(recording_of(other), run.done / max(1, run.calls)))


@st.cache_resource(max_entries=12, ttl=30, show_spinner=False)
def _closest(path: str, count: int, run_id: str) -> str | None:
    del path, count  # they tell the cached answers apart
    store = the_service().store
    run = store.run(run_id)
    others = [one for one in store.runs(limit=_LOOKED_AT) if one.problem.key == run.problem.key and can_replay(one)]
    whole = [one for one in others if one.status is RunStatus.DONE and not _came_to_nothing(one)]
    found = closest(run, whole) or closest(run, others)  # one that breaks off is better than none
    return None if found is None else found.id
