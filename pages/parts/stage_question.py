"""Ask the audience for a question and run it: a form with only the question, everything else as in the run in view.

Knows no engine.
"""

from __future__ import annotations

import streamlit as st

from pages.parts.frame import look_at, may_change, the_service
from pages.parts.keys import remember_keys, remembered_keys
from pages.parts.presenting import SCENE
from pages.parts.spoken import said
from pages.parts.watched import leave_recording
from pages.parts.words import escaped, foreseen, models_named
from rsa_viz.analysis.telling import shape
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN, PromptSet
from rsa_viz.core.run import Run, RunConfig
from rsa_viz.core.strategies import LEAVE_ONE_OUT
from rsa_viz.service import Keys
from rsa_viz.service.models import proposed
from rsa_viz.tasks import opening_problem

QUESTION = "stage-question"  # the key of the field, which gets the cursor
_ASKING, _GOLD = "stage-asking", "stage-gold"


def asking() -> bool:
    """Whether the form is open."""
    return bool(st.session_state.get(_ASKING))


def start_asking() -> None:
    """Open the form."""
    st.session_state[_ASKING] = True


def stop_asking() -> None:
    """Close the form."""
    st.session_state[_ASKING] = False


def ask_audience(run: Run | None) -> None:
    """Draw the form; what is started has the model, the numbers and the prompts of ``run``, or the form's own first
    choices without one."""
    if not may_change():
        return
    service = the_service()
    config = RunConfig(proposed(opening_problem().task, service.endpoints).choice) if run is None else run.config
    if config.strategy == LEAVE_ONE_OUT.name:
        config = RunConfig(config.model)
    prompts = PLAIN if run is None else run.prompts
    example = _example(config, run)
    # A form: what is typed counts as soon as it is sent, with one click or Ctrl+Enter.
    with st.container(key="stage-ask"), st.form("stage-ask-form", border=False):
        st.text_area(
            said("The question"),
            example.question if example else "",
            key=QUESTION,
            height=150 if example is None else 260,
            placeholder=said("What does the audience want to know?"),
        )
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        left.text_input(
            said("Gold answer (optional)"),
            key=_GOLD,
            placeholder=said("Without one, every verdict is unknown, never wrong."),
        )
        sent = right.form_submit_button(
            said("Start"), type="primary", icon=":material/play_arrow:", key="stage-start", width="stretch"
        )
    if config.simulated:
        st.info(said("The synthetic reasoner works on programs only. Let the audience change the numbers of this one."))
    if any(one.tiny for one in config.models):
        st.info(said("The tiny model knows missing operations only. Let the audience change the numbers of these."))
    st.markdown(said(f"Asked of {models_named(config)}, {shape(config)}."))
    like = example or Problem("text", opening_problem().question if run is None else run.problem.question)
    st.markdown(foreseen([service.foresee(like, config, prompts)]))  # the question's own few tokens matter little
    question, gold = (str(st.session_state.get(name) or "").strip() for name in (QUESTION, _GOLD))
    if sent and not question:
        st.error(said("Write a question to go on."), icon=":material/error:")
    elif sent:
        _start(Problem(example.task if example else "text", question, gold or None), config, prompts, run)


def _example(config: RunConfig, run: Run | None) -> Problem | None:
    """The problem that the audience changes, where a model knows one kind only; None for those that read words."""
    task = next((one.only_task for one in config.models if one.only_task is not None), None)
    if task is None:
        return None
    return run.problem if run is not None and run.problem.task == task else opening_problem(task)


def _start(problem: Problem, config: RunConfig, prompts: PromptSet, run: Run | None) -> None:
    service = the_service()
    try:
        made = service.create(problem, config, prompts=prompts)
        keys = Keys() if run is None else remembered_keys(run.id)
        remember_keys(made.id, keys)
        service.start(made.id, api_key=keys.model, aggregator_key=keys.aggregator)
    except (InvalidInput, StoreError) as error:
        st.error(escaped(str(error)), icon=":material/error:")
        return
    stop_asking()
    leave_recording()
    for name in ("t", "chain", SCENE):  # the board of the new run
        st.query_params.pop(name, None)
    look_at(made.id)
    st.rerun()
