"""Experiments: the queries behind ``experiment_store``. A connection in, types of ``core`` out."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, delete, func, insert, select, update

from ..core.chain import ChainStatus, Verdict
from ..core.errors import InvalidInput, NotFound
from ..core.experiment import Counted, Experiment, Member, Tally
from ..core.run import Run, RunStatus
from .json_columns import models_from_json, to_json
from .ownership import is_living
from .reading import BY_AGGREGATOR, RUNS, list_chains
from .rows import run_of
from .tables import ASIDE, CHAIN, EXPERIMENT, EXPERIMENT_RUN, RULING, RUN, RUN_ORIGIN
from .writing import remove_run

AT_ONCE = 500  # ids in one statement

_OF_EXPERIMENT = EXPERIMENT_RUN.c.experiment_id == bindparam("experiment_id")
_RUN_IDS = select(EXPERIMENT_RUN.c.run_id).where(_OF_EXPERIMENT).order_by(EXPERIMENT_RUN.c.position)
_COUNTS = (
    select(
        EXPERIMENT_RUN.c.experiment_id,
        func.count(),
        func.count().filter(RUN.c.status == RunStatus.DONE.value),
        func.sum(RUN.c.calls),
        func.sum(RUN.c.done + RUN.c.failed),
        func.count().filter(RUN.c.status == RunStatus.RUNNING.value),
    )
    .join(RUN, RUN.c.id == EXPERIMENT_RUN.c.run_id)
    .group_by(EXPERIMENT_RUN.c.experiment_id)
)
_MEMBERS = (
    select(
        RUN.c.id, RUN.c.status, RUN.c.owner, RUN.c.heartbeat_at, RUN.c.t.label("generations"),
        RUN.c.config_json,
        RUN.c.calls, RUN.c.done, RUN.c.failed, RUN.c.error, RUN.c.revision, RUN.c.wanted,
    )
    .join(EXPERIMENT_RUN, RUN.c.id == EXPERIMENT_RUN.c.run_id)
    .where(_OF_EXPERIMENT)
    .order_by(EXPERIMENT_RUN.c.position)
)  # fmt: skip
_AMONG = CHAIN.c.run_id.in_(bindparam("run_ids", expanding=True))
_WRITER = case((BY_AGGREGATOR, 1), else_=0).label("writer")  # its place among the run's models
_TOKENS = (
    select(
        CHAIN.c.run_id, _WRITER, func.sum(CHAIN.c.tokens_in), func.sum(CHAIN.c.tokens_out), func.count(),
        func.count(CHAIN.c.tokens_out + CHAIN.c.tokens_in),
    )
    .join(RUN, RUN.c.id == CHAIN.c.run_id)
    .where(_AMONG, CHAIN.c.status == ChainStatus.DONE.value)
    .group_by(CHAIN.c.run_id, "writer")
)  # fmt: skip
_ASIDE_TOKENS = (
    select(
        ASIDE.c.run_id, _WRITER, func.sum(ASIDE.c.tokens_in), func.sum(ASIDE.c.tokens_out), func.count(),
        func.count(ASIDE.c.tokens_out + ASIDE.c.tokens_in),
    )
    .join(CHAIN, CHAIN.c.id == ASIDE.c.chain_id)
    .join(RUN, RUN.c.id == ASIDE.c.run_id)
    .where(ASIDE.c.run_id.in_(bindparam("run_ids", expanding=True)), ASIDE.c.status == ChainStatus.DONE.value)
    .group_by(ASIDE.c.run_id, "writer")
)  # fmt: skip
_LAST_RIGHT = (
    select(
        CHAIN.c.run_id,
        func.count().filter(CHAIN.c.verdict == Verdict.RIGHT.value),
        func.count().filter(CHAIN.c.verdict == Verdict.WRONG.value),
    )
    .join(RUN, RUN.c.id == CHAIN.c.run_id)
    .where(_AMONG, CHAIN.c.t == RUN.c.t, CHAIN.c.status == ChainStatus.DONE.value)
    .group_by(CHAIN.c.run_id)
)
_RULED = (
    select(RULING.c.run_id, RUN.c.t)
    .join(RUN, RUN.c.id == RULING.c.run_id)
    .where(RULING.c.run_id.in_(bindparam("run_ids", expanding=True)), RULING.c.undone_at.is_(None))
    .distinct()
)


def no_such_experiment(name: str) -> NotFound:
    """The error for an experiment that is not there."""
    return NotFound(f"there is no experiment {name!r} in this database; the list of experiments shows which there are")


def find_experiment(connection: Connection, written: str) -> Experiment:
    """The experiment with this id or this name. Raises NotFound."""
    row = connection.execute(
        select(EXPERIMENT).where((EXPERIMENT.c.id == written) | (EXPERIMENT.c.name == written))
    ).first()
    if row is None:
        raise no_such_experiment(written)
    run_ids = connection.execute(_RUN_IDS, {"experiment_id": row.id}).scalars()
    return Experiment(row.id, row.name, row.created_at, row.note, json.loads(row.spec_json), tuple(run_ids))


def list_experiments(connection: Connection) -> list[tuple[Experiment, Tally]]:
    """Every experiment without its run ids, the newest first, and how far its runs are."""
    counts = {row[0]: Tally(*(int(number or 0) for number in row[1:])) for row in connection.execute(_COUNTS)}
    rows = connection.execute(select(EXPERIMENT).order_by(EXPERIMENT.c.created_at.desc(), EXPERIMENT.c.id.desc()))
    return [
        (Experiment(row.id, row.name, row.created_at, row.note, json.loads(row.spec_json)), counts.get(row.id, Tally()))
        for row in rows
    ]


def save_experiment(connection: Connection, name: str, note: str, spec: Mapping[str, object], now: float) -> Experiment:
    """Keep an experiment under its name: a new one without runs, or the note and specification of the one there is."""
    try:
        written = to_json(spec)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"the experiment cannot be kept as JSON: {error}") from None
    changed = connection.execute(
        update(EXPERIMENT).where(EXPERIMENT.c.name == name).values(note=note, spec_json=written)
    )
    if not changed.rowcount:
        connection.execute(
            insert(EXPERIMENT).values(id=secrets.token_hex(6), name=name, note=note, spec_json=written, created_at=now)
        )
    return find_experiment(connection, name)


def set_runs(
    connection: Connection, experiment_id: str, run_ids: Sequence[str], instead_of: Sequence[str] | None = None
) -> bool:
    """The experiment's runs are these now, in this order; those that are gone meanwhile are left out. False, and
    nothing is changed, when they are not ``instead_of`` any more."""
    if instead_of is not None:
        now = tuple(connection.execute(_RUN_IDS, {"experiment_id": experiment_id}).scalars())
        if now != tuple(instead_of):
            return False
    there = {
        run_id
        for some in _in_parts(run_ids)
        for run_id in connection.execute(select(RUN.c.id).where(RUN.c.id.in_(some))).scalars()
    }
    connection.execute(delete(EXPERIMENT_RUN).where(_OF_EXPERIMENT), {"experiment_id": experiment_id})
    rows = [
        {"experiment_id": experiment_id, "run_id": run_id, "position": position}
        for position, run_id in enumerate(dict.fromkeys(run_ids), start=1)
        if run_id in there
    ]
    if rows:
        connection.execute(insert(EXPERIMENT_RUN), rows)
    return True


def remove_unused(connection: Connection, run_ids: Sequence[str]) -> None:
    """Those of the runs that are in no experiment and were never driven."""
    used = select(EXPERIMENT_RUN.c.run_id)
    for some in _in_parts(run_ids):
        unused = select(RUN.c.id).where(
            RUN.c.id.in_(some),
            RUN.c.status == RunStatus.PLANNED.value,
            RUN.c.started_at.is_(None),
            RUN.c.id.not_in(used),
        )
        for run_id in connection.execute(unused).scalars().all():
            remove_run(connection, run_id)


def remove_experiment(connection: Connection, experiment_id: str) -> None:
    """Forget an experiment; its runs stay. Raises NotFound."""
    if not connection.execute(delete(EXPERIMENT).where(EXPERIMENT.c.id == experiment_id)).rowcount:
        raise no_such_experiment(experiment_id)


def list_members(connection: Connection, experiment_id: str, now: float) -> list[Member]:
    """The experiment's runs at a glance, in their order; empty for one that is not there."""
    return [_member(row, now) for row in connection.execute(_MEMBERS, {"experiment_id": experiment_id})]


