"""What is said before a run is started: whether its prompts fit the model's context, and what it will cost in money."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.spoken import said, told
from pages.parts.words import escaped
from rsa_viz.core.fitting import fit
from rsa_viz.core.foresight import Foresight
from rsa_viz.core.run import RunConfig
from rsa_viz.service import Service


def before_start(service: Service, config: RunConfig, costs: Sequence[Foresight]) -> None:
    """Draw the money, and a warning where a prompt may be too long; nothing for a simulation."""
    if config.model.simulated or not costs:
        return
    st.markdown(f":small[{escaped(money(service, config, costs))}]")
    longest = max(costs, key=lambda one: one.longest_prompt)
    context = service.models.context(config.model)
    fitting = fit(longest, config.max_tokens, context)
    if fitting is None:
        words = said("The model's context is unknown: whether the longest prompt fits cannot be foreseen.")
        st.markdown(f":small[{words}]")
    elif fitting.warning:
        st.warning(escaped(told(fitting.warning)), icon=":material/straighten:")


def money(service: Service, config: RunConfig, costs: Sequence[Foresight]) -> str:
    """What the foreseen tokens cost, as one sentence."""
    price = service.models.price(config.model)
    if price is None:
        return said("What it costs in money is unknown: its endpoint has no price.")
    amount = price.of(sum(one.tokens_in for one in costs), sum(one.tokens_out for one in costs))
    return said(f"About {price.in_words(amount)}, if no call has to be tried again.")
