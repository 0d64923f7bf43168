"""What a run's chains inherited from whom, worked out once per chain for all viewers. Knows no widget."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages.parts.frame import the_service
from rsa_viz.analysis.genealogy import Shares
from rsa_viz.analysis.inheritance import inheritance, step_key
from rsa_viz.core.chain import Chain, ChainStatus, Slot
from rsa_viz.core.run import Run
from rsa_viz.tasks import find_task


@dataclass
class _Known:
    """The keys of each ended chain's steps, and the share of each link. A chain that has ended never changes, so what
    is known stays known while the run goes on."""

    keys: dict[Slot, list[str]] = field(default_factory=dict)
    shares: dict[tuple[Slot, Slot], float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


@st.cache_resource(max_entries=12, show_spinner=False)
def _known(path: str, run_id: str) -> _Known:
    del path, run_id  # they tell the cached answers apart
    return _Known()


def inherited_shares(run: Run, chains: Sequence[Chain]) -> Shares:
    """The share of each recorded link (child, parent) in the child's steps; links of chains without steps are left out.

    Reads the texts of chains that have ended since the last call, whoever called.
    """
    service = the_service()
    known = _known(str(service.store.path), run.id)
    with known.lock:
        fresh = [chain for chain in chains if chain.status is ChainStatus.DONE and chain.slot not in known.keys]
        task = find_task(run.problem.task)
        texts = service.store.texts(run.id, [chain.slot for chain in fresh]) if fresh else {}
        for chain in fresh:  # in slot order: parents come before their children
            text = texts[chain.slot] or ""
            known.keys[chain.slot] = [step_key(step, text) for step in task.steps(text, run.problem)]
            parents = {parent: frozenset(known.keys.get(parent, ())) for parent in chain.available}
            found = inheritance(known.keys[chain.slot], parents)
            if found.steps:
                known.shares.update({(chain.slot, parent): share for parent, share in found.shares.items()})
        return dict(known.shares)
