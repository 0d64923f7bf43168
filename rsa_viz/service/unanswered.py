"""What an experiment's models will give no answer to, in words, before anything is started. Knows no page."""

from __future__ import annotations

from collections import Counter

from ..analysis.telling import counted
from ..core.run import ModelChoice
from .layout import Layout
from .models import Models

REASONS = 3
"""That are named of each model, the most frequent first."""


def unanswered(models: Models, layout: Layout) -> tuple[str, ...]:
    """A sentence for each model of the experiment and each reason for which it will give no answer to some of the
    problems; empty where nothing is known to go wrong. Raises InvalidPlan."""
    refused: dict[ModelChoice, dict[str, str]] = {}  # by problem, one reason each
    alike = {(point.config.models, point.config.k, point.config.t): point.config for point in layout.servers}
    for config in alike.values():
        for problem in layout.problems:
            for choice, why in models.refusals(config, problem).items():
                refused.setdefault(choice, {}).setdefault(problem.key, why)
    problems, found = counted(len(layout.problems), "problem"), []
    for choice, whys in refused.items():
        for why, number in Counter(whys.values()).most_common(REASONS):
            found.append(f"{choice.model} gives no answer to {number:,} of {problems}: {why}.")
    return tuple(found)
