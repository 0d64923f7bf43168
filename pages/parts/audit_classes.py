"""The answer classes of a run, two of which can be made one; and the log of all that persons ruled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.parts.audit_chain import undo
from pages.parts.foreign import foreign_text
from pages.parts.frame import may_change, say, the_service
from pages.parts.naming import marked
from pages.parts.spoken import said
from pages.parts.words import ago, escaped
from rsa_viz.analysis.answers import AnswerClass, answer_classes
from rsa_viz.analysis.telling import counted
from rsa_viz.core.chain import Chain
from rsa_viz.core.errors import RsaVizError
from rsa_viz.core.ruling import Ruling, RulingKind
from rsa_viz.core.run import Run
from rsa_viz.figures.style import MARKS
from rsa_viz.figures.words import one_line

CAP = 60  # letters of an answer
A_PAGE = 10  # rulings
MOVE, INTO, WHY = "merge-move", "merge-into", "merge-why"


def audit_classes(run: Run, chains: Sequence[Chain]) -> None:
    """Draw the classes by size, and the choice of two that are to be one."""
    classes = sorted(answer_classes(chains), key=lambda one: (-one.chains, one.first))
    if not classes:
        st.markdown(said("No chain has given an answer."))
        return
    table, merge = st.columns([3, 2], gap="large")
    with table:
        st.dataframe(
            {
                "Answer": [one_line(one.text, CAP) for one in classes],
                "Verdict": [marked(one.verdict) for one in classes],
                "Chains": [one.chains for one in classes],
                "First in chain": [str(one.first) for one in classes],
            },
            key=f"audit-classes-{run.id}",
            hide_index=True,
            height=min(36 * (len(classes) + 1), 360),
            column_config={name: said(name) for name in ("Answer", "Verdict", "Chains", "First in chain")},
            alt=said("Answer classes by size"),
        )
    with merge:
        if may_change():
            _merge(run, {one.key: one for one in classes})


def _merge(run: Run, classes: Mapping[str, AnswerClass]) -> None:
    if len(classes) < 2:
        st.markdown(said("There is one answer class: nothing can be merged."))
        return
    for key in (MOVE, INTO):
        if st.session_state.get(key) not in classes:
            st.session_state[key] = None

    def named(key: str) -> str:
        one = classes[key]
        size = said(f"{counted(one.chains, 'chain')}, first {one.first}")
        return f"{one_line(one.text, CAP)}  {MARKS[one.verdict]}  {size}"

    for label, key, placeholder in (
        (said("Merge the answer"), MOVE, said("Choose an answer class")),
        (said("into the answer"), INTO, said("Choose the one that it equals")),
    ):
        st.selectbox(label, list(classes), format_func=named, key=key, placeholder=placeholder)
    st.text_input(said("Your reason"), key=WHY, placeholder=said("why they are the same (may stay empty)"))
    chosen = st.session_state[MOVE], st.session_state[INTO]
    st.button(
        said("Merge"),
        icon=":material/merge:",
        key="merge",
        on_click=_do,
        args=(run.id, *chosen),
        disabled=None in chosen or chosen[0] == chosen[1],
        help=said("The chains of the first take the class and the verdict of the second. It can be undone."),
    )


def _do(run_id: str, move: str, into: str) -> None:
    try:
        the_service().store.merge_answers(run_id, move, into, st.session_state[WHY])
    except RsaVizError as error:
        st.toast(escaped(str(error)), icon=":material/error:")
    else:
        st.session_state.update({MOVE: None, INTO: None, WHY: ""})


def audit_log(run: Run, judged: Sequence[Chain], rulings: Sequence[Ruling]) -> None:
    """Draw every ruling, newest first, each with a way to undo it; what was undone stays and says so."""
    if not rulings:
        st.markdown(said("Nothing has been ruled on this run: every verdict is the judge's."))
        return
    texts = {one.key: one.text for one in answer_classes(judged)}
    pages = -(-len(rulings) // A_PAGE)
    page = int(st.number_input(said("Page"), 1, pages, 1, key=f"audit-log-{run.id}", width=140)) if pages > 1 else 1
    for ruling in list(reversed(rulings))[(page - 1) * A_PAGE : page * A_PAGE]:
        with st.container(border=True, key=f"ruling-{ruling.id}"):
            words, button = st.columns([6, 1], vertical_alignment="center")
            with words:
                say(_told(ruling, texts), run.id)
                if ruling.why:
                    foreign_text(said(f"Reason: {ruling.why}"))
            with button:
                if ruling.active and may_change():
                    st.button(
                        said("Undo"),
                        key=f"undo-{ruling.id}",
                        icon=":material/undo:",
                        on_click=undo,
                        args=(run.id, ruling.id),
                    )
                elif not ruling.active:
                    st.caption(said("undone"))


def _told(ruling: Ruling, texts: Mapping[str, str]) -> str:
    """One ruling in words, for ``say``."""
    if ruling.kind is RulingKind.VERDICT:
        what = f"Chain {ruling.slot} is {MARKS[ruling.verdict]} {ruling.verdict.value}"
    else:
        move, into = (one_line(texts.get(key or "", key or ""), CAP) for key in (ruling.answer_key, ruling.into_key))
        what = f"Answer “{move}” is the same as “{into}” ({MARKS[ruling.verdict]} {ruling.verdict.value})"
    undone = "" if ruling.undone_at is None else f"; undone {ago(ruling.undone_at)}"
    return f"{what}, ruled {ago(ruling.at)}{undone}"
