"""The commands that make chains: run and resume, with a progress bar on standard error."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..core.problem import Problem
from ..core.run import Run, RunConfig, RunStatus
from .given import chosen_model, given_problem, given_prompts
from .money import foretell, tell_spent
from .opening import open_service
from .run_options import settings_of
from .saying import progress_line, redraws, remark, say_json

if TYPE_CHECKING:
    from ..service import Service


def run(options: argparse.Namespace) -> int:
    """Record a new run and drive it to its end."""
    service = open_service(options)
    problem, prompts = given_problem(options), given_prompts(service, options.prompts)
    made = service.create(problem, config_of(service, options, problem.task), prompts=prompts, note=options.note)
    foretell(service, [problem], made.config, prompts)
    warn(service, [problem], made.config)
    return drive(service, made)


def config_of(service: Service, options: argparse.Namespace, task: str) -> RunConfig:
    """The configuration that the options of ``run`` describe, for problems of ``task``. Raises InvalidPlan."""
    from ..service.models import proposed

    model = options.model or proposed(task, service.endpoints).name
    return RunConfig(
        model=chosen_model(service, model, options.api_base, options.api_key_env),
        strategy=options.strategy,
        n=options.n,
        k=options.k,
        t=options.t,
        temperature=options.temperature,
        max_tokens=options.max_tokens,
        seed=options.seed,
        concurrency=options.concurrency,
        retries=options.retries,
        timeout_s=options.timeout,
        **settings_of(options, service),
    )


def warn(service: Service, problems: Sequence[Problem], config: RunConfig) -> None:
    """Say of each problem that an embedded model does not know that it will get no answer of it."""
    for problem in problems:
        for choice, why in service.models.refusals(config, problem).items():
            remark(f"rsa_viz: {choice.model} will give no answer to {problem.label!r}: {why}")


def resume(options: argparse.Namespace) -> int:
    """Go on with a recorded run; one that is done only prints its result."""
    service = open_service(options)
    return drive(service, service.store.run(options.run))


def drive(service: Service, run: Run) -> int:
    """Drive a run to its end, print its result as one line of JSON, and return the exit code."""
    from ..service import result

    service.start(run.id)
    try:
        run = _watch(service, run.id)
    except KeyboardInterrupt:
        service.stop(run.id)
        run = service.wait(run.id, timeout=10)
        remark(f"\nrsa_viz: stopped; go on with: python -m rsa_viz resume {run.id}")
    say_json(result(run, service.store.chains(run.id), service.store.asides(run.id)))
    tell_spent(service, run)
    if run.error:
        remark(f"rsa_viz: run {run.id} {run.status.value}: {run.error}")
    if run.status is RunStatus.STOPPED:
        return 130
    if run.status is RunStatus.DONE and run.done == 0:
        first = next(chain.error for chain in service.store.chains(run.id) if chain.error)
        remark(f"rsa_viz: every call of run {run.id} failed; the first one: {first}")
        return 1
    return 0 if run.status is RunStatus.DONE else 1


def _watch(service: Service, run_id: str) -> Run:
    """Draw a progress bar until nobody drives the run: a line that redraws on a terminal, else one every 10 s."""
    redraw = redraws()
    began = last = time.monotonic()
    first = service.store.run(run_id).done
    while True:
        run = service.wait(run_id, timeout=0.25)
        over = run.status is not RunStatus.RUNNING
        now = time.monotonic()
        if redraw or over or now - last >= 10:
            last = now
            ended = run.done + run.failed
            filled = 24 * ended // max(run.calls, 1)
            rate = (run.done - first) / max(now - began, 1e-9)
            left = f"{(run.calls - ended) / rate:.0f} s left" if rate > 0 and not over else f"{now - began:.0f} s"
            failed = f", {run.failed} failed" if run.failed else ""
            bar = f"{run.id} [{'█' * filled}{'·' * (24 - filled)}] {ended}/{run.calls} calls{failed}, {left}"
            progress_line(bar, over=over, width=100)
        if over:
            return run
