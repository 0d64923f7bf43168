"""Trials drawn in ASCII, one chain list a run, for the tests of comparisons."""

from __future__ import annotations

from collections.abc import Sequence

from rsa_viz.analysis.trials import Trial, trial
from rsa_viz.core.chain import Chain
from rsa_viz.core.problem import Problem
from rsa_viz.core.prompts import PLAIN
from rsa_viz.core.run import ModelChoice, Run, RunConfig, RunStatus
from tests.analysis.drawn import chains_from


def run_of(
    chains: Sequence[Chain],
    *,
    problem: str = "p",
    strategy: str = "rsa",
    seed: int = 0,
    k: int = 2,
    model: str = "m",
    status: RunStatus = RunStatus.DONE,
    **config: object,
) -> Run:
    """The run that these chains could be of."""
    shape = {"n": max(one.slot.i for one in chains), "k": k, "t": max(one.slot.t for one in chains)}
    settings = RunConfig(ModelChoice(model), strategy=strategy, seed=seed, **{**shape, **config})  # type: ignore[arg-type]
    name = f"{abs(hash((problem, strategy, seed, k))) % 16**12:012x}"
    return Run(name, Problem("text", problem, "1"), settings, PLAIN, status, 0.0)


def drawn_trial(drawing: str, *, tokens: tuple[int, int] | None = (10, 5), **of_run: object) -> Trial:
    """The trial of a drawing; every done call took 2 s, generation t from second 10 t to 10 t + 2."""
    chains = chains_from(drawing, latency_s=2.0)
    timed = []
    for one in chains:
        fields = {name: getattr(one, name) for name in one.__slots__}
        fields |= {"started_at": 10.0 * one.slot.t, "ended_at": 10.0 * one.slot.t + 2.0}
        if tokens is not None:
            fields |= {"tokens_in": tokens[0], "tokens_out": tokens[1]}
        timed.append(Chain(**fields))
    return trial(run_of(chains, **of_run), timed)  # type: ignore[arg-type]
