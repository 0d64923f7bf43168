"""An experiment: runs meant to be compared. Knows no file format, no table and no statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


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
    spec: Mapping[str, object] = MappingProxyType({})
    run_ids: tuple[str, ...] = ()
