"""The form for a new run: problem, model, strategy, what it will cost, start. Knows no engine."""

from __future__ import annotations

import threading

import streamlit as st

from pages.parts.frame import look_at, the_service
from pages.parts.keys import remember_key
from pages.parts.words import count, escaped, generations, large
from rsa_viz.core.errors import InvalidInput, StoreError
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import ModelChoice, RunConfig, RunStatus
from rsa_viz.core.strategies import STRATEGIES, Strategy
from rsa_viz.service import Service
from rsa_viz.tasks import TASKS, find_task, opening_problem

BUNDLED, OWN = "A bundled problem", "Your own question"
ANOTHER = "another"
WHATS = {"n": "Population N", "k": "Aggregation K", "t": "Generations T"}
HELP = {
    "n": "Chains in every generation.",
    "k": "Parents that each child reads. The step from 1 to 2 gains most.",
    "t": "Generations, the first one included: T generations are T − 1 aggregations.",
}
WARM_UP_AFTER_S = 3.0
LARGEST = {"n": 4096, "k": 4096, "t": 1000}


def new_run() -> None:
    """Draw the form; on start, store the run, start it and look at it."""
    service = the_service()
    st.title("Watch reasoning evolve")
    st.markdown(
        "Ask a model one question many times. Then let each new answer read a few earlier ones and write a better one."
    )
    _running(service)
    left, right = st.columns(2, gap="large")
    with left:
        problem = _problem()
    with right:
        model, api_key, concurrency = _model(service)
        strategy = _strategy()
        shape = _shape(strategy)
        cost_and_start = st.container()  # above the settings that it depends on
        settings = _settings(concurrency)
        with cost_and_start:
            _start(service, problem, model, api_key, strategy, shape, settings)
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
            st.text(f"Running now: {run.problem.label}, {run.done + run.failed:,} of {run.calls:,} calls")
            if st.button("Watch", key=f"watch-{run.id}", icon=":material/visibility:"):
                look_at(run.id)
                st.rerun()


def _problem() -> Problem | None:
    source = st.segmented_control("Problem", [BUNDLED, OWN], default=BUNDLED, required=True, key="problem-source")
    if source == OWN:
        return _own_problem()
    bundled = [problem for task in TASKS.values() for problem in task.problems()]
    problem = st.selectbox(
        "Bundled problem",
        bundled,
        index=bundled.index(opening_problem()),
        format_func=lambda one: one.label,
        key="bundled",
        label_visibility="collapsed",
    )
    if problem is not None:
        with st.container(border=True):
            st.text(problem.question)  # not st.code: its highlighter is 1.5 MB on the way to the first page
        st.caption(find_task(problem.task).title + ("" if problem.gold else "; no gold answer"))
    return problem


def _own_problem() -> Problem | None:
    tasks = list(TASKS)
    task = st.segmented_control(
        "Kind",
        tasks,
        default="text" if "text" in tasks else tasks[0],
        required=True,
        format_func=lambda name: find_task(name).title,
        key="own-task",
        label_visibility="collapsed",
    )
    question = st.text_area(
        "Question",
        height=220,
        key="own-question",
        placeholder="Work modulo 97.\na = 12\nb = 45\nc = a * b\nWhat is c?"
        if task == "program"
        else "How many positive integers below 100 are divisible by 6 or by 8?",
    )
    gold = st.text_input(
        "Gold answer (optional)", key="own-gold", help="Without one, every verdict is unknown, never wrong."
    )
    if not question.strip():
        st.caption("Write a question to go on.")
        return None
    return Problem(task=str(task), question=question, gold=gold.strip() or None)


