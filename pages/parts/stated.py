"""What a run's chains state, step by step: read once per chain, weighed once per change, for all viewers.

Knows no widget.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages.parts.frame import the_service
from pages.parts.recorded import recorded_chains
from rsa_viz.analysis.fragments import Spread, spread, stated
from rsa_viz.analysis.rediscovery import Rates, first_seen, rates
from rsa_viz.core.chain import ChainStatus, Slot, Step
from rsa_viz.core.run import Run
from rsa_viz.tasks import find_task

AT_ONCE = 64  # texts that are read from the database together


@dataclass(frozen=True)
class Stated:
    """The steps and the fragments of each done chain, their spread, how they come about, and who stated each first."""

    steps: Mapping[Slot, tuple[Step, ...]]
    keys: Mapping[Slot, tuple[str, ...]]
    spread: Spread
    rates: Rates
    seen: Mapping[str, Slot]


@dataclass
class _Known:
    """The steps of each ended chain: it never changes, so what is known stays known while the run goes on."""

    steps: dict[Slot, tuple[Step, ...]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


@st.cache_resource(max_entries=4, show_spinner=False)  # the steps of a large run take tens of megabytes
def _known(path: str, run_id: str) -> _Known:
    del path, run_id  # they tell the cached answers apart
    return _Known()


def stated_by(run: Run) -> Stated:
    """What the run's chains state; do not change what is returned."""
    return _stated(str(the_service().store.path), run.id, run.revision)


@st.cache_resource(max_entries=4, show_spinner="Reading the steps of every chain …")
def _stated(path: str, run_id: str, revision: int) -> Stated:
    del revision  # it tells the cached answers apart
    store = the_service().store
    run = store.run(run_id)
    chains, task, known = recorded_chains(run), find_task(run.problem.task), _known(path, run_id)
    with known.lock:
        fresh = [chain.slot for chain in chains if chain.status is ChainStatus.DONE and chain.slot not in known.steps]
        for begin in range(0, len(fresh), AT_ONCE):
            for slot, text in store.texts(run_id, fresh[begin : begin + AT_ONCE]).items():
                known.steps[slot] = task.steps(text or "", run.problem)
        steps = dict(known.steps)
    keys = {slot: stated(found) for slot, found in steps.items()}
    return Stated(steps, keys, spread(chains, steps), rates(chains, keys), first_seen(keys))


def texts_of(run: Run, slots: Sequence[Slot]) -> Mapping[Slot, str]:
    """The texts at these slots, without those that have none."""
    return {slot: text for slot, text in the_service().store.texts(run.id, slots).items() if text}
