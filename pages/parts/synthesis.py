"""Copy or synthesis: how each child was made of its parents, and the same by generation."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.cut_steps import cut_steps
from pages.parts.frame import open_chain, show, the_service, theme
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said, told
from rsa_viz.analysis.synthesis import Taken, copy_or_synthesis
from rsa_viz.core.chain import Chain, Slot
from rsa_viz.core.run import Run
from rsa_viz.figures.synthesis import synthesis_data, synthesis_figure
from rsa_viz.figures.synthesis_course import synthesis_course_data, synthesis_course_figure

AT_ONCE = 400  # children that are drawn in one picture to begin with
ALL = 0  # instead of a generation
HELP = (
    "Parents used: the parent in which most of the child's steps stand, then the one in which most of the others "
    "stand, and so on, as long as each adds a fifth of the steps or more. Clone: at most one parent is used, and four "
    "fifths of the steps or more stand in it. Synthesis: two parents or more are used. Rewrite: at most one parent is "
    "used and much is the child's own, but its answer is that of a parent. Drift: the same with an answer that no "
    "parent gives."
)


def synthesis(run: Run, chains: Sequence[Chain], chosen: Slot | None) -> None:
    """Draw the children of a generation, or all of them, and the kinds by generation; nothing without a child."""
    if chains[-1].slot.t == 1:
        return
    taken = _taken(str(the_service().store.path), run.id, run.revision)
    st.subheader(said("Copy or synthesis?"), anchor=False, help=told(HELP))
    made = sorted({one.slot.t for one in taken}) or [2]
    shown = st.selectbox(
        said("Children of"),
        [ALL, *made],
        0 if len(taken) <= AT_ONCE else len(made),
        format_func=lambda t: said(f"generation {t}") if t else said("all generations"),
        key=f"synthesis-of-{run.id}",
        width=320,
    )
    data = synthesis_data(chains, taken, shown or None, chosen=chosen, run=run.id)
    show(data, synthesis_figure(data, theme()), key=f"synthesis-{run.id}", on_select=_open)
    course = synthesis_course_data(chains, taken, run=run.id)
    show(course, synthesis_course_figure(course, theme()), key=f"synthesis-course-{run.id}", on_select=_open)


@st.cache_resource(max_entries=12, show_spinner=False)
def _taken(path: str, run_id: str, revision: int) -> tuple[Taken, ...]:
    del path, revision  # they tell the cached answers apart
    run = the_service().store.run(run_id)
    return copy_or_synthesis(recorded_chains(run), cut_steps(run).inherited)


def _open(slots: tuple[Slot, ...]) -> None:
    open_chain(slots[0])
