"""The chain under the eye: the one clicked or typed, else the one that has been streaming longest.

Its text is model text: it is shown as plain text and never read as HTML or markdown.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.foreign import foreign_code, foreign_text
from pages.parts.frame import page_link, the_service
from pages.parts.naming import listed, marked
from pages.parts.spoken import said
from pages.parts.words import duration
from rsa_viz.analysis.replay import with_text
from rsa_viz.core.chain import Chain, ChainStatus, InFlight, Slot
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.run import Run, RunStatus

CHOICE = "chain-under-the-eye"
TAIL = 1400  # characters of a streaming text
WHOLE = 20_000  # characters of a finished one; the Chain page shows all of it


def follow(slots: tuple[Slot, ...]) -> None:
    """Take the chain that was clicked on the board under the eye; an emptied selection changes nothing."""
    if slots:
        st.session_state[CHOICE] = str(slots[0])


def followed(run_id: str, chains: Sequence[Chain], in_flight: Sequence[InFlight]) -> Slot | None:
    """The chain under the eye, or None when nothing is chosen and nothing streams."""
    if st.session_state.get("eye-of") != run_id:
        st.session_state["eye-of"] = run_id
        st.session_state[CHOICE] = ""
    try:
        chosen = Slot.parse(st.session_state.get(CHOICE) or "")
    except InvalidInput:
        chosen = None
    if chosen is not None and any(chain.slot == chosen for chain in chains):
        return chosen
    streaming = [flight for flight in in_flight if flight.waiting_until is None]
    return min(streaming, key=lambda flight: (flight.started_at, flight.slot)).slot if streaming else None


def eye_panel(run: Run, chains: Sequence[Chain], in_flight: Sequence[InFlight], eye: Slot | None) -> None:
    """Draw the chain under the eye: what is known of it and the end of its text."""
    st.text_input(
        said("Chain under the eye"),
        key=CHOICE,
        placeholder=said(
            "the one streaming longest" if run.status is RunStatus.RUNNING else "click a cell, or write 3.12"
        ),
        help=said(
            "Click a cell of the board or write generation.slot, for example 3.12. Empty: the one streaming "
            "longest, and at the end the one that answered."
        ),
    )
    if eye is None:
        written = st.session_state.get(CHOICE)
        st.caption(said(f"This run has no chain {written!r}." if written else "Click a cell to read its chain."))
        return
    chain = next(chain for chain in chains if chain.slot == eye)
    flight = next((flight for flight in in_flight if flight.slot == eye), None)
    if flight is not None:
        _flying(flight_text(run, flight))
    else:
        _ended(run, chain)
    if chain.parents:
        st.caption(said(f"Parents in prompt order: {listed([str(parent) for parent in chain.parents])}"))
    page_link("chain", run.id, said(f"Open chain {eye}"), chain=eye, t=eye.t)


def flight_text(run: Run, flight: InFlight) -> InFlight:
    """The chain in flight with the end of its text; of a replayed one that is the recorded text, as far as it had
    come."""
    if flight.tail or not flight.characters:
        return flight
    store = the_service().store
    if flight.aside is not None:
        aside = store.aside(run.id, flight.slot)
        return with_text(flight, "" if aside is None else aside.text or "")
    return with_text(flight, store.chain(run.id, flight.slot).text or "")


def _flying(flight: InFlight) -> None:
    passed = said(duration(max(0.0, flight.updated_at - flight.started_at)))
    words = said(f"**Chain {flight.slot}** is being written: {flight.tokens_out:,} tokens in {passed}")
    st.markdown(words + (said(", ") + said(f"attempt {flight.attempt}") if flight.attempt > 1 else ""))
    if flight.error:
        foreign_text(said(f"The last try failed: {flight.error}"))
    cut = "…" if flight.characters > TAIL else ""
    with st.container(height=420, autoscroll=True, border=False):
        foreign_code(cut + flight.tail[-TAIL:] or " ", wrap_lines=True)


def _ended(run: Run, chain: Chain) -> None:
    if chain.status is ChainStatus.PLANNED:
        st.markdown(said(f"**Chain {chain.slot}** is planned."))
        return
    if chain.status is ChainStatus.FAILED:
        st.markdown(said(f"**Chain {chain.slot}** failed after {chain.attempts} tries."))
        foreign_text(chain.error or "")
        return
    whole = the_service().store.chain(run.id, chain.slot)
    st.markdown(f"**{said(f'Chain {chain.slot}')}** {marked(chain.verdict)}")
    foreign_text(said(f"Answer: {chain.answer}" if chain.answer is not None else "No answer could be read."))
    text = whole.text or ""
    foreign_code(text[:WHOLE] or " ", wrap_lines=True, height=420)
    if len(text) > WHOLE:
        st.caption(said(f"The first {WHOLE:,} of {len(text):,} characters."))
