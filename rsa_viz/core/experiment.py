"""An experiment: runs meant to be compared. Knows no file format, no table and no statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .run import ModelChoice, RunStatus


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
class Counted:
    """Tokens read and written as far as they were counted, and the done calls of which no count is known."""

    tokens_in: int = 0
    tokens_out: int = 0
    uncounted: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out, self.uncounted + other.uncounted
        )


@dataclass(frozen=True, slots=True)
class Member:
    """A run of an experiment at a glance; its fields as in ``Run`` and its configuration. ``models`` are those of its
    configuration: the one of the samples, then the one that aggregates if that is another."""

    run_id: str
    status: RunStatus
    models: tuple[ModelChoice, ...]
    generations: int
    calls: int
    done: int
    failed: int
    error: str | None
    revision: int
    wanted: str | None

    @property
    def served_by(self) -> str:
        """The name of its endpoint, or of its model; of both where there are two."""
        return " + ".join(one.name for one in self.models)

    @property
    def left(self) -> int:
        """Calls that have not ended."""
        return self.calls - self.done - self.failed
