"""What is said before a run is started: whether its prompts fit the model's context, and what it will cost in money."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.spoken import said, told
from pages.parts.words import escaped
from rsa_viz.core.fitting import fit
from rsa_viz.core.foresight import Foresight
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import RunConfig
from rsa_viz.service import Service


def before_start(service: Service, config: RunConfig, costs: Sequence[Foresight]) -> None:
    """Draw the money, and a warning where a prompt may be too long; nothing for what runs in this process."""
    if config.model.embedded or not costs:
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


def warn_unanswered(service: Service, config: RunConfig, problems: Sequence[Problem]) -> None:
    """Warn of problems that a model with one talent will give no answer to."""
    whys = [why for problem in problems if (why := service.models.refusal(config, problem)) is not None]
    known = config.model.only_task
    others = sum(problem.task != known for problem in problems)
    if not whys:
        return
    if not others:
        says = escaped(whys[0])
        st.warning(
            said(f"The tiny model will give no answer to this question. It says: {says}.")
            if len(problems) == 1
            else said(f"The tiny model will give no answer to {len(whys):,} of these questions. It says: {says}.")
        )
    elif len(problems) == 1 and config.model.simulated:
        st.warning(said("The synthetic reasoner works on programs only; it will give no answer to this question."))
    elif len(problems) == 1:
        st.warning(said("The tiny model knows missing operations only; it will give no answer to this question."))
    elif config.model.simulated:
        st.warning(
            said(
                f"The synthetic reasoner works on programs only; it will give no answer to {others:,} of these "
                "questions."
            )
        )
    else:
        st.warning(
            said(
                f"The tiny model knows missing operations only; it will give no answer to {others:,} of these "
                "questions."
            )
        )


def money(service: Service, config: RunConfig, costs: Sequence[Foresight]) -> str:
    """What the foreseen tokens cost, as one sentence."""
    price = service.models.price(config.model)
    if price is None:
        return said("What it costs in money is unknown: its endpoint has no price.")
    amount = price.of(sum(one.tokens_in for one in costs), sum(one.tokens_out for one in costs))
    return said(f"About {price.in_words(amount)}, if no call has to be tried again.")
