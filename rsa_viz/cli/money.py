"""What is said of a run before and after it: whether its prompts fit, and what it costs where that is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..core.fitting import fit
from ..core.price import spent_in_words
from ..core.problem import Problem
from ..core.prompts import PromptSet
from ..core.run import Run, RunConfig
from .saying import remark

if TYPE_CHECKING:
    from ..service import Service


def foretell(service: Service, problems: Sequence[Problem], config: RunConfig, prompts: PromptSet) -> None:
    """Warn where a prompt may not fit the model's context, and say what the run will cost where that is known."""
    context, price = service.models.context(config.model), service.models.price(config.model)
    if context is None and price is None:
        return
    costs = service.foresee_all(problems, config, prompts)
    fitting = fit(max(costs, key=lambda one: one.longest_prompt), config.max_tokens, context)
    if fitting is not None and fitting.warning:
        remark(f"rsa_viz: {fitting.warning}")
    if price is not None:
        amount = price.of(sum(one.tokens_in for one in costs), sum(one.tokens_out for one in costs))
        remark(f"rsa_viz: this will cost about {price.in_words(amount)}, if no call has to be tried again")


def tell_spent(service: Service, run: Run) -> None:
    """Say what a run cost, where its endpoint has a price."""
    price = service.models.price(run.config.model)
    if price is not None:
        remark(f"rsa_viz: {spent_in_words(service.store.chains(run.id), price)}")
