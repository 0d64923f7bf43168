"""Files made of many runs: parquet tables, and training data. Which runs those are is said by ids or by a search."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from ..analysis.telling import counted
from ..core.chain import Chain
from ..core.errors import InvalidInput
from ..core.run import Run
from ..exports.sheet import Sheet
from ..exports.tables import TABLES, Outcome, Tables
from ..exports.training import Recipe, columns, draw_groups, kind_of, row, standard_counts, usable
from ..store import Store
from ..tasks import find_task
from .result import result


def chosen_runs(store: Store, ids: Iterable[str] = (), search: str | None = None) -> tuple[Run, ...]:
    """The runs named, then those that a search finds (None: no search; empty: all), oldest first, each once.

    Raises NotFound for an id that is not there, InvalidInput when there is no run.
    """
    named = [store.run(run_id) for run_id in ids]
    found = [] if search is None else store.runs(search=search, limit=max(1, store.count_runs(search)))[::-1]
    runs = tuple({run.id: run for run in (*named, *found)}.values())
    if not runs:
        raise InvalidInput("no run is chosen" if search is None else f"the search {search!r} finds no run")
    return runs


def write_tables(store: Store, runs: Iterable[Run], folder: Path) -> None:
    """Write the TABLES, each as NAME.parquet, into a folder, which is made if it is not there; each file
    is there whole or not at all. Memory holds one generation. Raises InvalidInput when it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".rsa_viz-") as aside:
            _write_tables(store, runs, Path(aside))
            for name in TABLES:
                (Path(aside) / f"{name}.parquet").replace(folder / f"{name}.parquet")
    except OSError as failure:
        raise InvalidInput(f"cannot write tables into {folder}: {failure.strerror}") from None


def zip_tables(store: Store, runs: Iterable[Run], out: BinaryIO) -> None:
    """Write the same files as one ZIP."""
    with TemporaryDirectory(prefix="rsa_viz-") as aside:
        _write_tables(store, runs, Path(aside))
        with zipfile.ZipFile(out, "w") as zipped:  # parquet is compressed already
            for name in TABLES:
                zipped.write(Path(aside) / f"{name}.parquet", f"{name}.parquet")


def _write_tables(store: Store, runs: Iterable[Run], folder: Path) -> None:
    with Tables(folder) as tables:
        for run in runs:
            chains = store.chains(run.id)
            asides = store.asides(run.id, text=True)
            said = result(run, chains, asides)
            outcome = Outcome(
                answer=_text(said["answer"]),
                answer_by=str(said["answer_by"]),
                chain=_text(said["answer_chain"]),
                vote=_text(said["vote"]),
                votes=int(str(said["votes"])),
                votes_of=int(str(said["votes_of"])),
                vote_tied=bool(said["vote_tied"]),
            )
            tables.add_run(run, outcome, sum(one.active for one in store.rulings(run.id)))
            tables.add_asides(run, asides)
            for t in sorted({chain.slot.t for chain in chains}):
                judged = store.chains(run.id, t=t, judged=True)
                tables.add_chains(run, store.chains(run.id, t=t, text=True), judged)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Written:
    """What a file of training data holds: aggregation and standard prompts of so many problems, and whether a model was
    simulated. ``left_out`` are the runs that were not used, each with the reason, ``short`` the problems that have
    fewer aggregation prompts than wanted, as (label, how many)."""

    aggregation: int
    standard: int
    problems: int
    simulated: bool
    left_out: tuple[tuple[str, str], ...]
    short: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One problem: its runs by id, and its groups, each with its run's id."""

    runs: Mapping[str, Run]
    groups: Sequence[tuple[str, tuple[Chain, ...]]]

    @property
    def first(self) -> Run:
        return next(iter(self.runs.values()))


def write_training(store: Store, runs: Iterable[Run], recipe: Recipe, out: BinaryIO) -> Written:
    """Write training data made of these runs as one parquet file in verl's schema.

    Prompts are what each run's own prompt set composes; candidates stand whole in them, whatever the run's children
    saw of theirs. Runs of one problem share its number of prompts. The texts of one problem are held at a time. Raises
    InvalidInput when no prompt can be made, and then nothing was written.
    """
    left_out: list[tuple[str, str]] = []
    problems: dict[str, dict[str, tuple[Run, tuple[Chain, ...]]]] = {}
    for run in runs:
        pool = usable(store.chains(run.id, t=recipe.t, text=True)) if run.problem.gold is not None else ()
        if (why := _unusable(run, len(pool), recipe)) is not None:
            left_out.append((run.id, why))
        else:
            problems.setdefault(run.problem.key, {})[run.id] = run, pool
    drawn = [
        _Drawn(
            {run_id: run for run_id, (run, _) in found.items()},
            draw_groups({run_id: pool for run_id, (_, pool) in found.items()}, recipe, key),
        )
        for key, found in problems.items()
    ]
    if not any(one.groups for one in drawn):
        raise InvalidInput(_nothing(left_out, bool(drawn)))
    standard = standard_counts([len(one.groups) for one in drawn], recipe.standard)
    with Sheet(out, columns()) as sheet:
        for one, count in zip(drawn, standard, strict=True):
            _write_problem(store, one, count, recipe, sheet)
    return Written(
        aggregation=sum(len(one.groups) for one in drawn),
        standard=sum(standard),
        problems=sum(bool(one.groups) for one in drawn),
        simulated=any(run.config.simulated for one in drawn for run in one.runs.values()),
        left_out=tuple(left_out),
        short=tuple((one.first.problem.label, len(one.groups)) for one in drawn if len(one.groups) < recipe.prompts),
    )


def _unusable(run: Run, candidates: int, recipe: Recipe) -> str | None:
    """Why no group can be drawn from a run, or None."""
    if run.problem.gold is None:
        return "its problem has no gold answer"
    if run.config.t < recipe.t:
        return f"it has no generation {recipe.t}"
    if candidates < recipe.k:
        chains = counted(candidates, "chain")
        return f"generation {recipe.t} has {chains} of its own with a text, fewer than K = {recipe.k}"
    return None


def _write_problem(store: Store, drawn: _Drawn, standard: int, recipe: Recipe, sheet: Sheet) -> None:
    parts = find_task(drawn.first.problem.task).parts(drawn.first.problem)
    for run_id, run in drawn.runs.items():
        own = [group for of, group in drawn.groups if of == run_id]
        texts = store.texts(run_id, {chain.slot for group in own for chain in group})
        for group in own:
            candidates = [texts[chain.slot] or "" for chain in group]
            messages = run.prompts.compose(kind_of(group), parts, run.problem, candidates)
            sheet.add(row(run, recipe, sheet.rows, messages, group))
    alone = drawn.first.prompts.compose(kind_of(()), parts, drawn.first.problem)
    for _ in range(standard):
        sheet.add(row(drawn.first, recipe, sheet.rows, alone, ()))


def _nothing(left_out: Sequence[tuple[str, str]], dropped: bool) -> str:
    if dropped:
        return "no prompt can be made: every group of candidates is all right or all wrong, and those are dropped"
    named = "; ".join(f"run {run_id}: {why}" for run_id, why in left_out[:5])
    more = f"; and {len(left_out) - 5:,} more" if len(left_out) > 5 else ""
    return f"no prompt can be made: {named}{more}"
