"""Ask the audience for a question and run it: a form with only the question, everything else as in the run in view.

Knows no engine.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.parts.frame import look_at, may_change, the_service
from pages.parts.keys import remember_key, remembered_key
from pages.parts.spoken import said
from pages.parts.watched import leave_recording
from pages.parts.words import escaped, foreseen
from rsa_viz.analysis.telling import shape
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import Run, RunConfig
from rsa_viz.core.strategies import LEAVE_ONE_OUT

_ASKING, _TYPED = "stage-asking", "stage-question"


def asking() -> bool:
    """Whether the form is open."""
    return bool(st.session_state.get(_ASKING))


def stop_asking() -> None:
    """Close the form."""
    st.session_state[_ASKING] = False


def ask_audience(run: Run | None) -> None:
    """Draw the form; what is started has the model, the numbers and the prompts of ``run``, or the form's own first
    choices without one."""
    if not may_change():
        return
    service = the_service()
    config = RunConfig(service.endpoints[0].choice) if run is None else run.config
    if config.strategy == LEAVE_ONE_OUT.name:
        config = RunConfig(config.model)
    prompts = PLAIN if run is None else run.prompts
    st.text_area(said("The question"), key=_TYPED, height=150, placeholder=said("What does the audience want to know?"))
    question = str(st.session_state.get(_TYPED) or "")
    if config.model.simulated:
        st.warning(
            said(
                "The synthetic reasoner works on programs only; it will give no answer to a question in words. Look at "
                "a run of a language model first: the question is asked of the same one."
            )
        )
    st.markdown(said(f"Asked of {escaped(config.model.model)}, {shape(config)}."))
    problem = None
    if question.strip():
        problem = Problem("text", question.strip())
        try:
            st.markdown(foreseen([service.foresee(problem, config, prompts)]))
        except InvalidInput as error:
            st.error(escaped(str(error)), icon=":material/error:")
            problem = None
    if st.button(
        said("Start"), type="primary", icon=":material/play_arrow:", disabled=problem is None, key="stage-start"
    ):
        assert problem is not None
        try:
            made = service.create(problem, replace(config), prompts=prompts)
            key = None if run is None else remembered_key(run.id)
            remember_key(made.id, key)
            service.start(made.id, api_key=key)
        except (InvalidInput, StoreError) as error:
            st.error(escaped(str(error)), icon=":material/error:")
            return
        stop_asking()
        leave_recording()
        st.query_params.pop("t", None)
        look_at(made.id)
        st.rerun()
