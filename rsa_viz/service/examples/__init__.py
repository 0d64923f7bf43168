"""Recorded runs that come with the app, so that every page has something true to show before anybody ran anything.

Those of programs were made by the synthetic reasoner, which is a simulation, that of missing operations by the tiny
language model, with the commands below; a recording keeps the times that its calls took. They are imported only when
somebody asks for one. Knows no page.

::

    python -m rsa_viz run --problem PROBLEM.json -N 16 -K 4 -T 10 --seed SEED --note "Recorded example"
    python -m rsa_viz export RUN --format jsonl | gzip -9n > NAME.jsonl.gz
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...core.errors import UnknownName
from ...core.problem import Problem
from ...store import ImportedRun
from ...tasks import find_task
from ..service import Service

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Example:
    """A recorded run: its ``name``, the bundled problem that it answers, by its number (from 0) among those of its
    ``task``, and the seed that it was made with."""

    name: str
    number: int
    seed: int
    task: str = "program"

    @property
    def problem(self) -> Problem:
        """The problem that it answers."""
        return find_task(self.task).problems()[self.number]

    @property
    def path(self) -> Path:
        """Where the recording stands: a bundle, packed."""
        return _FOLDER / f"{self.name}.jsonl.gz"


EXAMPLES = (
    Example("evolving", 7, 1),
    Example("few-right-at-first", 9, 2),
    Example("missing-operations", 6, 0, "holes"),
)
"""The first one is offered where nothing is recorded yet: it was written at a pace to watch. The last one answers the
problem that the form for a new run begins with."""


@cache
def examples_by_problem() -> Mapping[str, Example]:
    """The examples by the key of their problem."""
    return {example.problem.key: example for example in EXAMPLES}


def open_example(service: Service, name: str = EXAMPLES[0].name) -> ImportedRun:
    """Import a recorded example; twice is once. Raises UnknownName, and what ``Service.import_run`` raises."""
    for example in EXAMPLES:
        if example.name == name:
            return service.import_run(gzip.decompress(example.path.read_bytes()))
    raise UnknownName("recorded example", name, (example.name for example in EXAMPLES))
