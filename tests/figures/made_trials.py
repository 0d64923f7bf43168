"""Arms made from one made population, for the pictures' tests: as if it were several problems, seeds, models and N."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rsa_viz.analysis.arms import Arm, arms
from rsa_viz.analysis.trials import trial
from rsa_viz.core.chain import Chain
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus


def made_arms(chains: Sequence[Chain], words: str = "m") -> tuple[Arm, ...]:
    """Arms of three models, whose names are ``words``, with two N each, on eight problems called ``words`` too."""
    return _made(tuple(chains), words)


@lru_cache(maxsize=8)
def _made(chains: tuple[Chain, ...], words: str) -> tuple[Arm, ...]:
    last = max(chain.slot.t for chain in chains)
    status = RunStatus.DONE if all(chain.ended for chain in chains) else RunStatus.RUNNING
    config = RunConfig(ModelChoice(words), n=max(chain.slot.i for chain in chains), k=1, t=last)
    base = Run("0" * 12, Problem("text", words, "42"), config, PLAIN, status, 0.0)
    first = trial(base, chains)
    found = []
    for model in range(3):
        for n in (config.n, config.n + 1):
            settings = replace(first.settings, model=f"{words} {model}", n=n)
            found += [
                replace(first, problem=f"{problem}", label=f"{words} {problem}", seed=seed, settings=settings)
                for problem in range(8)
                for seed in range(1 + problem % 2)
            ]
    return arms(found)
