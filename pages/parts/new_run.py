"""The form for a new run: problem, model, strategy, what it will cost, start. Knows no engine."""

from __future__ import annotations

import threading

import streamlit as st

from pages.parts.before_start import before_start, warn_unanswered
from pages.parts.example import offer_example
from pages.parts.foreign import foreign_text
from pages.parts.frame import look_at, may_change, the_service
from pages.parts.keys import remember_keys
from pages.parts.problem_choice import choose_problem
from pages.parts.run_form import Form, run_form
from pages.parts.spoken import said
from pages.parts.words import escaped, foreseen
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import RunStatus
from rsa_viz.service import Service
from rsa_viz.tasks import find_task

WARM_UP_AFTER_S = 3.0
READ_ONLY = "This app only shows what is recorded. Choose a run above, or wait for one to be started elsewhere."


def new_run() -> None:
    """Draw the form; on start, store the run, start it and look at it."""
    service = the_service()
    st.title(said("Watch reasoning evolve"))
    st.markdown(
        said(
            "Ask a model one question many times. "
            "Then let each new answer read a few earlier ones and write a better one."
        )
    )
    _running(service)
    if not may_change():
        st.info(said(READ_ONLY), icon=":material/visibility:")
        return
    if service.store.count_runs() == 0:
        offer_example(service)
    left, right = st.columns(2, gap="large")
    with left:
        problem = choose_problem()
    with right:
        form = run_form(service, problem)
        with form.place:
            _start(service, problem, form)
    _warm_up()


@st.cache_resource(show_spinner=False)
def _warm_up() -> threading.Timer:
    """Once a server, and after the first page has reached its viewer: loading takes seconds of computing time."""
    timer = threading.Timer(WARM_UP_AFTER_S, the_service().warm)
    timer.daemon = True
    timer.start()
    return timer


def _running(service: Service) -> None:
    live = [run for run in service.store.runs(limit=20) if run.status is RunStatus.RUNNING]
    for run in live[:3]:
        with st.container(horizontal=True, vertical_alignment="center"):
            foreign_text(said(f"Running now: {run.problem.label}, {run.done + run.failed:,} of {run.calls:,} calls"))
            if st.button(said("Watch"), key=f"watch-{run.id}", icon=":material/visibility:"):
                look_at(run.id)
                st.rerun()


def _start(service: Service, problem: Problem | None, form: Form) -> None:
    config, prompts, refused = form.config, form.prompts, form.refused
    if config is not None and prompts is not None and problem is not None:
        try:
            find_task(problem.task).check(problem)
            costs = [service.foresee(problem, config, prompts)]
            st.markdown(foreseen(costs))
            before_start(service, config, costs)
            warn_unanswered(service, config, [problem])
        except InvalidInput as error:
            refused = str(error)
    if refused:
        st.error(escaped(refused), icon=":material/error:")
    ready = config is not None and prompts is not None and problem is not None and not refused
    if st.button(
        said("Start"), type="primary", icon=":material/play_arrow:", width="stretch", disabled=not ready, key="start"
    ):
        try:
            run = service.create(problem, config, prompts=prompts)
            remember_keys(run.id, form.keys)
            look_at(run.id)
            service.start(run.id, api_key=form.keys.model, aggregator_key=form.keys.aggregator)
        except (InvalidInput, StoreError) as error:
            st.error(escaped(str(error)), icon=":material/error:")
        else:
            st.rerun()
