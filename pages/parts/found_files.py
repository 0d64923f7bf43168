"""Files made of all the runs that the search finds: parquet tables, and training data with their options."""

from __future__ import annotations

import io

import streamlit as st

from pages.parts.frame import the_service
from pages.parts.spoken import said, told
from pages.parts.words import escaped
from rsa_viz.analysis.telling import counted
from rsa_viz.core.errors import InvalidInput, NotFound, StoreError
from rsa_viz.service import Recipe, Written, chosen_runs, write_training, zip_tables

NAMED = 8  # runs left out, or problems with fewer prompts, that are named
MADE = "training-made"


def found_files(search: str) -> None:
    """Offer the files of the runs that ``search`` finds; empty finds all."""
    number = the_service().store.count_runs(search)
    if not number:
        return
    runs = counted(number, "run")
    title = (
        said(f"Tables and training data of the {runs} found")
        if search
        else said(f"Tables and training data of all {runs}")
    )
    with st.expander(title, icon=":material/dataset:"):
        st.markdown(
            said("**Tables** of runs, chains, links and asides: parquet files in a ZIP, for pandas, DuckDB or R.")
        )
        st.download_button(
            said("Tables"),
            data=lambda: _tables(search),
            file_name="rsa_viz.parquet.zip",
            mime="application/zip",
            key="tables-of-found",
            on_click="ignore",
        )
        st.divider()
        _training(search)


def _tables(search: str) -> bytes:
    store, out = the_service().store, io.BytesIO()
    zip_tables(store, chosen_runs(store, search=search), out)
    return out.getvalue()


def _training(search: str) -> None:
    st.markdown(
        said(
            "**Training data**: prompts that ask a model to aggregate K recorded chains, and standard prompts beside "
            "them, with the gold answer, in verl's schema. Runs without a gold answer are left out."
        )
    )
    with st.form("training", border=False):
        left, right = st.columns(2, gap="medium")
        with left:
            k = st.number_input(said("K, candidates a prompt"), 1, 64, 4)
            t = st.number_input(
                said("Generation that they come from"), 1, 1000, 1, help=said("1: samples of the question alone.")
            )
            prompts = st.number_input(said("Aggregation prompts a problem, at most"), 1, 10_000, 4)
        with right:
            standard = st.number_input(said("Standard prompts, % of all"), 0, 95, 50, 5)
            seed = st.number_input(said("Seed"), 0, 2**53 - 1, 0)
            source = st.text_input(
                "data_source",
                placeholder=said("rsa_viz/ and the task"),
                help=said("The name that your reward function knows."),
            )
        dropped = st.pills(
            said("Groups that are not used"),
            ["all right", "all wrong"],
            selection_mode="multi",
            format_func=said,
            help=said(
                "Groups of candidates with one verdict teach little about choosing; another group is drawn instead."
            ),
        )
        sent = st.form_submit_button(said("Make the file"))
    if sent:
        try:
            recipe = Recipe(
                k=int(k),
                t=int(t),
                prompts=int(prompts),
                standard=standard / 100,
                drop_all_right="all right" in dropped,
                drop_all_wrong="all wrong" in dropped,
                seed=int(seed),
                data_source=source.strip() or None,
            )
            store, out = the_service().store, io.BytesIO()
            written = write_training(store, chosen_runs(store, search=search), recipe, out)
        except (InvalidInput, NotFound, StoreError) as error:
            st.session_state.pop(MADE, None)
            st.error(escaped(str(error)), icon=":material/error:")
            return
        st.session_state[MADE] = search, written, out.getvalue()
    made = st.session_state.get(MADE)
    if made is not None and made[0] == search:
        _made(made[1], made[2])


def _made(written: Written, data: bytes) -> None:
    st.markdown(
        told(
            f"{counted(written.aggregation, 'aggregation prompt')} and {counted(written.standard, 'standard prompt')} "
            f"of {counted(written.problems, 'problem')}."
            + (" Some candidates are simulated: no language model wrote them." if written.simulated else "")
        )
    )
    notes = [said(f"Left out: run {run_id}, {why}.") for run_id, why in written.left_out]
    notes += [said(f"Only {counted(number, 'group')} to be drawn: {label}.") for label, number in written.short]
    for note in notes[:NAMED]:
        st.caption(escaped(note))
    if len(notes) > NAMED:
        st.caption(said(f"And {len(notes) - NAMED:,} more."))
    st.download_button(
        said("Download"),
        data,
        file_name="rsa_viz-training.parquet",
        mime="application/vnd.apache.parquet",
        icon=":material/download:",
        key="training-file",
        on_click="ignore",
    )
