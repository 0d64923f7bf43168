"""A run's chains cut into steps: each text is cut once, for all pages and all viewers. Knows no widget."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from pages.parts.frame import the_service
from pages.parts.recorded import recorded_chains
from rsa_viz.analysis.inheritance import Inheritance, inherited_by, step_key
from rsa_viz.analysis.telling import brief
from rsa_viz.core.chain import Chain, ChainStatus, Slot, Step
from rsa_viz.core.run import Run
from rsa_viz.tasks.segments import written_form

AT_ONCE = 64  # texts that are read from the database together
WRITTEN = 80  # letters of a fragment as a chain writes it


@dataclass(frozen=True)
class Cut:
    """Of done chains: their steps, the key of each step (``inheritance.step_key``), and what they have from whom; and
    of each fragment, how one of the chains that were read first writes it.

    Do not change what is in it.
    """

    steps: Mapping[Slot, tuple[Step, ...]]
    keys: Mapping[Slot, tuple[str, ...]]
    inherited: Mapping[Slot, Inheritance]
    written: Mapping[str, str]


@dataclass
class _Known:
    """What is known of a run. A chain that has ended never changes, so it stays known while the run goes on."""

    steps: dict[Slot, tuple[Step, ...]] = field(default_factory=dict)
    keys: dict[Slot, tuple[str, ...]] = field(default_factory=dict)
    inherited: dict[Slot, Inheritance] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


@st.cache_resource(max_entries=4, show_spinner=False)  # the steps of a large run take tens of megabytes
def _known(path: str, run_id: str) -> _Known:
    del path, run_id  # they tell the cached answers apart
    return _Known()


def cut_steps(run: Run) -> Cut:
    """The steps of all the run's done chains."""
    return _cut(str(the_service().store.path), run.id, run.revision)


@st.cache_resource(max_entries=4, show_spinner="Reading the steps of every chain …")
def _cut(path: str, run_id: str, revision: int) -> Cut:
    del revision  # it tells the cached answers apart
    run = the_service().store.run(run_id)
    chains, known = recorded_chains(run), _known(path, run_id)
    with known.lock:
        _read(run, chains, known)
        waiting = [chain for chain in chains if chain.status is ChainStatus.DONE and chain.slot not in known.inherited]
        known.inherited.update(inherited_by(waiting, known.keys))
        return Cut(dict(known.steps), dict(known.keys), dict(known.inherited), dict(known.written))


def steps_of(run: Run, chains: Sequence[Chain]) -> Mapping[Slot, tuple[Step, ...]]:
    """The steps of these chains alone, by slot; of one that is not done there are none."""
    known = _known(str(the_service().store.path), run.id)
    with known.lock:
        _read(run, chains, known)
        return {chain.slot: known.steps.get(chain.slot, ()) for chain in chains}


def _read(run: Run, chains: Sequence[Chain], known: _Known) -> None:
    service = the_service()
    fresh = {
        chain.slot: chain for chain in chains if chain.status is ChainStatus.DONE and chain.slot not in known.steps
    }
    slots = list(fresh)
    for begin in range(0, len(slots), AT_ONCE):
        for slot, text in service.store.texts(run.id, slots[begin : begin + AT_ONCE]).items():
            steps = service.steps(run, replace(fresh[slot], text=text))
            known.keys[slot] = tuple(step_key(step, text or "") for step in steps)
            known.steps[slot] = steps
            for step in steps:
                if step.fragment is not None and step.fragment not in known.written:
                    known.written[step.fragment] = brief(written_form(text or "", step), WRITTEN)
