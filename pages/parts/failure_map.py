"""All finished runs on one map: the right share at the start against that in the end. A click opens the run."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts.frame import look_at, show, simulation_notice, the_service, theme
from pages.parts.ruled import rulings_notice
from pages.parts.spoken import said
from pages.parts.words import shape
from rsa_viz.analysis.generations import Generation, by_generation
from rsa_viz.analysis.telling import counted
from rsa_viz.core.run import Run, RunStatus
from rsa_viz.core.strategies import MADE_FROM_RUNS
from rsa_viz.figures.fates import RunEnds, fates_data, fates_figure

NEWEST = 400  # finished runs that are put on the map


def failure_map(run: Run) -> None:
    """Draw the map; the run in view is the larger dot."""
    store = the_service().store
    runs = [
        one
        for one in store.runs(limit=NEWEST)
        if one.status is RunStatus.DONE and one.config.strategy not in MADE_FROM_RUNS  # those answer nothing
    ]
    if not run.config.simulated:
        simulation_notice(runs)
    rulings_notice([one.id for one in runs])
    data = fates_data([_ends_of(one) for one in runs], run.id)
    show(data, fates_figure(data, theme()), key="fates", run="", on_mark=_open)
    older = store.count_runs() - NEWEST
    if older > 0:
        st.caption(said(f"Of the newest {NEWEST} runs; {counted(older, 'older run')} not looked at."))


def _open(mark: list[Any]) -> None:
    """Look at the run whose dot was clicked, from its beginning."""
    for name in list(st.query_params):
        del st.query_params[name]
    look_at(str(mark[0]))


def _ends_of(run: Run) -> RunEnds:
    first, last = _ends(str(the_service().store.path), run.id, run.config.t, run.revision)
    models = " + ".join(one.model for one in run.config.models)
    return RunEnds(run.id, f"{run.problem.label} · {shape(run.config)} · {models}", run.config.t, first, last)


@st.cache_resource(max_entries=4 * NEWEST, show_spinner=False)
def _ends(path: str, run_id: str, t: int, revision: int) -> tuple[tuple[int, int], tuple[int, int]]:
    del path, revision  # they tell the cached answers apart
    store = the_service().store
    first, last = (by_generation(store.chains(run_id, t=one)) for one in (1, t))
    return _judged(first), _judged(last)


def _judged(rows: tuple[Generation, ...]) -> tuple[int, int]:
    return (rows[0].right, rows[0].right + rows[0].wrong) if rows else (0, 0)
