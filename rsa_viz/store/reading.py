"""Every query that reads runs and chains. A connection in, types of ``core`` out.

Each is answered by an index, the search among runs excepted; a test asks SQLite for its plans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select

from ..core.aside import AsideKind, PlannedAside
from ..core.chain import Chain, ChainStatus, InFlight, PromptKind, Slot
from ..core.errors import NotFound
from ..core.genealogy import Plan
from ..core.problem import Problem
from ..core.ruling import Ruling, RulingCount, Taking, apply_rulings, merged_keys, taking_classes
from ..core.run import Run, RunStatus
from .rows import (
    CHAIN_COLUMNS,
    IN_FLIGHT_COLUMNS,
    NO_LINKS,
    PLANNED_COLUMNS,
    RULING_COLUMNS,
    RUN_COLUMNS,
    TEXT_COLUMNS,
    Links,
    chain_of,
    in_flight_of,
    planned_of,
    problem_of,
    ruling_of,
    run_of,
)
from .tables import ASIDE, CHAIN, CHAIN_ORIGIN, IN_FLIGHT, PARENT_LINK, PROBLEM, RULING, RUN, RUN_ORIGIN

_PARENT = CHAIN.alias("parent")
_CHILD = CHAIN.alias("child")

_OF_RUN = CHAIN.c.run_id == bindparam("run_id")
BY_AGGREGATOR = and_(RUN.c.aggregator.is_not(None), CHAIN.c.kind != PromptKind.SAMPLE.value, CHAIN.c.fresh.is_(False))
"""Whether the run's aggregator writes a chain: a child that has not lost all its parents."""

AT_ONCE = 500  # ids in one statement
_SEARCHED = ("model", "aggregator", "strategy", "note", "id")
_AT_SLOT = and_(_OF_RUN, CHAIN.c.t == bindparam("t"), CHAIN.c.i == bindparam("i"))
_AMONG = and_(_OF_RUN, CHAIN.c.t == bindparam("t"), CHAIN.c.i.in_(bindparam("indices", expanding=True)))

RUNS = (
    select(*RUN_COLUMNS)
    .join(PROBLEM, RUN.c.problem_id == PROBLEM.c.id)
    .join(RUN_ORIGIN, RUN_ORIGIN.c.run_id == RUN.c.id, isouter=True)
)
_FORKS = RUNS.where(RUN_ORIGIN.c.from_run_id == bindparam("run_id")).order_by(RUN.c.created_at, RUN.c.id)
_ONE_RUN = RUNS.where(RUN.c.id == bindparam("run_id"))
_PROBLEMS = (
    select(*(PROBLEM.c[name] for name in ("task", "question", "gold", "title", "metadata_json")))
    .order_by(PROBLEM.c.id.desc())
    .limit(bindparam("at_most"))
)
_REVISION = select(RUN.c.revision).where(RUN.c.id == bindparam("run_id"))

_WITH_ORIGIN = CHAIN.join(CHAIN_ORIGIN, CHAIN_ORIGIN.c.chain_id == CHAIN.c.id, isouter=True)
_CHAINS = select(*CHAIN_COLUMNS).select_from(_WITH_ORIGIN).where(_OF_RUN).order_by(CHAIN.c.t, CHAIN.c.i)
_WHOLE_CHAINS = _CHAINS.add_columns(*TEXT_COLUMNS)
_ONE_CHAIN = select(*CHAIN_COLUMNS, *TEXT_COLUMNS).select_from(_WITH_ORIGIN).where(_AT_SLOT)
_PLANNED = select(*PLANNED_COLUMNS).where(_OF_RUN).order_by(CHAIN.c.t, CHAIN.c.i)
_PLANNED_ASIDES = select(ASIDE.c.chain_id, ASIDE.c.kind, ASIDE.c.seed).where(ASIDE.c.run_id == bindparam("run_id"))
_TEXTS = select(CHAIN.c.i, CHAIN.c.text).where(_AMONG)
_SLOT_IDS = select(CHAIN.c.i, CHAIN.c.id, CHAIN.c.status).where(_AMONG)