def _model(service: Service) -> tuple[ModelChoice | None, str | None, int]:
    endpoints = {endpoint.name: endpoint for endpoint in service.endpoints}
    name = st.selectbox(
        "Model",
        [*endpoints, ANOTHER],
        format_func=lambda one: endpoints[one].title if one in endpoints else "Another model …",
        key="model",
    )
    if name != ANOTHER:
        endpoint = endpoints[name]
        if endpoint.note:
            st.caption(endpoint.note)
        elif endpoint.choice.simulated:
            st.caption("A simulation, no language model: it runs here, at once, without a key or a server.")
        return endpoint.choice, None, endpoint.concurrency
    model = st.text_input(
        "LiteLLM name",
        key="other-model",
        placeholder="hosted_vllm/Qwen/Qwen3-4B",
        help="provider/model, as LiteLLM has it",
    )
    base = st.text_input("Server address (api_base)", key="other-base", placeholder="http://localhost:8000/v1")
    key = st.text_input(
        "API key",
        key="other-key",
        type="password",
        autocomplete="off",
        help="Kept in memory for this run only; never stored, never taken from the server's environment.",
    )
    if not model.strip():
        st.caption("Give the model's name to go on.")
        return None, None, 16
    return ModelChoice(model.strip(), api_base=base.strip() or None), key or None, 16


def _strategy() -> Strategy:
    name = st.selectbox(
        "Strategy",
        list(STRATEGIES),
        format_func=lambda one: STRATEGIES[one].title,
        key="strategy",
    )
    strategy = STRATEGIES[name]
    st.caption(strategy.summary)
    return strategy


def _shape(strategy: Strategy) -> dict[str, int]:
    values = {"n": 16, "k": 4, "t": 10}
    used = [knob for knob in values if knob in strategy.uses]
    for column, knob in zip(st.columns(len(used)), used, strict=True):
        values[knob] = column.number_input(
            WHATS[knob],
            min_value=1,
            max_value=LARGEST[knob],
            value=values[knob],
            step=1,
            key=f"knob-{knob}",
            help=HELP[knob],
            persist_state="session",
        )
    return values


def _settings(concurrency: int) -> dict[str, int | float]:
    with st.expander("Advanced", icon=":material/tune:"):
        left, right = st.columns(2)
        temperature = left.number_input("Temperature", 0.0, 2.0, 1.0, 0.1, key="temperature")
        max_tokens = right.number_input("Max tokens an answer", 1, 10_000_000, 8192, key="max-tokens")
        seed = left.number_input("Seed", 0, 2**53 - 1, 0, key="seed", help="The same seed draws the same genealogy.")
        calls = right.number_input("Calls at the same time", 1, 4096, concurrency, key=f"concurrency-{concurrency}")
        timeout = left.number_input("Time-out without a token, s", 1, 86_400, 120, key="timeout")
    return {
        "temperature": temperature,
        "max_tokens": max_tokens,
        "seed": seed,
        "concurrency": calls,
        "timeout_s": float(timeout),
    }


def _start(
    service: Service,
    problem: Problem | None,
    model: ModelChoice | None,
    api_key: str | None,
    strategy: Strategy,
    shape: dict[str, int],
    settings: dict[str, int | float],
) -> None:
    config, refused = None, None
    if model is not None:
        try:
            config = RunConfig(model=model, strategy=strategy.name, **shape, **settings)  # type: ignore[arg-type]
            if problem is not None:
                _foresee(service, problem, config)
        except InvalidInput as error:
            refused = str(error)
    if refused:
        st.error(escaped(refused), icon=":material/error:")
    if model is not None and model.simulated and problem is not None and problem.task != "program":
        st.warning("The synthetic reasoner works on programs only; it will give no answer to this question.")
    ready = config is not None and problem is not None and refused is None
    if st.button(
        "Start", type="primary", icon=":material/play_arrow:", width="stretch", disabled=not ready, key="start"
    ):
        try:
            run = service.create(problem, config)
            remember_key(run.id, api_key)
            look_at(run.id)
            service.start(run.id, api_key=api_key)
        except (InvalidInput, StoreError) as error:
            st.error(escaped(str(error)), icon=":material/error:")
        else:
            st.rerun()


def _foresee(service: Service, problem: Problem, config: RunConfig) -> None:
    find_task(problem.task).check(problem)
    seen = service.foresee(problem, config)
    basis = (
        f"from {count(seen.measured, 'chain')} recorded of this model"
        if seen.measured
        else "at most: no answer of this model is recorded yet"
    )
    st.markdown(
        f"**{count(seen.calls, 'call')}, {generations(seen.generations)}**, {count(seen.links, 'parent link')}  \n"
        f"about {large(seen.tokens_in)} tokens in, {large(seen.tokens_out)} out, "
        f"longest prompt about {large(seen.longest_prompt)} :small[({basis})]"
    )
