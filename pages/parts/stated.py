"""What a run's chains state, weighed once per recorded change and source of verdicts for all viewers. Knows no
widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts.cut_steps import cut_steps
from pages.parts.frame import the_service
from pages.parts.recorded import recorded_chains
from pages.parts.verdicts_by import steps_in_view
from rsa_viz.analysis.fragments import Spread, spread
from rsa_viz.analysis.rediscovery import StepRates, first_seen, step_rates
from rsa_viz.analysis.verdicts_by import VerdictsBy
from rsa_viz.core.chain import Slot, Step
from rsa_viz.core.run import Run


@dataclass(frozen=True)
class Stated:
    """The steps of each done chain and their keys, how steps come about, and who stated each fragment first."""

    steps: Mapping[Slot, tuple[Step, ...]]
    keys: Mapping[Slot, tuple[str, ...]]
    rates: StepRates
    seen: Mapping[str, Slot]


def stated_by(run: Run) -> Stated:
    """What the run's chains state; do not change what is returned."""
    return _stated(str(the_service().store.path), run.id, run.revision)


@st.cache_resource(max_entries=4, show_spinner=False)
def _stated(path: str, run_id: str, revision: int) -> Stated:
    del path, revision  # they tell the cached answers apart
    run = the_service().store.run(run_id)
    chains, cut = recorded_chains(run), cut_steps(run)
    return Stated(cut.steps, cut.keys, step_rates(chains, cut.keys), first_seen(cut.keys))


def spread_in_view(run: Run, by: VerdictsBy) -> Spread:
    """The run's fragments with the verdicts of one source; do not change what is returned."""
    return _spread(str(the_service().store.path), run.id, run.revision, str(by))


@st.cache_resource(max_entries=6, show_spinner=False)
def _spread(path: str, run_id: str, revision: int, written: str) -> Spread:
    del path, revision
    run = the_service().store.run(run_id)
    return spread(recorded_chains(run), steps_in_view(run, VerdictsBy.parse(written)))


def texts_of(run: Run, slots: Sequence[Slot]) -> Mapping[Slot, str]:
    """The texts at these slots, without those that have none."""
    return {slot: text for slot, text in the_service().store.texts(run.id, slots).items() if text}
