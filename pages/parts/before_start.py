"""What is said before a run is started: whether its prompts fit the model's context, and what it will cost in money."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.spoken import said, told
from pages.parts.words import escaped
from rsa_viz.core.foresight import Foresight, together
from rsa_viz.core.problem import Problem
from rsa_viz.core.run import ModelChoice, RunConfig
from rsa_viz.service import Service


def before_start(service: Service, config: RunConfig, costs: Sequence[Foresight]) -> None:
    """Draw the money, and a warning where a prompt may be too long; nothing for what runs in this process."""
    if config.embedded or not costs:
        return
    st.markdown(f":small[{escaped(money(service, config, costs))}]")
    for choice, fitting in service.models.fits(config, together(costs)).items():
        of = f"{escaped(choice.model)}{said(': ')}" if len(config.models) > 1 else ""
        if fitting is None:
            words = said("The model's context is unknown: whether the longest prompt fits cannot be foreseen.")
            st.markdown(f":small[{of}{words}]")
        elif fitting.warning:
            st.warning(f"{of}{escaped(told(fitting.warning))}", icon=":material/straighten:")


def warn_unanswered(service: Service, config: RunConfig, problems: Sequence[Problem]) -> None:
    """Warn of problems that a model with one talent will give no answer to; of two such models, of both."""
    refused = [service.models.refusals(config, problem) for problem in problems]
    said_of: set[str | None] = set()
    for choice in config.models:
        whys = [whys[choice] for whys in refused if choice in whys]
        if whys and choice.only_task not in said_of:
            _warn(choice, whys, problems)
            said_of.add(choice.only_task)


def _warn(choice: ModelChoice, whys: Sequence[str], problems: Sequence[Problem]) -> None:
    others = sum(problem.task != choice.only_task for problem in problems)
    if not others:
        says = escaped(whys[0])
        st.warning(
            said(f"The tiny model will give no answer to this question. It says: {says}.")
            if len(problems) == 1
            else said(f"The tiny model will give no answer to {len(whys):,} of these questions. It says: {says}.")
        )
    elif len(problems) == 1 and choice.simulated:
        st.warning(said("The synthetic reasoner works on programs only; it will give no answer to this question."))
    elif len(problems) == 1:
        st.warning(said("The tiny model knows missing operations only; it will give no answer to this question."))
    elif choice.simulated:
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
    found = service.models.bill(config, together(costs))
    if not found.amounts:
        return said("What it costs in money is unknown: its endpoint has no price.")
    if found.unpriced:
        return said(
            f"About {found.in_words}, beside what the model costs that has no price, if no call has to be tried again."
        )
    return said(f"About {found.in_words}, if no call has to be tried again.")
