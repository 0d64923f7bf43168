"""The settings of a run, of one problem or of many: model, strategy, N, K and T, and the rest. Knows no engine."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.own_model import ANOTHER, own_model
from pages.parts.prompt_sets import choose_prompts
from pages.parts.run_options import run_options
from pages.parts.spoken import said
from pages.parts.words import model_note, model_title
from rsa_viz.core.errors import InvalidInput
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PromptSet
from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.core.strategies import STRATEGIES, Strategy
from rsa_viz.service import Keys, Service
from rsa_viz.service.models import proposed

MODEL, _PROPOSED = "model", "model-proposed-for"
WHATS = {"n": "Population N", "k": "Aggregation K", "t": "Generations T"}
HELP = {
    "n": "Chains in every generation.",
    "k": "Parents that each child reads. The step from 1 to 2 gains most.",
    "t": "Generations, the first one included: T generations are T − 1 aggregations.",
}
LARGEST = {"n": 4096, "k": 4096, "t": 1000}


@dataclass(frozen=True, slots=True)
class Form:
    """What was chosen. ``keys`` are those that were typed for models of one's own. ``config`` is None while a part is
    missing or out of range; then ``refused`` may say why.

    ``prompts`` is None while an edited prompt set is not saved. ``place`` is where cost and start button belong: above
    the settings that they depend on.
    """

    model: ModelChoice | None
    keys: Keys
    config: RunConfig | None
    prompts: PromptSet | None
    refused: str
    place: DeltaGenerator


def run_form(service: Service, problem: Problem | None) -> Form:
    """Draw the form; ``problem`` is what the prompts are shown with."""
    _propose(service, problem)
    model, api_key, concurrency = _model(service)
    strategy = _strategy()
    shape = _shape(strategy)
    place = st.container()
    options, aggregator = run_options(int(dict(strategy.fixed).get("t", shape["t"])), service, model)
    with st.expander(said("Advanced"), icon=":material/tune:"):
        settings = _settings(min(concurrency, aggregator.concurrency or concurrency))
        prompts = choose_prompts(service, problem)
    config, refused = None, ""
    if model is not None and not aggregator.missing:
        try:
            config = RunConfig(model=model, strategy=strategy.name, **shape, **settings, **options)  # type: ignore[arg-type]
        except InvalidInput as error:
            refused = str(error)
    if prompts is None:
        refused = refused or said("The prompts were changed. Save them as a new version, or switch Edit off.")
    return Form(model, Keys(api_key, aggregator.api_key), config, prompts, refused, place)


def _propose(service: Service, problem: Problem | None) -> None:
    """Choose the model beforehand, and again when a problem comes that the chosen one cannot answer. What is chosen
    after that stays."""
    if problem is None:
        return
    endpoints = {endpoint.name: endpoint for endpoint in service.endpoints}
    came = st.session_state.get(_PROPOSED) != problem.task
    st.session_state[_PROPOSED] = problem.task
    chosen = st.session_state.get(MODEL)
    knows = endpoints[chosen].choice.only_task if chosen in endpoints else None
    if chosen is None or (came and knows not in (None, problem.task)):
        st.session_state[MODEL] = proposed(problem.task, service.endpoints).name


def _model(service: Service) -> tuple[ModelChoice | None, str | None, int]:
    endpoints = {endpoint.name: endpoint for endpoint in service.endpoints}
    name = st.selectbox(
        said("Model"),
        [*endpoints, ANOTHER] if service.access.addresses else list(endpoints),
        format_func=lambda one: model_title(endpoints[one]) if one in endpoints else said("Another model …"),
        key=MODEL,
    )
    if name != ANOTHER:
        endpoint = endpoints[name]
        if endpoint.note:
            st.caption(model_note(endpoint))
        elif endpoint.choice.simulated:
            st.caption(said("A simulation, no language model: it runs here, at once, without a key or a server."))
        return endpoint.choice, None, endpoint.concurrency
    return (*own_model("other"), 16)


def _strategy() -> Strategy:
    name = st.selectbox(
        said("Strategy"),
        list(STRATEGIES),
        format_func=lambda one: said(STRATEGIES[one].title),
        key="strategy",
    )
    strategy = STRATEGIES[name]
    st.caption(said(strategy.summary))
    return strategy


def _shape(strategy: Strategy) -> dict[str, int]:
    values = {"n": 16, "k": 4, "t": 10}
    used = [knob for knob in values if knob in strategy.uses]
    for column, knob in zip(st.columns(len(used)), used, strict=True):
        values[knob] = column.number_input(
            said(WHATS[knob]),
            min_value=1,
            max_value=LARGEST[knob],
            value=values[knob],
            step=1,
            key=f"knob-{knob}",
            help=said(HELP[knob]),
            persist_state="session",
        )
    return values


def _settings(concurrency: int) -> dict[str, int | float]:
    left, right = st.columns(2)
    temperature = left.number_input(said("Temperature"), 0.0, 2.0, 1.0, 0.1, key="temperature")
    max_tokens = right.number_input(said("Max tokens an answer"), 1, 10_000_000, 8192, key="max-tokens")
    seed = left.number_input(
        said("Seed"), 0, 2**53 - 1, 0, key="seed", help=said("The same seed draws the same genealogy.")
    )
    calls = right.number_input(said("Calls at the same time"), 1, 4096, concurrency, key=f"concurrency-{concurrency}")
    timeout = left.number_input(said("Time-out without a token, s"), 1, 86_400, 120, key="timeout")
    return {
        "temperature": temperature,
        "max_tokens": max_tokens,
        "seed": seed,
        "concurrency": calls,
        "timeout_s": float(timeout),
    }