# Links come grouped by child: chains are walked in slot order, and of each the primary key gives the positions.
_LINKS = (
    select(PARENT_LINK.c.child_id, _PARENT.c.t, _PARENT.c.i, PARENT_LINK.c.available)
    .select_from(CHAIN)
    .join(PARENT_LINK, PARENT_LINK.c.child_id == CHAIN.c.id)
    .join(_PARENT, _PARENT.c.id == PARENT_LINK.c.parent_id)
    .where(_OF_RUN)
    .order_by(CHAIN.c.t, CHAIN.c.i, PARENT_LINK.c.position)
)
_CHAIN_LINKS = (
    select(PARENT_LINK.c.child_id, _PARENT.c.t, _PARENT.c.i, PARENT_LINK.c.available)
    .join(_PARENT, _PARENT.c.id == PARENT_LINK.c.parent_id)
    .where(PARENT_LINK.c.child_id == bindparam("child_id"))
    .order_by(PARENT_LINK.c.position)
)
_CHILDREN = (
    select(_CHILD.c.t, _CHILD.c.i)
    .select_from(CHAIN)
    .join(PARENT_LINK, PARENT_LINK.c.parent_id == CHAIN.c.id)
    .join(_CHILD, _CHILD.c.id == PARENT_LINK.c.child_id)
    .where(_AT_SLOT)
    .order_by(_CHILD.c.t, _CHILD.c.i)
)
_IN_FLIGHT = (
    select(*IN_FLIGHT_COLUMNS)
    .join(CHAIN, CHAIN.c.id == IN_FLIGHT.c.chain_id)
    .join(ASIDE, ASIDE.c.chain_id == CHAIN.c.id, isouter=True)
    .where(
        IN_FLIGHT.c.run_id == bindparam("run_id"),
        or_(
            CHAIN.c.status == ChainStatus.PLANNED.value,
            # Of a chain that has ended, what began after it.
            and_(ASIDE.c.status == ChainStatus.PLANNED.value, IN_FLIGHT.c.started_at >= CHAIN.c.ended_at),
        ),
    )
    .order_by(CHAIN.c.t, CHAIN.c.i)
)
_RULINGS = (
    select(*RULING_COLUMNS)
    .join(CHAIN, CHAIN.c.id == RULING.c.chain_id, isouter=True)
    .where(RULING.c.run_id == bindparam("run_id"))
    .order_by(RULING.c.id)
)
_RULING_COUNTS = (
    select(
        RULING.c.run_id,
        func.count(RULING.c.chain_id.distinct()),  # a merge has none
        func.count(RULING.c.answer_key.distinct()),  # a verdict has none
    )
    .where(RULING.c.run_id.in_(bindparam("run_ids", expanding=True)), RULING.c.undone_at.is_(None))
    .group_by(RULING.c.run_id)
)
_WITH_KEYS = _CHAINS.where(CHAIN.c.answer_key.in_(bindparam("keys", expanding=True)))
_LAST_OF_A_KIND = (
    select(RUN.c.id)
    .join(PROBLEM, RUN.c.problem_id == PROBLEM.c.id)
    .where(
        or_(RUN.c.model == bindparam("model"), RUN.c.aggregator == bindparam("model")),
        PROBLEM.c.task == bindparam("task"),
        RUN.c.done > 0,
    )
    .order_by(RUN.c.created_at.desc(), RUN.c.id.desc())
    .limit(3)
)
_TOKENS_OUT = (
    select(func.avg(CHAIN.c.tokens_out), func.count(CHAIN.c.tokens_out))
    .select_from(_WITH_ORIGIN.join(RUN, RUN.c.id == CHAIN.c.run_id))
    .where(
        CHAIN.c.run_id.in_(_LAST_OF_A_KIND),
        CHAIN_ORIGIN.c.chain_id.is_(None),  # another model may have copied ones
        case((BY_AGGREGATOR, RUN.c.aggregator), else_=RUN.c.model) == bindparam("model"),
    )
)


def no_such_run(run_id: str) -> NotFound:
    """The error for a run that is not there."""
    return NotFound(f"there is no run {run_id!r} in this database; the list of runs shows which there are")


def no_such_chain(run_id: str, slot: Slot) -> NotFound:
    """The error for a slot that its run does not have."""
    return NotFound(f"run {run_id} has no chain {slot}")


def find_run(connection: Connection, run_id: str, now: float) -> Run:
    """One run. Raises NotFound."""
    row = connection.execute(_ONE_RUN, {"run_id": run_id}).first()
    if row is None:
        raise no_such_run(run_id)
    return run_of(row, now)


