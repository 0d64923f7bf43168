"""The problems of an experiment: what the tables of its specification name, read, generated or taken as written.

``given`` makes a specification whole: what may be another tomorrow (a file, a data set, what a library generates) is
written out, so that it can be planned again on another machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from ..core.errors import InvalidInput, InvalidProblem
from ..core.problem import Problem
from ..tasks import find_task
from ..tasks.holes_generating import generate_holes
from ..tasks.program_generating import generate_programs
from ..tasks.sources import Columns, ReadProblems, read_hub, read_problems

MOST = 10_000
"""Problems of one experiment."""

Table = Mapping[str, object]

_STEADY = ("bundled", "programs", "holes", "question")  # sources that give the same problems everywhere


@dataclass(frozen=True, slots=True)
class Resolved:
    """The problems of a specification in its order, each once; what was left out, in words; and the tables that give
    exactly these."""

    problems: tuple[Problem, ...]
    left_out: tuple[str, ...]
    tables: tuple[Table, ...]


def resolve(tables: Sequence[Table], where: str, folder: Path | None) -> Resolved:
    """The problems that the tables name. ``folder`` is where the names of files begin; None refuses files, for whoever
    writes the tables may not read this machine's. Raises InvalidInput, naming ``where``, the table, the key and the
    value."""
    problems: dict[str, Problem] = {}
    left_out: list[str] = []
    exact: list[Table] = []
    for number, table in enumerate(tables, start=1):
        here = f"{where}, [[problems]] {number}"
        try:
            found = _read(table, folder)
            for problem in found.problems:
                find_task(problem.task).check(problem)
        except InvalidInput as error:
            raise InvalidInput(f"{here}: {error}") from None
        left_out += [f"{here}: row {one.number}: {one.reason}" for one in found.refused]
        if not found.problems:
            raise InvalidInput(f"{here}: it gives no problem that can be run")
        fresh = [problem for problem in found.problems if problem.key not in problems]
        if twice := len(found.problems) - len(fresh):
            left_out.append(f"{here}: {twice} of {len(found.problems)} problems are there already")
        problems |= {problem.key: problem for problem in fresh}
        exact += [table] if next(iter(table)) in _STEADY else [given(problem) for problem in found.problems]
    if len(problems) > MOST:
        raise InvalidInput(f"{where}: {len(problems):,} problems; an experiment has at most {MOST:,}")
    return Resolved(tuple(problems.values()), tuple(left_out), tuple(exact))


def given(problem: Problem) -> Table:
    """A problem as a table that holds all of it."""
    table: dict[str, object] = {"question": problem.question, "task": problem.task}
    if problem.gold is not None:
        table["gold"] = problem.gold
    if problem.title:
        table["title"] = problem.title
    if problem.metadata:
        table["metadata"] = dict(problem.metadata)
    return table


def _read(table: Table, folder: Path | None) -> ReadProblems:
    kind = next(iter(table))
    match kind:
        case "bundled":
            return _found(find_task(_text(table, kind)).problems()[: _count(table, None)])
        case "programs":
            made = generate_programs(
                _whole(table, kind, 1), seed=_whole(table, "seed", 0, 0), lines=_range(table, "lines", (6, 12)),
                modulus=_whole(table, "modulus", 2, 97),
            )  # fmt: skip
            return _found(made)
        case "holes":
            puzzles = generate_holes(
                _whole(table, kind, 1), seed=_whole(table, "seed", 0, 0), lines=_range(table, "lines", (2, 3)),
                guesses=_range(table, "guesses", (1, 2)),
            )  # fmt: skip
            return _found(puzzles)
        case "reasoning_gym":
            from ..tasks.reasoning_gym import generate, names_of

            names = names_of(_text(table, kind))
            return _found(generate(names, count=_count(table, 10) or 10, seed=_whole(table, "seed", 0, 0)))
        case "hub":
            name, _, rest = _text(table, kind).partition(":")
            subset, _, split = rest.partition(":")
            return read_hub(
                name, subset=subset or None, split=split or "test", limit=_count(table, 100) or 100,
                task=_task(table), columns=_columns(table),
            )  # fmt: skip
        case "file":
            return _file(table, folder)
        case _:
            return _found([_given(table)])


def _found(problems: Sequence[Problem]) -> ReadProblems:
    return ReadProblems(tuple(problems), ())


def _file(table: Table, folder: Path | None) -> ReadProblems:
    name = _text(table, "file")
    if folder is None:
        raise InvalidInput(
            f"file {name!r} cannot be read from here; load it on the Problems page, or use the command line"
        )
    try:
        data = (folder / Path(name).expanduser()).read_bytes()
    except OSError as failure:
        raise InvalidProblem(f"file {name!r} cannot be read in {folder}: {failure.strerror}") from None
    found = read_problems(Path(name).name, data, task=_task(table), columns=_columns(table))
    return ReadProblems(found.problems[: _count(table, None)], found.refused)


def _given(table: Table) -> Problem:
    gold, title, metadata = table.get("gold"), table.get("title", ""), table.get("metadata", {})
    if gold is not None and (isinstance(gold, bool) or not isinstance(gold, str | int | float)):
        raise InvalidInput(f"gold must be a text or a number, not {gold!r}")
    if not isinstance(title, str):
        raise InvalidInput(f"title must be text, not {title!r}")
    if not isinstance(metadata, Mapping):
        raise InvalidInput(f"metadata must be a table, not {metadata!r}")
    task = _task(table) or "text"
    return Problem(task, _text(table, "question"), None if gold is None else str(gold), title, dict(metadata))


def _text(table: Table, key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"{key} must be text, not {value!r}")
    return value


def _task(table: Table) -> str | None:
    return find_task(_text(table, "task")).name if "task" in table else None


def _whole(table: Table, key: str, least: int, default: int | None = None) -> int:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidInput(f"{key} must be a whole number of at least {least}, not {value!r}")
    return value


def _count(table: Table, default: int | None) -> int | None:
    return _whole(table, "count", 1) if "count" in table else default


def _range(table: Table, key: str, default: tuple[int, int]) -> tuple[int, int]:
    written = table.get(key, default)
    ends = list(written) if isinstance(written, list | tuple) else [written, written]
    match ends:
        case [int() as low, int() as high] if not isinstance(low, bool) and not isinstance(high, bool):
            return low, high
    raise InvalidInput(f"{key} must be a whole number, or two: [least, most]; not {written!r}")


def _columns(table: Table) -> Columns:
    named = table.get("columns", {})
    known = [field.name for field in fields(Columns)]
    if not isinstance(named, Mapping) or any(
        what not in known or not isinstance(name, str) for what, name in named.items()
    ):
        raise InvalidInput(f"columns must be a table of {', '.join(known)}, each the name of a column; not {named!r}")
    return Columns(**dict(named))
