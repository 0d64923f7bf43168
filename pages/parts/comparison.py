"""Two runs side by side: their correctness by generation and their boards. The URL carries which two."""

from __future__ import annotations

import streamlit as st

from pages.parts.frame import page_link, show, the_service, theme
from pages.parts.recorded import recorded_chains
from pages.parts.spoken import said
from pages.parts.words import escaped, models_named, shape
from rsa_viz.core.errors import NotFound
from rsa_viz.core.run import Run
from rsa_viz.figures.board import board_data, board_figure
from rsa_viz.figures.correctness import correctness_data, correctness_figure


def compared() -> list[str]:
    """The ids of the runs that are to be compared, in the order in which they were chosen; at most two."""
    return [run_id for run_id in st.query_params.get("compare", "").split(",") if run_id][:2]


def compare_box(run: Run) -> None:
    """A tick that takes the run into the comparison; a third one pushes out the first."""
    chosen = compared()
    key = f"compare-{run.id}"
    st.session_state[key] = run.id in chosen
    st.checkbox(said("Compare"), key=key, on_change=_toggle, args=(run.id,))


def _toggle(run_id: str) -> None:
    chosen = compared()
    chosen = [one for one in chosen if one != run_id] if run_id in chosen else [*chosen, run_id][-2:]
    _choose(chosen)


def _choose(chosen: list[str]) -> None:
    if chosen:
        st.query_params["compare"] = ",".join(chosen)
    else:
        st.query_params.pop("compare", None)


def comparison() -> None:
    """Draw the two chosen runs next to each other; nothing while none is chosen."""
    store = the_service().store
    runs: list[Run] = []
    for run_id in compared():
        try:
            runs.append(store.run(run_id))
        except NotFound:
            _choose([one for one in compared() if one != run_id])
    if not runs:
        return
    if len(runs) == 1:
        st.info(said("Tick a second run to see the two side by side."), icon=":material/compare_arrows:")
        return
    with st.container(border=True):
        for column, run in zip(st.columns(2, gap="medium"), runs, strict=True):
            with column:
                _one(run)
        st.button(said("Close the comparison"), key="close-comparison", on_click=_choose, args=([],))


def _one(run: Run) -> None:
    chains = recorded_chains(run)
    st.markdown(f"**{escaped(run.problem.label)}**  \n{shape(run.config)}, {models_named(run.config)}")
    lines = correctness_data(chains, run=run.id)
    picture = correctness_figure(lines, theme())
    # Half a page is too narrow for a number at every point; they stand in the hover text.
    picture.update_traces(mode="lines+markers", selector={"mode": "lines+markers+text"})
    if run.config.t <= 12:
        picture.update_traces(marker_size=16, textfont_size=11, selector={"mode": "markers+text"})
    else:
        picture.update_traces(
            mode="markers", marker_size=max(3, 150 // run.config.t), selector={"mode": "markers+text"}
        )
    show(lines, picture, key=f"compare-correctness-{run.id}", run=run.id)
    board = board_data(chains, revision=run.id)
    show(board, board_figure(board, theme()), key=f"compare-board-{run.id}", run=run.id)
    page_link("population", run.id, said("Population"))