def _member(row: Row[*tuple[Any, ...]], now: float) -> Member:
    status = RunStatus(row.status)
    if status is RunStatus.RUNNING and not is_living(row.owner, row.heartbeat_at, now):
        status = RunStatus.INTERRUPTED
    return Member(
        run_id=row.id,
        status=status,
        models=models_from_json(row.config_json),
        generations=row.generations,
        calls=row.calls,
        done=row.done,
        failed=row.failed,
        error=row.error,
        revision=row.revision,
        wanted=row.wanted,
    )


def runs_of(connection: Connection, models: Collection[str], now: float) -> Iterator[Run]:
    """Every recorded run of these models that is no fork, the oldest first."""
    found = connection.execute(
        RUNS.where(RUN.c.model.in_(list(models)), RUN_ORIGIN.c.run_id.is_(None)).order_by(RUN.c.created_at, RUN.c.id)
    )
    for rows in found.partitions(200):
        for row in rows:
            yield run_of(row, now)


def tokens_of(connection: Connection, run_ids: Sequence[str]) -> dict[str, tuple[Counted, Counted]]:
    """Of each run that has any: what its model and what its aggregator read and wrote, asides included."""
    found: dict[str, tuple[Counted, Counted]] = {}
    for some in _in_parts(run_ids):
        for statement in (_TOKENS, _ASIDE_TOKENS):
            for run_id, writer, tokens_in, tokens_out, calls, told in connection.execute(statement, {"run_ids": some}):
                more = Counted(int(tokens_in or 0), int(tokens_out or 0), int(calls) - int(told))
                model, aggregator = found.get(run_id, (Counted(), Counted()))
                found[run_id] = (model, aggregator + more) if writer else (model + more, aggregator)
    return found


