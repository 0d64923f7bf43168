"""Trials and evidence read from the store: what comparisons and advice are made of. No text is read."""

from __future__ import annotations

from collections.abc import Iterable

from ..analysis.advice import Evidence, evidence
from ..analysis.trials import Trial, trial
from ..core.errors import InvalidInput
from ..core.expansion import settings_key, settled
from ..core.run import Candidates, Run
from ..core.spec import read_spec
from ..store import Store
from .batch import read_batch
from .layout import points_of
from .service import Service

MOST_COMPARED = 2000
"""Runs of one comparison: about 3 ms each are read."""


def read_trial(store: Store, run: Run) -> Trial:
    """The trial of a run, as it stands under the active rulings."""
    return trial(run, store.chains(run.id), store.asides(run.id))


def read_evidence(store: Store, run: Run) -> Evidence | None:
    """What a run says about other N and T (see ``analysis.advice``).

    None without judged generations, and for a run that is no plain RSA: with another strategy, a temperature schedule,
    fresh chains or summaries, children are not made as the forecast supposes.
    """
    config = run.config
    plain = config.candidates is not Candidates.SUMMARY and not config.fresh_rate and config.temperature_end is None
    if config.strategy != "rsa" or not plain:
        return None
    return evidence(store.chains(run.id), run.problem.key, config.concurrency)


def runs_of_experiment(service: Service, written: str) -> tuple[Run, ...]:
    """The runs of the experiment with this id or name, at most MOST_COMPARED. Raises NotFound."""
    found = service.experiments.store.find(written)
    return tuple(service.store.run(run_id) for run_id in found.run_ids[:MOST_COMPARED])


def arm_names(service: Service, written: str, runs: Iterable[Run]) -> dict[str, str]:
    """By run, what its arm is called in the experiment with this id or name. Runs that serve several arms are not in
    it, and none is where the experiment's models or prompts are no longer there. Raises NotFound."""
    found = service.experiments.store.find(written)
    try:
        points = points_of(read_spec(found.spec), service.store, service.endpoints, found.name)
    except InvalidInput:
        return {}
    by_key: dict[str, set[str]] = {}
    for point in points:
        by_key.setdefault(settings_key(point.config, point.prompts), set()).add(point.arm)
    named = {run.id: by_key.get(settings_key(settled(run.config), run.prompts), set()) for run in runs}
    return {run_id: next(iter(arms)) for run_id, arms in named.items() if len(arms) == 1}


def runs_of_batches(store: Store, names: Iterable[str]) -> tuple[Run, ...]:
    """The runs of the batches so called, each once; empty for names that no batch has."""
    found = {run.id: run for name in names for run in read_batch(store, name).runs}
    return tuple(found.values())