def list_forks(connection: Connection, run_id: str, now: float) -> list[Run]:
    """The runs that were forked from a run, the oldest first; the run itself need not be there."""
    return [run_of(row, now) for row in connection.execute(_FORKS, {"run_id": run_id})]


def list_problems(connection: Connection, limit: int) -> list[Problem]:
    """The recorded problems, the newest first."""
    return [problem_of(row) for row in connection.execute(_PROBLEMS, {"at_most": limit})]


def find_revision(connection: Connection, run_id: str) -> int:
    """The run's revision. Raises NotFound."""
    revision = connection.execute(_REVISION, {"run_id": run_id}).scalar()
    if revision is None:
        raise no_such_run(run_id)
    return int(revision)


def typical_tokens_out(connection: Connection, model: str, task: str) -> tuple[float | None, int]:
    """The mean tokens of a model's chains in its last three runs of a task, and how many chains told theirs."""
    mean, count = connection.execute(_TOKENS_OUT, {"model": model, "task": task}).one()
    return (None if mean is None else float(mean)), int(count)


def list_runs(connection: Connection, search: str, limit: int, offset: int, now: float) -> list[Run]:
    """Runs, newest first, that hold every word of ``search``."""
    found = (
        RUNS.where(*_matches(search))
        .order_by(RUN.c.created_at.desc(), RUN.c.id.desc())
        .limit(max(0, limit))
        .offset(max(0, offset))
    )
    return [run_of(row, now) for row in connection.execute(found)]


def count_runs(connection: Connection, search: str) -> int:
    """How many runs ``list_runs`` finds without a limit."""
    counted = select(func.count()).select_from(RUN)
    if matches := _matches(search):
        counted = counted.join(PROBLEM, RUN.c.problem_id == PROBLEM.c.id).where(*matches)
    return int(connection.execute(counted).scalar_one())


def _matches(search: str) -> list[ColumnElement[bool]]:
    columns = (PROBLEM.c.question, PROBLEM.c.title, *(RUN.c[name] for name in _SEARCHED))
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in search.split()]


def list_chains(connection: Connection, run_id: str, *, text: bool, t: int | None, judged: bool = False) -> list[Chain]:
    """The chains of a run, or of its generation ``t``, in slot order; ``judged`` leaves rulings aside. Raises NotFound
    when there is no such run."""
    chosen = _WHOLE_CHAINS if text else _CHAINS
    if t is not None:
        chosen = chosen.where(CHAIN.c.t == bindparam("t"))
    rows = connection.execute(chosen, {"run_id": run_id, "t": t}).all()
    if not rows:
        find_revision(connection, run_id)
    links = _links(connection, run_id, t)
    chains = [chain_of(row, *links.get(row[0], NO_LINKS)) for row in rows]
    if judged:
        return chains
    rulings = list_rulings(connection, run_id)
    return apply_rulings(chains, rulings, None if t is None else taking(connection, run_id, rulings))


def find_plan(connection: Connection, run_id: str) -> Plan:
    """The plan as it was drawn. Raises NotFound."""
    rows = connection.execute(_PLANNED, {"run_id": run_id}).all()
    if not rows:
        raise no_such_run(run_id)
    links = _links(connection, run_id, None)
    asides = {
        chain_id: PlannedAside(AsideKind(kind), seed)
        for chain_id, kind, seed in connection.execute(_PLANNED_ASIDES, {"run_id": run_id})
    }
    return Plan(tuple(planned_of(row, links.get(row[0], NO_LINKS)[0], asides.get(row[0])) for row in rows))


def _links(connection: Connection, run_id: str, t: int | None) -> dict[int, Links]:
    chosen = _LINKS if t is None else _LINKS.where(CHAIN.c.t == bindparam("t"))
    parts = connection.execute(chosen, {"run_id": run_id, "t": t}).partitions(1000)
    return _grouped(row for rows in parts for row in rows)


def _grouped(rows: Iterable[Sequence[Any]]) -> dict[int, Links]:
    parents: dict[int, list[Slot]] = {}
    lost: dict[int, set[Slot]] = {}
    known: dict[tuple[int, int], Slot] = {}  # a parent has many children: one object for all of them
    for child_id, t, i, available in rows:
        slot = known.get((t, i)) or known.setdefault((t, i), Slot(t, i))
        if child_id in parents:
            parents[child_id].append(slot)
        else:
            parents[child_id] = [slot]
        if available is False:
            lost.setdefault(child_id, set()).add(slot)
    return {child_id: (tuple(slots), lost.get(child_id, ())) for child_id, slots in parents.items()}