def last_right(connection: Connection, run_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Of each run with verdicts in its last generation: the right and the wrong chains there, as persons ruled."""
    found: dict[str, tuple[int, int]] = {}
    for some in _in_parts(run_ids):
        for run_id, right, wrong in connection.execute(_LAST_RIGHT, {"run_ids": some}):
            found[run_id] = (int(right or 0), int(wrong or 0))
        for run_id, t in connection.execute(_RULED, {"run_ids": some}).all():
            verdicts = [
                chain.verdict
                for chain in list_chains(connection, run_id, text=False, t=t)
                if chain.status is ChainStatus.DONE
            ]
            found[run_id] = (verdicts.count(Verdict.RIGHT), verdicts.count(Verdict.WRONG))
    return found


def runs_alone(connection: Connection, experiment_id: str) -> list[str]:
    """The experiment's runs that are in no other experiment."""
    others = select(EXPERIMENT_RUN.c.run_id).where(EXPERIMENT_RUN.c.experiment_id != experiment_id)
    found = select(EXPERIMENT_RUN.c.run_id).where(_OF_EXPERIMENT, EXPERIMENT_RUN.c.run_id.not_in(others))
    return list(connection.execute(found, {"experiment_id": experiment_id}).scalars())


def _in_parts(run_ids: Sequence[str]) -> Iterator[list[str]]:
    ids = iter(run_ids)
    while some := list(islice(ids, AT_ONCE)):
        yield some
