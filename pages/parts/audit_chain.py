"""One chain under audit: its text with the answer highlighted, why it was judged so, and what a person says instead."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.audit_list import look_at_chain
from pages.parts.chain_facts import ANSWER_CAP, answer_in_words, basis, headline, warnings
from pages.parts.foreign import foreign_text
from pages.parts.frame import may_change, page_link, the_service
from pages.parts.marked_text import marked_text
from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.core.chain import Chain, ChainStatus, Slot, Verdict
from rsa_viz.core.errors import RsaVizError
from rsa_viz.core.ruling import Ruling, RulingKind
from rsa_viz.core.run import Run
from rsa_viz.figures.style import MARKS
from rsa_viz.figures.words import one_line

WHY = "audit-why"
SAYS = {
    Verdict.RIGHT: ("It is right", ":material/check_circle:"),
    Verdict.WRONG: ("It is wrong", ":material/cancel:"),
    Verdict.UNKNOWN: ("It is unknown", ":material/help:"),
}


def audit_chain(run: Run, found: Sequence[Chain], slot: Slot | None, rulings: Sequence[Ruling]) -> None:
    """Draw the chosen chain, or how to choose one."""
    if slot is None:
        _steps(found, slot, said("No chain chosen"))
        st.info(said("Choose a chain in the table to read it."), icon=":material/touch_app:")
        return
    store = the_service().store
    chain, judged = store.chain(run.id, slot), store.chain(run.id, slot, judged=True)
    _steps(found, slot, headline(chain))
    foreign_text(_said(run, chain, judged))
    for words in warnings(chain):
        st.warning(words, icon=":material/warning:")
    if chain.status is ChainStatus.FAILED:
        foreign_text(said(f"It failed: {chain.error}"))
        return
    marked_text(
        chain.text or "",
        chain.answer_start,
        chain.answer_end,
        key=f"audit-text-{run.id}-{slot}",
        alt=said(f"Text of chain {slot}" if chain.answer is None else f"Text of chain {slot}, its answer highlighted"),
    )
    if may_change():
        _rule(run, chain, rulings)
    page_link("chain", run.id, said(f"Open chain {slot}"), chain=slot)


def _steps(found: Sequence[Chain], slot: Slot | None, title: str) -> None:
    """The title, and one before and one after among the listed chains, also when the chosen one has left the list."""
    before = [chain.slot for chain in found if slot is not None and chain.slot < slot][-1:]
    after = [chain.slot for chain in found if slot is None or chain.slot > slot][:1]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(title, anchor=False)
        for name, icon, to in (
            ("Previous", ":material/chevron_left:", before),
            ("Next", ":material/chevron_right:", after),
        ):
            st.button(
                said(name),
                icon=icon,
                key=f"audit-{name.lower()}",
                on_click=look_at_chain,
                args=tuple(to),
                disabled=not to,
            )


def _said(run: Run, chain: Chain, judged: Chain) -> str:
    gold = run.problem.gold
    lines = [
        answer_in_words(chain, ANSWER_CAP),
        said("No gold answer" if gold is None else f"Gold answer: {one_line(gold, ANSWER_CAP)}"),
        basis(chain),
    ]
    if chain.ruled:
        lines.append(said(f"Judged before: {MARKS[judged.verdict]} {judged.verdict.value}. {basis(judged)}"))
    return "\n".join(lines)


def _rule(run: Run, chain: Chain, rulings: Sequence[Ruling]) -> None:
    key = f"{WHY}-{run.id}-{chain.slot}"
    st.text_input(
        said("Your reason"), key=key, placeholder=said("why the verdict should be another one (may stay empty)")
    )
    mine = [
        ruling
        for ruling in rulings
        if ruling.active and ruling.kind is RulingKind.VERDICT and ruling.slot == chain.slot
    ]
    with st.container(horizontal=True):
        for verdict, (words, icon) in SAYS.items():
            st.button(
                said(words),
                icon=icon,
                key=f"audit-say-{verdict.value}",
                on_click=_say,
                args=(run.id, chain.slot, verdict, key),
                disabled=bool(mine) and mine[-1].verdict is verdict,
            )
        if mine:
            st.button(
                said("Undo"),
                icon=":material/undo:",
                key="audit-undo",
                on_click=undo,
                args=(run.id, mine[-1].id),
                help=said("The verdict before this ruling comes back."),
            )


def _say(run_id: str, slot: Slot, verdict: Verdict, key: str) -> None:
    try:
        the_service().store.rule_verdict(run_id, slot, verdict, st.session_state.get(key, ""))
    except RsaVizError as error:
        st.toast(escaped(str(error)), icon=":material/error:")
    else:
        st.session_state[key] = ""
        st.toast(said(f"Chain {slot} is {verdict.value}: said by a person."), icon=":material/gavel:")


def undo(run_id: str, ruling_id: int) -> None:
    """Undo a ruling (for a callback)."""
    try:
        the_service().store.undo_ruling(run_id, ruling_id)
    except RsaVizError as error:
        st.toast(escaped(str(error)), icon=":material/error:")
