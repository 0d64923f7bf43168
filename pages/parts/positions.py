"""Whether parents are read more for where they stand in the prompt: a picture, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.cut_steps import cut_steps
from pages.parts.frame import open_chain, show, the_service, theme
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from rsa_viz.analysis.positions import Measure, PlacedShare, PositionEvidence, position_evidence
from rsa_viz.core.chain import Chain, Slot
from rsa_viz.core.run import Run
from rsa_viz.figures.positions import positions_data, positions_figure
from rsa_viz.figures.words import percent


def positions(run: Run, chains: Sequence[Chain]) -> None:
    """Draw the shares of text and answers by prompt position; nothing where no child took anything from two parents."""
    found = _found(str(the_service().store.path), run.id, run.revision)
    if not found:
        return
    st.subheader(said("Does the place in the prompt matter?"), anchor=False)
    data = positions_data(chains, found, run=run.id)
    show(data, positions_figure(data, theme()), key=f"positions-{run.id}", on_select=_open)
    with st.expander(said("The numbers")):
        st.dataframe(
            [
                {
                    said("Parents in the prompt"): one.k,
                    said("Position"): share.position,
                    said("What was taken over"): said(
                        "inherited steps" if one.measure is Measure.TEXT else "answers taken over"
                    ),
                    said("Share"): percent(share.share),
                    said("95 % interval"): _interval(share),
                    said("If the place did not matter"): percent(1 / one.k),
                    said("Children"): one.children,
                }
                for one in found
                for share in one.shares
            ],
            hide_index=True,
            key=f"positions-table-{run.id}",
        )
        st.caption(said("A child's steps and its answer are split among the parents in which they stand."))


@st.cache_resource(max_entries=12, show_spinner=False)
def _found(path: str, run_id: str, revision: int) -> tuple[PositionEvidence, ...]:
    del path, revision  # they tell the cached answers apart
    run = the_service().store.run(run_id)
    return position_evidence(recorded_chains(run), cut_steps(run).inherited)


def _interval(share: PlacedShare) -> str:
    if share.low is None or share.high is None:
        return "–"
    return said(f"{percent(share.low)} to {percent(share.high)}")


def _open(slots: tuple[Slot, ...]) -> None:
    open_chain(slots[0])
