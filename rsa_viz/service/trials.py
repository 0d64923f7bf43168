"""Trials and evidence read from the store: what comparisons and advice are made of. No text is read."""

from __future__ import annotations

from collections.abc import Iterable

from ..analysis.advice import Evidence, evidence
from ..analysis.trials import Trial, trial
from ..core.run import Run
from ..store import Store
from .batch import read_batch

MOST_COMPARED = 2000
"""Runs of one comparison: about 3 ms each are read."""


def read_trial(store: Store, run: Run) -> Trial:
    """The trial of a run, as it stands under the active rulings."""
    return trial(run, store.chains(run.id), store.asides(run.id))


def read_evidence(store: Store, run: Run) -> Evidence | None:
    """What a run says about other N and T; None without judged generations (see ``analysis.advice``)."""
    return evidence(store.chains(run.id), run.problem.key, run.config.concurrency)


def runs_of_batches(store: Store, names: Iterable[str]) -> tuple[Run, ...]:
    """The runs of the batches so called, each once; empty for names that no batch has."""
    found = {run.id: run for name in names for run in read_batch(store, name).runs}
    return tuple(found.values())