def find_chain(connection: Connection, run_id: str, slot: Slot, *, judged: bool = False) -> Chain:
    """One chain, whole; ``judged`` leaves rulings aside. Raises NotFound."""
    row = connection.execute(_ONE_CHAIN, {"run_id": run_id, "t": slot.t, "i": slot.i}).first()
    if row is None:
        find_revision(connection, run_id)
        raise no_such_chain(run_id, slot)
    links = _grouped(connection.execute(_CHAIN_LINKS, {"child_id": row[0]}))
    chain = chain_of(row, *links.get(row[0], NO_LINKS))
    if judged:
        return chain
    rulings = list_rulings(connection, run_id)
    return apply_rulings([chain], rulings, taking(connection, run_id, rulings))[0]


def list_rulings(connection: Connection, run_id: str) -> list[Ruling]:
    """Every ruling on a run, active and undone, in the order in which they were made; none for a run that is not
    there."""
    return [ruling_of(row) for row in connection.execute(_RULINGS, {"run_id": run_id})]


def taking(connection: Connection, run_id: str, rulings: Sequence[Ruling]) -> dict[str, Taking]:
    """The answer classes of a run that take merged ones, as they read now; asks for nothing without active merges."""
    keys = {last.into_key or "" for last in merged_keys(rulings).values()}
    if not keys:
        return {}
    rows = connection.execute(_WITH_KEYS, {"run_id": run_id, "keys": sorted(keys)})
    return taking_classes([chain_of(row, *NO_LINKS) for row in rows], rulings)


def count_rulings(connection: Connection, run_ids: Sequence[str]) -> dict[str, RulingCount]:
    """How much is ruled, and not undone, on those of the runs on which anything is."""
    return {
        run_id: RulingCount(verdicts, merges)
        for start in range(0, len(run_ids), AT_ONCE)
        for run_id, verdicts, merges in connection.execute(
            _RULING_COUNTS, {"run_ids": run_ids[start : start + AT_ONCE]}
        )
    }


def find_children(connection: Connection, run_id: str, slot: Slot) -> tuple[Slot, ...]:
    """The slots that have ``slot`` as parent, in slot order. Raises NotFound when there is no such slot."""
    rows = connection.execute(_CHILDREN, {"run_id": run_id, "t": slot.t, "i": slot.i}).all()
    if not rows and slot not in slot_rows(connection, run_id, [slot]):
        find_revision(connection, run_id)
        raise no_such_chain(run_id, slot)
    return tuple(Slot(t, i) for t, i in rows)


def find_texts(connection: Connection, run_id: str, slots: Iterable[Slot]) -> dict[Slot, str | None]:
    """The texts of ``slots``; None where there is none. Raises NotFound when one is no slot of the run."""
    asked = list(slots)
    texts = {
        Slot(t, i): text
        for t, indices in _by_generation(asked).items()
        for i, text in connection.execute(_TEXTS, {"run_id": run_id, "t": t, "indices": indices})
    }
    for slot in asked:
        if slot not in texts:
            raise no_such_chain(run_id, slot)
    return {slot: texts[slot] for slot in asked}


def slot_rows(connection: Connection, run_id: str, slots: Iterable[Slot]) -> dict[Slot, tuple[int, str]]:
    """The chain id and status of those of ``slots`` that the run has."""
    return {
        Slot(t, i): (chain_id, status)
        for t, indices in _by_generation(slots).items()
        for i, chain_id, status in connection.execute(_SLOT_IDS, {"run_id": run_id, "t": t, "indices": indices})
    }


def list_in_flight(connection: Connection, run_id: str, now: float) -> list[InFlight]:
    """The chains in flight in slot order. Raises NotFound.

    None when the run was interrupted: they died with it. One that has been recorded since is left out.
    """
    if find_run(connection, run_id, now).status is RunStatus.INTERRUPTED:
        return []
    return [in_flight_of(row) for row in connection.execute(_IN_FLIGHT, {"run_id": run_id})]


def _by_generation(slots: Iterable[Slot]) -> dict[int, Sequence[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for t, i in dict.fromkeys(slots):
        found[t].append(i)
    return dict(found)
