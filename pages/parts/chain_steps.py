"""A chain's steps as a table: what each says, its verdict by one source, and why; of a judge also its whole reply."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.foreign import foreign_code
from pages.parts.naming import reason, sentences
from pages.parts.spoken import said
from pages.parts.verdicts_by import judging_of
from pages.parts.words import escaped, sendable
from rsa_viz.analysis.telling import brief
from rsa_viz.analysis.verdicts_by import Source, VerdictsBy
from rsa_viz.core.chain import Chain, Step
from rsa_viz.core.run import Run
from rsa_viz.figures.step_state import STATE_MARKS, state_of

MOST = 2_000  # steps that are sent to the browser
CAP = 300  # letters of a step


def chain_steps(run: Run, chain: Chain, steps: Sequence[Step], by: VerdictsBy) -> None:
    """Draw the table, or say that there is no step."""
    text = chain.text or ""
    if not text or not steps:
        st.info(said("There is no step."), icon=":material/segment:")
        return
    shown = steps[:MOST]
    states = [state_of(step) for step in shown]
    st.dataframe(
        {
            "Step": list(range(1, len(shown) + 1)),
            "Verdict": [f"{STATE_MARKS[state]} {said(state.value)}" for state in states],
            "It says": [sendable(brief(text[step.start : step.end], CAP)) for step in shown],
            "Why": [sendable(brief(reason(step.judgement.why, step.judgement.source), CAP)) for step in shown],
            "Fragment": [sendable(step.fragment or "") for step in shown],
        },
        hide_index=True,
        height=min(520, 38 + 36 * len(shown)),
        column_config={
            "Step": st.column_config.NumberColumn(said("Step"), width=56),
            "Verdict": st.column_config.TextColumn(said("Verdict"), width=170),
            "It says": said("It says"),
            "Why": said("Why"),
            "Fragment": said("Fragment"),
        },
    )
    words = [said(f"Verdicts by {escaped(said(by.title))}.")]
    if len(steps) > MOST:
        words.append(said(f"The first {MOST:,} of {len(steps):,}."))
    st.caption(sentences(words))
    if by.source is Source.JUDGE and (judging := judging_of(run, chain.slot, by.model)) is not None:
        with st.expander(said(f"What the judge was asked with and replied ({judging.prompt})")):
            told = [said("Only lines of the form “12: right – reason” are read; a step without one is unknown.")]
            if judging.finish_reason == "length":
                told.append(said("The reply was cut at its token limit."))
            st.caption(sentences(told))
            foreign_code(judging.text if judging.text is not None else judging.error or "", wrap_lines=True)
