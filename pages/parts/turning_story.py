"""When the right answer won or died: the answer first, its curve, then every turning point with the children to blame.

Such a child's name leads to its event, where its text stands beside that of a parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from pages.parts.event_list import EVENT_ANCHOR, take_generation
from pages.parts.frame import link, linked, say, show, theme
from pages.parts.spoken import said, told
from rsa_viz.analysis.fate import Fate
from rsa_viz.analysis.fate_telling import ToldTurn, fate_in_words, named_in, turns_in_words
from rsa_viz.analysis.ledger import Event, EventKind
from rsa_viz.analysis.turning_points import TurnKind
from rsa_viz.core.chain import Chain, Slot
from rsa_viz.core.run import Run
from rsa_viz.figures.turning_points import turning_points_data, turning_points_figure

SHOWN = 6  # turning points that stand open, the latest; earlier ones are folded
OF_A_CHILD = (EventKind.LOSS, EventKind.CORRUPTION, EventKind.RESCUE, EventKind.GAIN)
MARKS: Mapping[TurnKind, str] = {
    TurnKind.FOUND: "▲",
    TurnKind.DIED: "✖",
    TurnKind.RETURNED: "▲",
    TurnKind.RENEWED: "◆",
    TurnKind.VOTE_WON: "●",
    TurnKind.VOTE_LOST: "▼",
}
"""As in the picture."""


def turning_story(run: Run, chains: Sequence[Chain], found: Fate, events: Sequence[Event], chosen: int | None) -> None:
    """Draw the answer, the picture and the turning points."""
    with st.container(border=True, key="fate"):
        for paragraph in fate_in_words(found):
            say(paragraph, run.id)
    curve = turning_points_data(chains, chosen, turns=found.turns, run=run.id)
    show(curve, turning_points_figure(curve, theme()), key=f"turning-points-{run.id}", on_select=take_generation)
    if not found.turns:
        return
    lines = turns_in_words(found.turns)
    kinds: Mapping[Slot | None, EventKind] = {
        event.slot: event.kind for event in events if event.slot and event.kind in OF_A_CHILD
    }
    with st.container(key="turns"):
        earlier, latest = lines[:-SHOWN], lines[-SHOWN:]
        if earlier:
            with st.expander(said(f"Earlier turning points: {len(earlier):,}")):
                _told(run, earlier, kinds)
        _told(run, latest, kinds)
        st.caption(said("A child's name opens its text beside that of a parent, below."))


def _told(run: Run, lines: Iterable[ToldTurn], kinds: Mapping[Slot | None, EventKind]) -> None:
    written = []
    for line in lines:
        to = {
            str(slot): f"{link('failures', run.id, event=kinds[slot].value, chain=slot)}#{EVENT_ANCHOR}"
            for slot in named_in(line.turn)
            if slot in kinds
        }
        head, words = linked(told(line.head), run.id), linked(told(line.words), run.id, to)
        written.append(f"{MARKS[line.turn.kind]} **{head}** {words}")
    st.markdown("\n\n".join(written), unsafe_allow_html=True)  # every word of it was escaped by linked()
