"""Which model writes the children of a run, where it is another one than that of the samples. Knows no engine."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.parts.own_model import ANOTHER, own_model
from pages.parts.spoken import said
from pages.parts.words import model_title
from rsa_viz.core.run import ModelChoice
from rsa_viz.service import Service

AGGREGATOR, SAME = "aggregator", "same"
HELP = (
    "The model chosen above writes the first generation and every fresh chain; this one writes the children, which "
    "read them. Each has its own price and its own context."
)


@dataclass(frozen=True, slots=True)
class Aggregator:
    """What was chosen: nothing where the model itself aggregates. ``missing`` says that a model of one's own is not
    named yet; ``concurrency`` is how many calls its endpoint should be sent at a time, None where nobody said."""

    choice: ModelChoice | None = None
    api_key: str | None = None
    concurrency: int | None = None
    missing: bool = False


def choose_aggregator(service: Service, model: ModelChoice | None) -> Aggregator:
    """Draw the choice; ``model`` is that of the samples, which is not offered."""
    endpoints = {one.name: one for one in service.endpoints if model is None or one.choice.served != model.served}
    offered = [SAME, *endpoints, *([ANOTHER] if service.access.addresses else [])]
    if st.session_state.get(AGGREGATOR) not in offered:  # the model of the samples was changed to it
        st.session_state[AGGREGATOR] = SAME
    names = {SAME: said("The same model"), ANOTHER: said("Another model …")}
    name = st.selectbox(
        said("Another model aggregates"),
        offered,
        format_func=lambda one: names.get(one) or model_title(endpoints[one]),
        key=AGGREGATOR,
        help=said(HELP),
    )
    if name == SAME:
        return Aggregator()
    if name in endpoints:
        return Aggregator(endpoints[name].choice, concurrency=endpoints[name].concurrency)
    choice, key = own_model("aggregator")
    return Aggregator(choice, key, missing=choice is None)
