"""One fragment: its curve against blind copying, who carries it, and its path through the genealogy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.parts.frame import say, show, the_service, theme
from pages.parts.naming import chains_listed
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from pages.parts.stated import Stated, spread_in_view
from rsa_viz.analysis.drift import Drift
from rsa_viz.analysis.fragments import Fragment, Spread, neutral_spread
from rsa_viz.analysis.rediscovery import mean_inherited
from rsa_viz.analysis.verdicts_by import KNOWN, VerdictsBy
from rsa_viz.core.chain import Chain, Slot
from rsa_viz.core.run import Run
from rsa_viz.figures.genealogy import carried_data, genealogy_figure
from rsa_viz.figures.spread import CURVES, spread_data, spread_figure
from rsa_viz.figures.words import one_line

OFFERED = 60  # fragments that can be compared: those with the largest peaks
NAMED = 24  # carriers of a generation that are named
LISTED = 30  # generations whose carriers are listed


def fragment_curve(run: Run, chains: Sequence[Chain], found: Spread, one: Fragment, by: VerdictsBy) -> None:
    """Draw the spread of the chosen fragment, and of those that it is compared with, with the verdicts ``by`` a
    source."""
    best = sorted(found.fragments, key=lambda other: (-other.peak, -len(other.carriers), other.first))
    others = [other.key for other in best[:OFFERED] if other.key != one.key]
    compared = st.multiselect(
        said("Compare with"),
        others,
        key=f"compared-{run.id}-{one.key}",
        format_func=lambda key: one_line(key, 40),
        max_selections=CURVES - 1,
        placeholder=said("Other fragments"),
    )
    band = _band(str(the_service().store.path), run.id, run.revision, one.key)
    data = spread_data(chains, found, [one.key, *compared], band, by=by, run=f"{run.id} {one.key}")
    show(data, spread_figure(data, theme()), key=f"spread-{run.id}")


@st.cache_resource(max_entries=48, show_spinner=False)
def _band(path: str, run_id: str, revision: int, key: str) -> Sequence[Drift]:
    del path, revision  # they tell the cached answers apart
    run = the_service().store.run(run_id)
    one = spread_in_view(run, KNOWN).find(key)
    return () if one is None else neutral_spread(recorded_chains(run), one)


def fragment_carriers(run: Run, one: Fragment) -> None:
    """Name the carriers, generation by generation, each with its link."""
    by_t: dict[int, list[Slot]] = {}
    for slot in one.carriers:
        by_t.setdefault(slot.t, []).append(slot)
    for t, slots in list(by_t.items())[:LISTED]:
        say(said(f"Generation {t}: {chains_listed(slots, NAMED)}."), run.id)
    if len(by_t) > LISTED:
        st.caption(said(f"The first {LISTED} of {len(by_t)} generations with carriers."))


def fragment_path(run: Run, chains: Sequence[Chain], known: Stated, one: Fragment) -> None:
    """Draw the carriers on the genealogy, with the links between them; a click opens a chain at the step that states
    the fragment."""
    data = carried_data(
        chains, one.carriers, mean_inherited(chains, one.key, known.keys, known.rates), run=f"{run.id} {one.key}"
    )

    def opened(slots: tuple[Slot, ...]) -> None:
        steps = enumerate(known.steps.get(slots[0], ()), start=1)
        open_later(slots[0], next((place for place, step in steps if step.fragment == one.key), None))

    show(data, genealogy_figure(data, theme()), key=f"fragment-path-{run.id}", on_select=opened)


OPENED = "chain-to-open"


def open_later(slot: Slot, step: int | None = None) -> None:
    """Ask for the Chain page of a clicked chain, at a step; a callback cannot leave a page itself."""
    st.session_state[OPENED] = (slot, step)


def open_mark(mark: list[Any]) -> None:
    """Ask for the chain of a clicked mark: (id, "t.i"), or with its step as a third."""
    open_later(Slot.parse(str(mark[1])), int(mark[2]) if len(mark) > 2 else None)
