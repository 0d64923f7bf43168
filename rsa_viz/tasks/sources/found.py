"""What reading a file of problems gives: the good ones, and every bad row with its reason. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...core.errors import InvalidProblem
from ...core.problem import Problem

Row = Mapping[str, object]
"""One row of a table: plain JSON values by column name."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no problem. ``number`` is its line in a JSONL file, its row in a table whose header is row 1 (CSV),
    else its place from 1. A reason may speak of all rows from there on."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; None: the first name in ``naming.NAMES`` that the file has, or nothing.

    ``options`` may name several columns, separated by commas: one an option.
    """

    question: str | None = None
    gold: str | None = None
    options: str | None = None
    tests: str | None = None
    title: str | None = None
    task: str | None = None


@dataclass(frozen=True, slots=True)
class ReadProblems:
    """The problems of a file in its order, what was refused, and how the file was understood.

    ``columns`` are those that were used. ``names`` are all columns of the file, in order of appearance.
    """

    problems: tuple[Problem, ...]
    refused: tuple[Refused, ...]
    columns: Columns = field(default_factory=Columns)
    names: tuple[str, ...] = ()


class BadRow(InvalidProblem):
    """One row that cannot be read; the others can."""
