"""Genealogy: who descends from whom, filtered first, and the chosen chain beside it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.chain_facts import chain_facts
from pages.parts.frame import chain_in_view, open_chain, page_link, run_in_view, say, show, the_service, theme
from pages.parts.guarded import guarded
from pages.parts.inherited import inherited_shares
from pages.parts.live import LOOK_EVERY_S
from pages.parts.naming import chains_listed
from pages.parts.painting import generation_painting
from pages.parts.positions import positions
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said, told
from pages.parts.synthesis import synthesis
from rsa_viz.core.chain import Chain, Slot
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.figures.genealogy import View, genealogy_data, genealogy_figure
from rsa_viz.service import result

VIEWS = {
    View.ANCESTRY: "Ancestry of a chain",
    View.DONORS: "Main donors",
    View.ABOVE: "Strong links",
    View.WHOLE: "All links",
}
HELP = (
    "Ancestry: where the steps of the chosen chain come from, through the generations. Main donors: of each chain the "
    "one parent in which most of its steps stand; the chains stand in the order of this tree. Strong links: those that "
    "passed on a large share. All links: the whole drawn genealogy."
)
STRONG = 40  # percent of a child that a strong link passes on, to begin with
PARTS = (0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)  # percent of the chosen chain that a link of its ancestry may pass on


def genealogy(run: Run) -> None:
    """Draw the page, kept up to date while the run can change."""
    rhythm = LOOK_EVERY_S.get(run.status)
    st.fragment(guarded(_genealogy), run_every=None if rhythm is None else max(2.0, rhythm))(run.id, run.status)


def _genealogy(run_id: str, status: RunStatus) -> None:
    run = the_service().store.run(run_id)
    chains = recorded_chains(run)
    chosen = _chosen(run, chains)
    view, least = _controls(run, chosen)
    data = genealogy_data(chains, inherited_shares(run), view=view, chosen=chosen, least=least / 100, run=run.id)
    left, right = st.columns([7, 3], gap="medium")
    with left:
        show(data, genealogy_figure(data, theme()), key=f"genealogy-{run.id}", on_select=_take)
    with right:
        _side(run, chains, chosen, data.children)
    st.subheader(said("What the children of a generation inherited, and from whom"), anchor=False)
    generation_painting(run, chains, None if chosen is None else chosen.t)
    synthesis(run, chains, chosen)
    positions(run, chains)
    if run.status is not status:
        st.rerun()  # the whole page, whose rhythm depends on it; last, so that the picture keeps its place


def _chosen(run: Run, chains: Sequence[Chain]) -> Slot | None:
    """The URL's chain; without one, the chain that gives a finished run's answer."""
    slot = chain_in_view()
    if slot is None and run.status is RunStatus.DONE:
        answering = result(run, chains, the_service().store.asides(run.id))["answer_chain"]
        return Slot.parse(answering) if isinstance(answering, str) else None
    if slot is not None and all(chain.slot != slot for chain in chains):
        st.warning(said(f"This run has no chain {slot}. Click one, or write another."), icon=":material/search_off:")
        return None
    return slot


def _controls(run: Run, chosen: Slot | None) -> tuple[View, float]:
    """The view and, in views that leave out weak links, the least share in percent.

    An ancestry thins out over a whole generation, so it begins with half of what an equal share for all would be.
    """
    left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
    view = left.segmented_control(
        said("Links shown"),
        list(VIEWS),
        default=View.ANCESTRY if chosen else View.DONORS,
        format_func=lambda one: said(VIEWS[one]),
        key="genealogy-view",
        help=told(HELP),
        required=True,
    )
    view = View(view or View.DONORS)
    if view is View.ANCESTRY:
        return view, right.select_slider(
            said("Least share of the chosen chain"),
            PARTS,
            max(part for part in PARTS if part <= 50 / run.config.n),
            format_func=lambda one: f"{one:g} %",
            key=f"least-part-{run.config.n}",
        )
    if view is View.ABOVE:
        return view, right.slider(said("Least share of the child"), 0, 100, STRONG, format="%d %%", key="least-share")
    return view, 0


def _take(slots: tuple[Slot, ...]) -> None:
    open_chain(slots[0])


def _side(run: Run, chains: Sequence[Chain], chosen: Slot | None, children: tuple[Slot, ...]) -> None:
    chain = next((chain for chain in chains if chain.slot == chosen), None)
    if chain is None:
        st.markdown(said("**No chain chosen.** Click a mark to see the chain, its parents and its children."))
        return
    chain_facts(chain, short=True)
    page_link("chain", run.id, said(f"Open chain {chain.slot}"), chain=chain.slot)
    if chain.parents:
        say(said(f"Parents in prompt order: {chains_listed(chain.parents)}"), run.id)
    else:
        st.markdown(said("Sampled from the question alone."))
    if children:
        say(said(f"Children: {chains_listed(children)}"), run.id)
    elif chain.slot.t < chains[-1].slot.t:
        st.markdown(said("No child drew it as a parent."))


run = run_in_view()
if run is not None:
    genealogy(run)
