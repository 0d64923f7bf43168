"""Trials and evidence read from the store: what comparisons and advice are made of. No text is read."""

from __future__ import annotations

from collections.abc import Iterable

from ..analysis.advice import Evidence, evidence
from ..analysis.trials import Trial, trial
from ..core.run import Candidates, Run
from ..store import Store
from .batch import read_batch
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


def runs_of_batches(store: Store, names: Iterable[str]) -> tuple[Run, ...]:
    """The runs of the batches so called, each once; empty for names that no batch has."""
    found = {run.id: run for name in names for run in read_batch(store, name).runs}
    return tuple(found.values())
