"""The run that is watched, as it stands now or as it stood at a moment of its recording. Knows no widget.

The URL's ``moment`` says that a recording is replayed and where it stands; who plays it and how fast is this browser
session's. Pictures and numbers are drawn from a ``Watched`` and do not ask which of both it is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.parts.frame import the_service
from pages.parts.recorded import recorded_chains
from pages.parts.whole_page import want_whole_page
from rsa_viz.analysis.replay import Playhead, Recording, at_moment
from rsa_viz.core.aside import Aside
from rsa_viz.core.chain import Chain, ChainStatus, InFlight
from rsa_viz.core.genealogy import Plan
from rsa_viz.core.run import Run, RunStatus

MOMENT = "moment"
"""The query parameter: seconds of the recording's clock, or generations of one without timings."""

_HEAD, _WRITTEN = "playhead", "playhead-in-url"


@dataclass(frozen=True, slots=True)
class Watched:
    """A run as pictures need it. ``run`` says running while it is replayed and not at its end. ``recording`` is None
    for a run as it stands now; else ``moment`` is where it stands on the recording's clock."""

    run: Run
    plan: Plan
    chains: Sequence[Chain]
    in_flight: Sequence[InFlight]
    asides: Sequence[Aside]
    now: float
    recording: Recording | None = None
    moment: float = 0.0

    @property
    def live(self) -> bool:
        """Whether calls are being made, or were at this moment."""
        return self.run.status is RunStatus.RUNNING


def watched(run: Run, head: Playhead | None = None) -> Watched:
    """The run as it is to be drawn; ``run`` is as it is recorded now. ``head`` is where somebody else's replay of it
    stands, None for this session's own view."""
    store, plan = the_service().store, _plan(str(the_service().store.path), run.id)
    if head is not None or replaying(run):
        # Those who follow look at whole seconds, so that one picture serves all of them.
        return _replayed(run, plan, head or playhead(run), time.time() if head is None else math.floor(time.time()))
    return Watched(
        run,
        plan,
        recorded_chains(run),
        store.in_flight(run.id) if run.status is RunStatus.RUNNING else [],
        store.asides(run.id) if plan.calls > len(plan) else [],
        time.time(),
    )


def _replayed(run: Run, plan: Plan, head: Playhead, now: float) -> Watched:
    recording = recording_of(run)
    moment = head.at(now, recording.length)
    sight = at_moment(recording, moment)
    if moment < recording.length:
        ways = [one.status for one in (*sight.chains, *sight.asides)]
        done, failed = ways.count(ChainStatus.DONE), ways.count(ChainStatus.FAILED)
        run = replace(run, status=RunStatus.RUNNING, error=None, done=done, failed=failed)
    return Watched(run, plan, sight.chains, sight.in_flight, sight.asides, sight.now, recording, moment)


def can_replay(run: Run) -> bool:
    """Whether there is something to replay: a run that nobody drives, of which a call has ended."""
    return run.status is not RunStatus.RUNNING and run.done + run.failed > 0


def replaying(run: Run) -> bool:
    """Whether the URL asks for the recording of this run."""
    return MOMENT in st.query_params and can_replay(run)


def plays(run: Run) -> bool:
    """Whether a recording of the run is being replayed and goes on by itself."""
    return replaying(run) and playhead(run).playing(time.time(), recording_of(run).length)


def recording_of(run: Run) -> Recording:
    """The run's recording, read once a change for all viewers."""
    return _recording(str(the_service().store.path), run.id, run.revision)


def playhead(run: Run) -> Playhead:
    """Where this session's replay of the run stands: at the URL's moment, unless this session put that there itself."""
    written = st.query_params.get(MOMENT, "")
    known = st.session_state.get(_HEAD)
    if known is not None and known[0] == run.id and st.session_state.get(_WRITTEN) == written:
        head: Playhead = known[1]
        return head
    speed = known[1].speed if known is not None and known[0] == run.id else 1.0
    head = Playhead(_moment(written), speed)
    st.session_state.update({_HEAD: (run.id, head), _WRITTEN: written})
    return head


def put_playhead(run_id: str, head: Playhead) -> None:
    """Let the session's replay of a run stand or go on there, and say so in the URL."""
    written = f"{head.moment:.2f}".rstrip("0").rstrip(".")
    st.session_state.update({_HEAD: (run_id, head), _WRITTEN: written})
    if st.query_params.get(MOMENT) != written:
        st.query_params[MOMENT] = written


def leave_recording() -> None:
    """Show the run as it is recorded, whole."""
    st.query_params.pop(MOMENT, None)
    st.session_state.pop(_HEAD, None)
    want_whole_page()


def _moment(written: str) -> float:
    """A moment as the URL has it; what is no number is the start."""
    try:
        moment = float(written)
    except ValueError:
        return 0.0
    return moment if 0.0 <= moment < 1e9 else 0.0


@st.cache_resource(max_entries=12, show_spinner=False)
def _plan(path: str, run_id: str) -> Plan:
    del path  # it tells the cached answers apart
    return the_service().store.plan(run_id)


@st.cache_resource(max_entries=6, show_spinner=False)
def _recording(path: str, run_id: str, revision: int) -> Recording:
    del path, revision  # they tell the cached answers apart
    store = the_service().store
    return Recording(tuple(store.chains(run_id)), tuple(store.asides(run_id, text=True)))
