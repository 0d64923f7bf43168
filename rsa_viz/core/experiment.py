"""An experiment: runs meant to be compared. Knows no file format, no table and no statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .run import RunStatus


@dataclass(frozen=True, slots=True)
class Experiment:
    """A named set of runs as recorded.

    ``id`` is 12 hex digits. ``spec`` is what it was planned from, as JSON values, so that it can be planned again,
    extended or handed on. ``run_ids`` stand in the order in which they are to go; a run may be in several
    experiments. ``created_at`` in seconds since the Unix epoch.
    """

    id: str
    name: str
    created_at: float
    note: str = ""
    spec: Mapping[str, object] = field(default_factory=dict)
    run_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How far an experiment is: its runs and those done, the calls of all and those that have ended (done or failed for
    good), and the runs that say that they are running."""

    runs: int = 0
    done: int = 0
    calls: int = 0
    ended: int = 0
    running: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A run of an experiment at a glance; its fields as in ``Run`` and its configuration."""

    run_id: str
    status: RunStatus
    model: str
    endpoint: str | None
    generations: int
    calls: int
    done: int
    failed: int
    error: str | None
    revision: int
    wanted: str | None

    @property
    def served_by(self) -> str:
        """The endpoint's name, or the model's."""
        return self.endpoint or self.model

    @property
    def left(self) -> int:
        """Calls that have not ended."""
        return self.calls - self.done - self.failed
