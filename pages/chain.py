"""Chain: one chain, its numbers, its steps as beads, its text, its prompt, its parents and its children."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.chain_aside import chain_aside
from pages.parts.chain_facts import chain_facts
from pages.parts.chain_origins import chain_origins
from pages.parts.chain_parents import cards, comparison, recorded_parents, strings, telling_parent
from pages.parts.chain_steps import chain_steps
from pages.parts.chain_text import chain_prompt, chain_text
from pages.parts.foreign import foreign_code
from pages.parts.fork_form import fork_section
from pages.parts.forked_from import chain_origin_html
from pages.parts.frame import chain_in_view, is_recorded, link, open_chain, page_link, run_in_view, say, the_service
from pages.parts.guarded import guarded
from pages.parts.judge_steps import judge_panel
from pages.parts.left_out import left_out_section
from pages.parts.live import LOOK_EVERY_S
from pages.parts.naming import chains_listed
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from pages.parts.verdicts_by import choose_verdicts
from rsa_viz.core.chain import Chain, ChainOrigin, ChainStatus, Slot
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.run import Run, RunStatus

WRITTEN = "chain-written"


def chain_page(run: Run) -> None:
    """Draw the page; while the chosen chain has not ended it is looked at again and again."""
    chains = recorded_chains(run)
    slot = _chosen(chains)
    _chooser(run, chains, slot)
    chain = the_service().store.chain(run.id, slot)
    rhythm = None if chain.ended else LOOK_EVERY_S.get(run.status)
    st.fragment(guarded(_chain), run_every=rhythm)(run.id, run.status, slot, chain.ended, chain_in_view())
    left_out_section(run, chain)
    fork_section(run, chains, chain)


def _chain(run_id: str, status: RunStatus, slot: Slot, ended: bool, asked: Slot | None) -> None:
    if chain_in_view() != asked:
        st.rerun()  # a click on a bead chose another chain
    service = the_service()
    run, chain = service.store.run(run_id), service.store.chain(run_id, slot)
    parents = recorded_parents(run, chain)
    chain_facts(chain)
    origin = chain_origin_html(run, chain, run.origin is not None and is_recorded(run.origin.run_id), link)
    if origin:
        st.markdown(origin, unsafe_allow_html=True)  # every word of it is escaped
    if not chain.ended:
        _in_flight(run, chain)
    chain_aside(run, chain)
    st.subheader(said("Step by step"), anchor=False)
    by = choose_verdicts(run)
    found, steps = strings(run, chain, parents, by)
    judge_panel(run, slot.t, slot)
    chain_origins(run, recorded_chains(run), chain, parents)
    st.subheader(said("Parents in prompt order"), anchor=False)
    if parents:
        cards(run, chain, parents, found)
    elif chain.origin is ChainOrigin.MADE:
        st.markdown(said("None: it was sampled from the question alone."))
    else:
        st.markdown(said("None in this run."))
    st.subheader(said("Children"), anchor=False)
    _children(run, slot)
    text, listed, prompt, compared = st.tabs([said("Text"), said("Steps"), said("Prompt"), said("Beside a parent")])
    with text:
        chain_text(run, chain)
    with listed:
        chain_steps(run, chain, steps, by)
    with prompt:
        chain_prompt(run, chain)
    with compared:
        comparison(run, chain, parents, telling_parent(chain, parents, found))
    if chain.ended != ended or (run.status is not status and not ended):
        st.rerun()  # the whole page, whose rhythm depends on them; last, so that the pictures keep their places


def _chosen(chains: Sequence[Chain]) -> Slot:
    """The URL's chain; without one, the first of the last generation in which a chain is done."""
    slot = chain_in_view()
    known = {chain.slot for chain in chains}
    if slot is not None and slot in known:
        return slot
    if slot is not None:
        st.warning(
            said(f"This run has no chain {slot}; its slots go up to {chains[-1].slot}."), icon=":material/search_off:"
        )
    done = [chain.slot for chain in chains if chain.status is ChainStatus.DONE]
    return Slot(done[-1].t, min(one.i for one in done if one.t == done[-1].t)) if done else chains[0].slot


def _chooser(run: Run, chains: Sequence[Chain], slot: Slot) -> None:
    """Which chain: one before, one after, or by its slot; and the way to where it stands."""
    place = next(place for place, chain in enumerate(chains) if chain.slot == slot)
    last = len(chains) - 1
    st.session_state[WRITTEN] = str(slot)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            said("Chain"), key=WRITTEN, on_change=_go, help=said("generation.slot, for example 3.12"), width=140
        )
        back, on = ":material/chevron_left:", ":material/chevron_right:"
        st.button(
            said("Previous"),
            icon=back,
            key="previous-chain",
            on_click=_step,
            args=(chains, place - 1),
            disabled=not place,
        )
        st.button(
            said("Next"), icon=on, key="next-chain", on_click=_step, args=(chains, place + 1), disabled=place == last
        )
        page_link("genealogy", run.id, said("Its ancestry"), chain=slot)
        page_link("population", run.id, said(f"Generation {slot.t}"), t=slot.t)
        page_link("audit", run.id, said("Audit its verdict"), chain=slot)


def _step(chains: Sequence[Chain], place: int) -> None:
    open_chain(chains[place].slot)


def _go() -> None:
    try:
        open_chain(Slot.parse(st.session_state[WRITTEN]))
    except InvalidInput as error:
        st.toast(str(error), icon=":material/error:")


def _in_flight(run: Run, chain: Chain) -> None:
    flight = next((one for one in the_service().store.in_flight(run.id) if one.slot == chain.slot), None)
    if flight is None:
        st.info(said("This chain is planned; nothing of it is there yet."), icon=":material/schedule:")
    else:
        st.markdown(said(f"Being written, try {flight.attempt}: {flight.tokens_out:,} tokens so far."))
        foreign_code(flight.tail or " ", wrap_lines=True, height=260)


def _children(run: Run, slot: Slot) -> None:
    children = the_service().store.children(run.id, slot)
    if children:
        say(chains_listed(children), run.id)
    elif slot.t == run.config.t:
        st.markdown(said("None: it stands in the last generation."))
    else:
        st.markdown(said("None: no child drew it as a parent."))


run = run_in_view()
if run is not None:
    chain_page(run)
