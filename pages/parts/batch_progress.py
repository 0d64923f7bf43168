"""A batch as it goes: which runs are done, which one runs, which are left. Reads the store, so all browsers agree."""

from __future__ import annotations

import streamlit as st

from pages.parts.frame import go_to, may_change, simulation_notice
from pages.parts.guarded import guarded
from pages.parts.keys import ask_for_keys, remember_keys, remembered_keys, typed_keys
from pages.parts.run_list import ends
from pages.parts.spoken import said
from pages.parts.words import STATUS_ICONS, escaped
from rsa_viz.analysis.telling import counted
from rsa_viz.core.errors import InvalidInput, NotFound, StoreError
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.service import Batch, Service, unfinished_batches

LOOK_EVERY_S = 2.0
PARAMETER = "batch"
OFFERED = 3  # unfinished batches that are offered


def look_at_batch(name: str | None) -> None:
    """Put a batch into the URL, or take it out."""
    if name is None:
        st.query_params.pop(PARAMETER, None)
    else:
        st.query_params[PARAMETER] = name


def batch_in_view(service: Service) -> None:
    """Draw the batch that the URL names; without one, offer those that are not done."""
    name = st.query_params.get(PARAMETER)
    if name:
        batch = service.batch(name)
        if batch.runs:
            live = bool(batch.left) and (_running(batch) is not None or bool(service.waiting))
            st.fragment(guarded(_progress), run_every=LOOK_EVERY_S if live else None)(service, name, live)
            return
        st.error(said(f"There is no batch {escaped(name)} in this database."), icon=":material/search_off:")
        look_at_batch(None)
    for batch in unfinished_batches(service.store)[:OFFERED]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_done(batch))
            icon = ":material/visibility:"
            st.button(said("Look"), key=f"look-{batch.name}", icon=icon, on_click=look_at_batch, args=(batch.name,))


def _done(batch: Batch) -> str:
    done = len(batch.runs) - len(batch.left)
    return said(f"**Batch {batch.name}**: {done:,} of {counted(len(batch.runs), 'run')} done")


def _progress(service: Service, name: str, live: bool) -> None:
    batch = service.batch(name)
    waiting = service.waiting
    running = _running(batch)
    if live and not (batch.left and (running or waiting & {run.id for run in batch.left})):
        st.rerun()  # the whole page: it need not look any more
    with st.container(border=True, key="batch"):
        _head(service, batch, running, waiting)
        simulation_notice(batch.runs)
        _table(batch, waiting)


def _head(service: Service, batch: Batch, running: Run | None, waiting: frozenset[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_done(batch), width="stretch")
        active = running is not None or bool(waiting & {run.id for run in batch.left})
        if running is not None and may_change():
            st.button(
                said("Pause"),
                key="batch-pause",
                icon=":material/pause:",
                help=said("The calls in flight are let finish; the runs after this one stay planned."),
                on_click=_pause,
                args=(service, running.id),
            )
        if batch.left and not active and may_change():
            st.button(
                said("Go on"),
                key="batch-go-on",
                type="primary",
                icon=":material/play_arrow:",
                on_click=_go_on,
                args=(service, batch),
            )
        st.button(said("Close"), key="batch-close", icon=":material/close:", on_click=look_at_batch, args=(None,))
    calls = sum(run.calls for run in batch.runs)
    ended = sum(run.done + run.failed for run in batch.runs)
    st.progress(ended / max(calls, 1), text=said(f"{ended:,} of {counted(calls, 'call')}"))
    if may_change() and batch.left and not active:
        ask_for_keys(batch.left[0], batch.name, said("Kept in memory for these runs only; it was not stored."))
    failed = next((run for run in batch.runs if run.error), None)
    if refused := st.session_state.pop(f"refused-{batch.name}", None) or (failed.error if failed else None):
        st.error(escaped(refused), icon=":material/error:")


def _table(batch: Batch, waiting: frozenset[str]) -> None:
    chosen = st.dataframe(
        {
            "Problem": [run.problem.label for run in batch.runs],
            "State": [_state(run, waiting) for run in batch.runs],
            "Calls": [said(f"{run.done + run.failed:,} of {run.calls:,}") for run in batch.runs],
            "Right, first → last generation": [_right(run) for run in batch.runs],
            "Run": [run.id for run in batch.runs],
        },
        key=f"batch-runs-{batch.name}",
        hide_index=True,
        height="content" if len(batch.runs) <= 8 else 340,
        selection_mode="single-row",
        on_select="rerun",
        column_config={
            "Problem": st.column_config.TextColumn(said("Problem"), width=300),
            "State": said("State"),
            "Calls": said("Calls"),
            "Right, first → last generation": said("Right, first → last generation"),
            "Run": said("Run"),
        },
        alt=said("The batch's runs in their order; tick one to open it."),
    )
    st.caption(said("Tick a run to open it. All of them stand on the Runs page too, found by the batch's name."))
    if rows := chosen["selection"]["rows"]:
        go_to("run", batch.runs[rows[0]].id)


def _state(run: Run, waiting: frozenset[str]) -> str:
    if run.status is RunStatus.PLANNED and run.id in waiting:
        return f"{STATUS_ICONS[run.status]} {said('waiting')}"
    return f"{STATUS_ICONS[run.status]} {said(run.status.value)}"


def _right(run: Run) -> str:
    if not run.done:
        return "–"
    shares = [
        "…" if row is None or not row.done else f"{row.right}/{row.right + row.wrong}" if row.right + row.wrong else "?"
        for row in ends(run)
    ]
    return " → ".join(shares if run.config.t > 1 else shares[:1])


def _running(batch: Batch) -> Run | None:
    return next((run for run in batch.runs if run.status is RunStatus.RUNNING), None)


def _pause(service: Service, run_id: str) -> None:
    service.pause(run_id)


def _go_on(service: Service, batch: Batch) -> None:
    remember_keys(batch.left[0].id, typed_keys(batch.name))
    keys = remembered_keys(batch.left[0].id)
    for run in batch.left:
        remember_keys(run.id, keys)
    try:
        service.start_all([run.id for run in batch.left], api_key=keys.model, aggregator_key=keys.aggregator)
    except (InvalidInput, NotFound, StoreError) as error:
        st.session_state[f"refused-{batch.name}"] = str(error)
