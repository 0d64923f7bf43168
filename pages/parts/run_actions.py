"""Note, export and delete: what can be done with one run of the list. Knows no file format."""

from __future__ import annotations

import io

import streamlit as st

from pages.parts.foreign import foreign_text
from pages.parts.frame import may_change, the_service
from pages.parts.spoken import said
from pages.parts.words import escaped
from rsa_viz.core.errors import NotFound, StoreError
from rsa_viz.core.run import Run
from rsa_viz.service import FORMATS, file_ending

MIMES = {
    "jsonl": "application/jsonl",
    "graphml": "application/xml",
    "gexf": "application/xml",
    "csv": "text/csv",
    "html": "text/html",
    "evolution": "text/html",
    "parquet": "application/zip",
}
SAYS = {
    "jsonl": "JSONL: everything; imports again",
    "graphml": "GraphML: the genealogy as a graph",
    "gexf": "GEXF: the genealogy for Gephi",
    "csv": "CSV: one row a chain",
    "html": "HTML: facts, figures and every chain in one file to read and hand out; opens without network",
    "evolution": "Evolution: the population's board as an animated HTML file; opens without network",
    "parquet": "Parquet: the tables of runs, chains, links and asides, in a ZIP",
}


IN_VIEW = "actions-of"


def offer_actions(run_id: str) -> None:
    """Open the dialog on this run, until it is dismissed."""
    st.session_state[IN_VIEW] = run_id


def _dismissed() -> None:
    st.session_state.pop(IN_VIEW, None)


def run_actions() -> None:
    """Draw the dialog over the list while it is open."""
    run_id = st.session_state.get(IN_VIEW)
    if run_id is None:
        return
    try:
        run = the_service().store.run(run_id)
        st.dialog(said("Run"), width="medium", on_dismiss=_dismissed)(_dialog)(run)
    except NotFound:
        _dismissed()


def _dialog(run: Run) -> None:
    st.markdown(f"**{escaped(run.problem.label)}**  \n{said(f'run {run.id}')}")
    if may_change():
        _note(run)
        st.divider()
    elif run.note:
        foreign_text(run.note)
    _export(run)
    if may_change():
        st.divider()
        _delete(run)


def _note(run: Run) -> None:
    note = st.text_area(said("Note"), run.note, key=f"note-{run.id}", height=90)
    if st.button(said("Save note"), key=f"save-note-{run.id}", disabled=note == run.note):
        try:
            the_service().store.set_note(run.id, note)
        except (NotFound, StoreError) as error:
            st.error(escaped(str(error)), icon=":material/error:")
        else:
            _dismissed()
            st.rerun()


def _export(run: Run) -> None:
    st.markdown(f"**{said('Export')}**")
    with st.container(horizontal=True):
        for format in FORMATS:
            st.download_button(
                format,
                data=lambda format=format: _written(run.id, format),
                file_name=f"{run.id}.{file_ending(format)}",
                mime=MIMES.get(format),
                key=f"export-{format}-{run.id}",
                help=said(SAYS[format]) if format in SAYS else None,
                on_click="ignore",
            )


def _written(run_id: str, format: str) -> bytes:
    out = io.BytesIO()
    the_service().export(run_id, format, out)
    return out.getvalue()


def _delete(run: Run) -> None:
    sure = st.checkbox(said("Delete this run with all its chains for good"), key=f"sure-{run.id}")
    if st.button(said("Delete"), key=f"delete-{run.id}", icon=":material/delete:", disabled=not sure):
        try:
            the_service().store.delete_run(run.id)
        except (NotFound, StoreError) as error:
            st.error(escaped(str(error)), icon=":material/error:")
            return
        if st.session_state.get("run") == run.id:
            del st.session_state["run"]
        _dismissed()
        st.rerun()
