"""The event ledger as a table: filters, a row to choose, and the chosen event with the child beside its parents.

The URL keeps the filters (``events``, ``t``), the chain and the kind of the chosen event (``event``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from pages.parts.arriving import place
from pages.parts.chain_facts import headline
from pages.parts.chain_parents import comparison, recorded_parents
from pages.parts.choosing_table import choosing_table
from pages.parts.frame import chain_in_view, generation_in_view, page_link, say, the_service
from pages.parts.naming import listed, sentences
from pages.parts.spoken import said, told
from rsa_viz.analysis.ledger import Event, EventKind
from rsa_viz.analysis.telling import counted
from rsa_viz.core.chain import Chain, Slot
from rsa_viz.core.run import Run
from rsa_viz.figures.style import MARKS
from rsa_viz.figures.words import one_line

EVENT_ANCHOR = "event"  # the chosen event's place on the page, for addresses that lead there
MOST = 5_000  # rows that are sent to the browser; filters narrow down the others
HEIGHT = 390
SENTENCE = 240  # letters of a sentence in the table
WANTED, GENERATION, WRITTEN = "events-filter", "events-generation", "events-chain"
ALL = 0  # in place of a generation
WIDTHS = {"Kind": 150, "Generation": 95, "Index": 70, "What happened": 700}
NUMBERS = ("Generation", "Index")


def take_generation(slots: tuple[Slot, ...]) -> None:
    """List the events of the generation whose bar was clicked."""
    st.query_params["t"] = str(slots[0].t)


def chosen_kinds() -> list[EventKind]:
    """The kinds that the URL names, in their own order; others are passed over."""
    asked = st.query_params.get("events", "").split(",")
    return [kind for kind in EventKind if kind.value in asked]


def listed_events(events: Sequence[Event], kinds: Sequence[EventKind], t: int | None, slot: Slot | None) -> list[Event]:
    """The events of any of ``kinds`` (none: all), of generation ``t`` (None: all), that are about the chain at
    ``slot`` (None: any): that happened to it, or name it as a parent."""
    return [
        event
        for event in events
        if (not kinds or event.kind in kinds)
        and (t is None or event.t == t)
        and (slot is None or event.slot == slot or slot in event.parents)
    ]


def event_filters(events: Sequence[Event], last: int) -> list[Event]:
    """Draw the filters; the events that they let through."""
    t = generation_in_view(last) if st.query_params.get("t") else None
    slot = _about()
    sizes = Counter(event.kind for event in listed_events(events, (), t, slot))
    st.session_state[WANTED] = chosen_kinds()
    st.session_state[GENERATION] = t or ALL
    st.session_state[WRITTEN] = str(slot or "")
    st.pills(
        said("Show events of these kinds"),
        [kind for kind in EventKind if sizes[kind] or kind in chosen_kinds()],
        selection_mode="multi",
        format_func=lambda kind: f"{said(kind.value)} {sizes[kind]:,}",
        key=WANTED,
        on_change=_filter,
        help=told(
            "None shows all. Rescue: right, though none of its parents was. Gain: right, and some of them were. "
            "Loss: wrong, though some of them were right. Corruption: wrong, though all were. New answer: in none "
            "of its parents."
        ),
    )
    left, right = st.columns(2)
    left.selectbox(
        said("Generation"),
        [ALL, *range(1, last + 1)],
        format_func=lambda one: said("all") if one == ALL else str(one),
        key=GENERATION,
        on_change=_generation,
    )
    right.text_input(said("About chain"), key=WRITTEN, on_change=_chain, placeholder=said("all; or write 3.12"))
    return listed_events(events, chosen_kinds(), t, slot)


def _about() -> Slot | None:
    written = st.query_params.get("about", "")
    return Slot.parse(written) if _is_slot(written) else None


def _is_slot(written: str) -> bool:
    t, dot, i = written.partition(".")
    return bool(dot) and all(part.isdecimal() and part[:1] != "0" and len(part) < 9 for part in (t, i))


def _filter() -> None:
    _in_url("events", ",".join(st.session_state[WANTED]))


def _generation() -> None:
    t = st.session_state[GENERATION]
    _in_url("t", "" if t == ALL else str(t))


def _chain() -> None:
    written = st.session_state[WRITTEN].strip()
    if written and not _is_slot(written):
        st.toast(said(f"{written!r} is no chain; write generation.index, for example 3.12."), icon=":material/error:")
    _in_url("about", written if _is_slot(written) else "")


def _in_url(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _chosen(events: Sequence[Event]) -> Event | None:
    """The event that the URL names: by its kind and its chain, or by its kind alone for one of a whole generation."""
    kind, slot = st.query_params.get("event", ""), chain_in_view()
    return next(
        (event for event in events if event.kind.value == kind and (event.slot or _stands_for(event)) == slot), None
    )


def _stands_for(event: Event) -> Slot:
    """An event of a whole generation is named by the first of its chains."""
    return event.slot or event.parents[0]


def event_table(run: Run, events: Sequence[Event], of: int) -> None:
    """Draw the events as a table; a click on a row's left end chooses it, a click on a column's head sorts."""
    shown = events[:MOST]
    chosen = _chosen(shown)

    def choose(place: int) -> None:
        st.query_params["event"] = shown[place].kind.value
        st.query_params["chain"] = str(_stands_for(shown[place]))

    choosing_table(
        {
            "Kind": [said(event.kind.value) for event in shown],
            "Generation": [event.t for event in shown],
            "Index": [event.slot.i if event.slot else None for event in shown],
            "What happened": [one_line(told(event.sentence), SENTENCE) for event in shown],
        },
        key=f"events-table-{run.id}",
        marked=None if chosen is None else shown.index(chosen),
        on_choose=choose,
        height=HEIGHT,
        column_config={
            name: (st.column_config.NumberColumn if name in NUMBERS else st.column_config.TextColumn)(
                said(name), width=width
            )
            for name, width in WIDTHS.items()
        },
        alt=said("The events that the filters let through; choose a row to see the child beside its parents."),
    )
    shown_of = f"{counted(len(events), 'event')} of {of:,}."
    words = [said(shown_of)]
    if len(events) > MOST:
        words.append(said(f"The first {MOST:,} are listed; filters narrow them down."))
    words.append(said("A click at a row's left end chooses it, one on a column's head sorts by it."))
    st.caption(sentences(words))


def event_of(run: Run, events: Sequence[Event], chains: Sequence[Chain]) -> None:
    """Draw the chosen event: what happened, its chain, and the chain's text beside one of its parents'."""
    event = _chosen(events)
    if event is None:
        st.markdown(said("**No event chosen.** Choose a row to read what happened, and the child beside its parents."))
        return
    with st.container(border=True, key="event"):
        kind = said(event.kind.value)
        place(EVENT_ANCHOR, key="event-place")
        st.markdown(f"**{kind[:1].upper()}{kind[1:]}**")
        say(event.sentence, run.id)
        if event.slot is None:
            return
        chain = the_service().store.chain(run.id, event.slot)
        known = {one.slot: one for one in chains}
        named = listed([f"{said(f'chain {slot}')} {MARKS[known[slot].verdict]}" for slot in chain.parents])
        parents = said(f"Parents in prompt order: {named}." if named else "It has no parents.")
        say(f"{headline(chain)}{said('.')}{sentences(['', parents])}", run.id)
        with st.container(horizontal=True):
            page_link("chain", run.id, said(f"Open chain {event.slot}"), chain=event.slot)
            page_link("genealogy", run.id, said("Its ancestry"), chain=event.slot)
            if chain.parents:
                page_link("chain", run.id, said("What if a parent had not been there?"), chain=event.slot)
        if chain.parents:
            first = event.parents[0] if event.parents else None
            comparison(run, chain, recorded_parents(run, chain), first)
