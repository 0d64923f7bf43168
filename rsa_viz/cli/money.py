"""What is said of a run before and after it: whether its prompts fit, and what it costs where that is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..core.foresight import together
from ..core.price import spent_in_words
from ..core.problem import Problem
from ..core.prompts import PromptSet
from ..core.run import Run, RunConfig
from .saying import remark

if TYPE_CHECKING:
    from ..service import Service


def foretell(service: Service, problems: Sequence[Problem], config: RunConfig, prompts: PromptSet) -> None:
    """Warn where a prompt may not fit the model's context, and say what the run will cost where that is known."""
    models = service.models
    if all(models.context(one) is None and models.price(one) is None for one in config.models):
        return
    loads = together(service.foresee_all(problems, config, prompts))
    for choice, fitting in models.fits(config, loads).items():
        if fitting is not None and fitting.warning:
            of = f"{choice.model}: " if len(config.models) > 1 else ""
            remark(f"rsa_viz: {of}{fitting.warning}")
    bill = models.bill(config, loads)
    if bill.amounts:
        beside = ", beside what the model costs that has no price" if bill.unpriced else ""
        remark(f"rsa_viz: this will cost about {bill.in_words}{beside}, if no call has to be tried again")


def tell_spent(service: Service, run: Run) -> None:
    """Say what a run cost, where an endpoint of it has a price."""
    if any(service.models.price(choice) is not None for choice in run.config.models):
        remark(f"rsa_viz: {spent_in_words(service.store.chains(run.id), service.models.prices(run.config))}")
