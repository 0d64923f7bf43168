"""What a run's chains state, weighed once per recorded change for all viewers. Knows no widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.cut_steps import cut_steps
from pages.parts.frame import the_service
from pages.parts.recorded import recorded_chains
from rsa_viz.analysis.fragments import Spread, spread, stated
from rsa_viz.analysis.rediscovery import Rates, first_seen, rates
from rsa_viz.core.chain import Slot, Step
from rsa_viz.core.run import Run


@dataclass(frozen=True)
class Stated:
    """The steps and the fragments of each done chain, their spread, how they come about, and who stated each first."""

    steps: Mapping[Slot, tuple[Step, ...]]
    keys: Mapping[Slot, tuple[str, ...]]
    spread: Spread
    rates: Rates
    seen: Mapping[str, Slot]


def stated_by(run: Run) -> Stated:
    """What the run's chains state; do not change what is returned."""
    return _stated(str(the_service().store.path), run.id, run.revision)


@st.cache_resource(max_entries=4, show_spinner=False)
def _stated(path: str, run_id: str, revision: int) -> Stated:
    del path, revision  # they tell the cached answers apart
    run = the_service().store.run(run_id)
    chains, steps = recorded_chains(run), cut_steps(run).steps
    keys = {slot: stated(found) for slot, found in steps.items()}
    return Stated(steps, keys, spread(chains, steps), rates(chains, keys), first_seen(keys))


def texts_of(run: Run, slots: Sequence[Slot]) -> Mapping[Slot, str]:
    """The texts at these slots, without those that have none."""
    return {slot: text for slot, text in the_service().store.texts(run.id, slots).items() if text}
