"""Experiments as they are kept: named sets of runs, and what is known of many runs at a glance.

Each method is one transaction on the database of a ``Store``, with the promises and errors of that. Knows no plan and
no engine.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence

from ..core.experiment import Counted, Experiment, Member, Tally
from ..core.run import Run
from . import experiments
from .database import Database


class ExperimentStore:
    """The experiments of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, written: str) -> Experiment:
        """The experiment with this id or name. Raises NotFound."""
        with self._database.read() as connection:
            return experiments.find_experiment(connection, written)

    def all(self) -> list[tuple[Experiment, Tally]]:
        """Every experiment (without the ids of its runs) and how far it is, the newest first."""
        with self._database.read() as connection:
            return experiments.list_experiments(connection)

    def save(self, name: str, note: str, spec: Mapping[str, object]) -> Experiment:
        """Keep an experiment under its name: a new one without runs, or the note and specification of the one there is.
        Raises InvalidInput for a specification that is no JSON."""
        with self._database.write() as connection:
            return experiments.save_experiment(connection, name, note, spec, time.time())

    def set_runs(self, experiment_id: str, run_ids: Sequence[str], instead_of: Sequence[str] | None = None) -> bool:
        """The experiment's runs are these now, in this order; runs that are gone meanwhile are left out. With
        ``instead_of`` only if they are still those: False says that another process was quicker, and nothing has
        changed."""
        with self._database.write() as connection:
            return experiments.set_runs(connection, experiment_id, run_ids, instead_of)

    def remove_unused(self, run_ids: Sequence[str]) -> None:
        """Delete those of the runs that are in no experiment and were never driven."""
        with self._database.write() as connection:
            experiments.remove_unused(connection, run_ids)

    def delete(self, experiment_id: str) -> None:
        """Forget an experiment; its runs stay. Raises NotFound."""
        with self._database.write() as connection:
            experiments.remove_experiment(connection, experiment_id)

    def members(self, experiment_id: str) -> list[Member]:
        """The experiment's runs at a glance, in their order; empty for one that is not there."""
        with self._database.read() as connection:
            return experiments.list_members(connection, experiment_id, time.time())

    def runs_of(self, models: Collection[str]) -> Iterator[Run]:
        """Every recorded run of these models that is no fork, the oldest first."""
        with self._database.read() as connection:
            yield from experiments.runs_of(connection, models, time.time())

    def tokens(self, run_ids: Sequence[str]) -> dict[str, tuple[Counted, Counted]]:
        """Of each run with done calls: what its model and what its aggregator read and wrote, asides included."""
        with self._database.read() as connection:
            return experiments.tokens_of(connection, run_ids)

    def last_right(self, run_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Of each run with a done chain in its last generation: the right and the wrong ones there, as persons
        ruled."""
        with self._database.read() as connection:
            return experiments.last_right(connection, run_ids)

    def alone(self, experiment_id: str) -> list[str]:
        """The experiment's runs that are in no other experiment."""
        with self._database.read() as connection:
            return experiments.runs_alone(connection, experiment_id)
