"""Whether parents are read more for where they stand in the prompt: a table of shares by position."""

from __future__ import annotations

import streamlit as st

from pages.parts.cut_steps import cut_steps
from pages.parts.frame import the_service
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from rsa_viz.analysis.inheritance import PositionShare, position_bias
from rsa_viz.core.run import Run
from rsa_viz.figures.words import percent


def positions(run: Run) -> None:
    """Draw the shares of text and answers by prompt position; nothing where no child has two parents in its prompt."""
    found = _found(str(the_service().store.path), run.id, run.revision)
    if not found:
        return
    st.subheader(said("Does the place in the prompt matter?"), anchor=False)
    st.dataframe(
        [
            {
                said("Parents in the prompt"): one.k,
                said("Position"): one.position,
                said("Of the inherited steps"): _share(one.text),
                said("Children with such steps"): one.children,
                said("Of the answers taken over"): _share(one.answer),
                said("Children with such an answer"): one.adopters,
                said("If the place did not matter"): percent(1 / one.k),
            }
            for one in found
        ],
        hide_index=True,
        key=f"positions-{run.id}",
    )
    st.caption(
        said(
            "A child's steps and its answer are split among the parents in which they stand. With few children chance "
            "alone moves these shares. Similarity, not proof."
        )
    )


@st.cache_resource(max_entries=12, show_spinner=False)
def _found(path: str, run_id: str, revision: int) -> tuple[PositionShare, ...]:
    del path, revision  # they tell the cached answers apart
    run = the_service().store.run(run_id)
    return position_bias(recorded_chains(run), cut_steps(run).inherited)


def _share(share: float | None) -> str:
    return "–" if share is None else percent(share)
