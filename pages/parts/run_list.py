"""The list of runs, newest first, and what can be done with one. Knows no engine."""

from __future__ import annotations

import streamlit as st

from pages.parts.comparison import compare_box
from pages.parts.foreign import foreign_text
from pages.parts.frame import go_to, may_change, the_service
from pages.parts.ruled import ruled_mark
from pages.parts.run_actions import offer_actions, run_actions
from pages.parts.spoken import said
from pages.parts.words import STATUS_ICONS, ago, duration, escaped, models_named, shape
from rsa_viz.analysis.generations import Generation, by_generation
from rsa_viz.analysis.telling import counted
from rsa_viz.core.errors import InvalidBundle, StoreError
from rsa_viz.core.ruling import RulingCount
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.core.strategies import find_strategy

A_PAGE = 15


def run_list() -> None:
    """Draw the runs that the search finds, a page at a time."""
    store = the_service().store
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    search = left.text_input(
        said("Search"),
        key="search",
        placeholder=said("question, model, strategy, note or id"),
        icon=":material/search:",
    )
    found = store.count_runs(search)
    pages = max(1, -(-found // A_PAGE))
    page = right.number_input(said("Page"), 1, pages, 1, key=f"page-of-{search}") if pages > 1 else 1
    runs = counted(found, "run")
    st.caption(said(f"{runs}, page {page} of {pages}") if pages > 1 else said(runs))
    runs_here = store.runs(search=search, limit=A_PAGE, offset=(page - 1) * A_PAGE)
    ruled = store.ruling_counts(run.id for run in runs_here)
    for run in runs_here:
        _row(run, ruled.get(run.id))
    run_actions()


def _row(run: Run, ruled: RulingCount | None) -> None:
    with st.container(border=True, key=f"row-{run.id}"):
        words, numbers, buttons = st.columns([4, 3, 4], vertical_alignment="center")
        with words:
            st.markdown(f"**{escaped(run.problem.label)}**  \n{_facts(run)}")
            if run.note:
                foreign_text(run.note)
        with numbers:
            st.markdown(f"{_correctness(run)}  \n{_state(run)}")
            if ruled:
                st.markdown(ruled_mark(run.id, ruled), unsafe_allow_html=True)
        with buttons, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
            compare_box(run)
            if st.button(said("Open"), key=f"open-{run.id}", icon=":material/open_in_new:"):
                go_to("run", run.id)
            st.button(
                said("More"),
                key=f"more-{run.id}",
                icon=":material/more_horiz:",
                help=said("Note, export, delete" if may_change() else "Export"),
                on_click=offer_actions,
                args=(run.id,),
            )


def _facts(run: Run) -> str:
    config = run.config
    strategy, seed = said(find_strategy(config.strategy).title), said(f"seed {config.seed}")
    return said(", ").join((strategy, shape(config), models_named(config), seed))


def _state(run: Run) -> str:
    if run.status is not RunStatus.DONE:
        words = said(f"{run.status.value}, {run.done + run.failed:,} of {run.calls:,}, {ago(run.created_at)}")
    elif run.started_at and run.ended_at:
        words = said(f"done in {duration(run.ended_at - run.started_at)}, {ago(run.created_at)}")
    else:
        words = said(f"done, {ago(run.created_at)}")
    return f"{STATUS_ICONS[run.status]} {words}"


def _correctness(run: Run) -> str:
    if not run.done:
        return said("nothing done yet")
    first, last = ends(run)
    if run.config.t == 1:
        return f"{said('Right')} {_share(first)}"
    return f"{said('Right')} {_share(first)} → {_share(last)}"


def _share(row: Generation | None) -> str:
    if row is None or not row.done:
        return "…"
    judged = row.right + row.wrong
    return f"**{row.right}/{judged}**" if judged else said("unknown")


def ends(run: Run) -> tuple[Generation | None, Generation | None]:
    """The first and the last generation of a run in numbers, read once a change; None where nothing has begun."""
    return _ends(str(the_service().store.path), run.id, run.config.t, run.revision)


@st.cache_resource(max_entries=500, show_spinner=False)
def _ends(path: str, run_id: str, last: int, revision: int) -> tuple[Generation | None, Generation | None]:
    del path, revision  # they tell the cached answers apart
    store = the_service().store
    found = [by_generation(store.chains(run_id, t=t)) for t in (1, last)]
    first_row, last_row = (rows[0] if rows else None for rows in found)
    return first_row, last_row


def import_runs() -> None:
    """Upload a bundle that ``export`` wrote."""
    if not may_change():
        return
    with st.expander(said("Import a run"), icon=":material/upload:"):
        with st.form("import", border=False, clear_on_submit=True):
            uploaded = st.file_uploader(said("Bundle (.jsonl)"), type=["jsonl"], key="bundle")
            sent = st.form_submit_button(said("Import"))
        if not sent:
            return
        if uploaded is None:
            st.error(said("Choose a .jsonl file first; Export writes one."), icon=":material/error:")
            return
        try:
            imported = the_service().import_run(uploaded.getvalue())
        except (InvalidBundle, StoreError) as error:
            st.error(escaped(str(error)), icon=":material/error:")
            return
        st.session_state["imported"] = imported.run_id, imported.created
        st.rerun()


def imported_notice() -> None:
    """Say once what the last import did."""
    if "imported" in st.session_state:
        run_id, created = st.session_state.pop("imported")
        st.toast(said(f"Imported run {run_id}." if created else f"Run {run_id} was here already; nothing changed."))
