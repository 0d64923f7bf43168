"""The step of a chain that the URL names (``step``, from 1): which one it is, and its place in the chain's text."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.marked_text import marked_text
from pages.parts.naming import reason, sentences
from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.analysis.telling import brief, counted
from rsa_viz.core.chain import Chain, Step
from rsa_viz.core.run import Run
from rsa_viz.figures.step_state import STATE_MARKS, state_of

CAP = 200  # letters of a reason


def step_in_view(chain: Chain, steps: Sequence[Step]) -> int | None:
    """The step of ``chain`` that the URL names, from 1; None without one. One that is not there is said, with what
    is."""
    written = st.query_params.get("step")
    if not written:
        return None
    place = int(written) if written.isdecimal() and len(written) < 10 else 0
    if 1 <= place <= len(steps):
        return place
    if not steps:
        words = said(f"Chain {chain.slot} has no step {escaped(brief(written, 20))}: it has no steps to show.")
    else:
        number = said(counted(len(steps), "step"))
        words = said(f"Chain {chain.slot} has no step {escaped(brief(written, 20))}: it has {number}, from 1 on.")
    st.warning(words, icon=":material/search_off:")
    return None


def step_in_text(run: Run, chain: Chain, steps: Sequence[Step], place: int) -> None:
    """Draw the chain's text with the step ``place`` (from 1) highlighted, and bring it into view."""
    step = steps[place - 1]
    state, why = state_of(step), reason(step.judgement.why, step.judgement.source)
    words = said(f"Step {place} of {len(steps)}: {STATE_MARKS[state]} {state.value}.")
    st.caption(sentences([words, f"{said('Why')}{said(': ')}{escaped(brief(why, CAP))}"] if why else [words]))
    marked_text(
        chain.text or "",
        step.start,
        step.end,
        key=f"step-text-{run.id}-{chain.slot}",
        alt=said(f"Text of chain {chain.slot}, step {place} highlighted"),
        into_view=True,
    )
