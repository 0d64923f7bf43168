"""How runs and chains are written. A connection in a write transaction in; the caller's block commits.

Knows nothing of who may write: ``driving`` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ..core.chain import Answer, ChainStatus, InFlight, Judgement, Outcome, Slot, Verdict, VerdictSource
from ..core.errors import AlreadyRecorded, InvalidInput
from ..core.genealogy import Plan
from ..core.problem import Problem
from .reading import find_revision, no_such_chain, no_such_run, slot_rows
from .rows import ended_values, in_flight_values, planned_aside_values, planned_values, problem_values
from .tables import ASIDE, CHAIN, IN_FLIGHT, PARENT_LINK, PROBLEM, RUN

_END_CHAIN = (
    update(CHAIN)
    .where(
        CHAIN.c.run_id == bindparam("at_run"),
        CHAIN.c.t == bindparam("at_t"),
        CHAIN.c.i == bindparam("at_i"),
        CHAIN.c.status == ChainStatus.PLANNED.value,
    )
    .returning(CHAIN.c.id)
)
_OF_LINK = CHAIN.c.id == PARENT_LINK.c.parent_id
_MARK_ALL = (
    update(PARENT_LINK)
    .where(PARENT_LINK.c.child_id == bindparam("of_child"))
    .values(available=True)
    .returning(
        PARENT_LINK.c.position,
        select(CHAIN.c.t).where(_OF_LINK).scalar_subquery(),
        select(CHAIN.c.i).where(_OF_LINK).scalar_subquery(),
    )
)
_MARK_LOST = (
    update(PARENT_LINK)
    .where(PARENT_LINK.c.child_id == bindparam("of_child"), PARENT_LINK.c.position == bindparam("at_position"))
    .values(available=False)
)
_COUNT = (
    update(RUN)
    .where(RUN.c.id == bindparam("of_run"))
    .values(
        done=RUN.c.done + bindparam("more_done"),
        failed=RUN.c.failed + bindparam("more_failed"),
        revision=RUN.c.revision + 1,
    )
)


def insert_run(connection: Connection, problem: Problem, values: Mapping[str, Any]) -> None:
    """A run's row, and its problem's unless the same problem is there."""
    known = select(PROBLEM.c.id).where(PROBLEM.c.digest == bindparam("digest"))
    columns = problem_values(problem)
    problem_id = connection.execute(known, {"digest": columns["digest"]}).scalar()
    if problem_id is None:
        problem_id = connection.execute(insert(PROBLEM).values(columns).returning(PROBLEM.c.id)).scalar_one()
    connection.execute(insert(RUN), {**values, "problem_id": problem_id})


def insert_plan(connection: Connection, run_id: str, plan: Plan) -> None:
    """Every chain of a plan, as planned, its parent links and its aside."""
    connection.execute(insert(CHAIN), [planned_values(run_id, chain) for chain in plan])
    ids = {slot: chain_id for slot, (chain_id, _) in slot_rows(connection, run_id, plan.by_slot).items()}
    insert_links(
        connection, ids, ((chain.slot, [(parent, None) for parent in chain.parents]) for chain in plan if chain.parents)
    )
    rows = [planned_aside_values(run_id, ids[chain.slot], chain.aside) for chain in plan if chain.aside is not None]
    if rows:
        connection.execute(insert(ASIDE), rows)


def insert_links(
    connection: Connection,
    ids: Mapping[Slot, int],
    links: Iterable[tuple[Slot, Sequence[tuple[Slot, bool | None]]]],
) -> None:
    """The parent links of some children, in prompt order; ``ids`` holds the chain ids of all slots named."""
    rows = [
        {"child_id": ids[child], "position": position, "parent_id": ids[parent], "available": available}
        for child, parents in links
        for position, (parent, available) in enumerate(parents, start=1)
    ]
    if rows:
        connection.execute(insert(PARENT_LINK), rows)


def record(
    connection: Connection, run_id: str, outcome: Outcome, answer: Answer | None, judgement: Judgement, endpoint: str
) -> None:
    """End one chain.

    Raises NotFound; AlreadyRecorded when the chain has ended before; InvalidInput when the outcome's parents are not
    the chain's, a failure gives no reason, a verdict has no source or a score is not from 0 to 1.
    """
    slot = outcome.slot
    failed = outcome.completion is None
    if failed and not outcome.error:
        raise InvalidInput(f"chain {slot} failed without a reason; record one")
    if judgement.verdict is not Verdict.UNKNOWN and judgement.source is VerdictSource.NONE:
        raise InvalidInput(f"chain {slot} cannot be {judgement.verdict.value} with nobody who says so")
    if judgement.score is not None and not 0 <= judgement.score <= 1:
        raise InvalidInput(f"chain {slot} cannot have the score {judgement.score!r}; scores are from 0 to 1")
    ended = connection.execute(
        _END_CHAIN,
        {
            **ended_values(outcome, answer, judgement, endpoint),
            "at_run": run_id,
            "at_t": slot.t,
            "at_i": slot.i,
        },
    ).scalar()
    if ended is None:
        raise _not_ended(connection, run_id, slot)
    links = sorted(connection.execute(_MARK_ALL, {"of_child": ended}).all())
    parents = [Slot(t, i) for _, t, i in links]
    standing = set(outcome.available)
    if tuple(parent for parent in parents if parent in standing) != outcome.available:
        raise InvalidInput(f"chain {slot} cannot have had {_named(outcome.available)} in its prompt in this order")
    for position, parent in enumerate(parents, start=1):
        if parent not in standing:
            connection.execute(_MARK_LOST, {"of_child": ended, "at_position": position})
    count_ended(connection, run_id, failed=failed)


def count_ended(connection: Connection, run_id: str, *, failed: bool) -> None:
    """One more call of the run has ended."""
    connection.execute(_COUNT, {"of_run": run_id, "more_done": int(not failed), "more_failed": int(failed)})


def _not_ended(connection: Connection, run_id: str, slot: Slot) -> Exception:
    find_revision(connection, run_id)
    if slot not in slot_rows(connection, run_id, [slot]):
        return no_such_chain(run_id, slot)
    return AlreadyRecorded(f"chain {slot} of run {run_id} has been recorded before; what is recorded is never replaced")


def _named(slots: Iterable[Slot]) -> str:
    return ", ".join(str(slot) for slot in slots) or "no parent"


def replace_in_flight(connection: Connection, run_id: str, chains: Sequence[InFlight]) -> None:
    """The run's chains in flight are now these. One that has ended is left out: the teller was late."""
    find_revision(connection, run_id)
    connection.execute(delete(IN_FLIGHT).where(IN_FLIGHT.c.run_id == bindparam("of_run")), {"of_run": run_id})
    found = slot_rows(connection, run_id, (chain.slot for chain in chains))
    rows = []
    for chain in chains:
        if chain.slot not in found:
            raise no_such_chain(run_id, chain.slot)
        chain_id, status = found[chain.slot]
        if status == ChainStatus.PLANNED.value or chain.aside is not None:
            rows.append(in_flight_values(run_id, chain_id, chain))
    if rows:
        connection.execute(insert(IN_FLIGHT), rows)


def write_note(connection: Connection, run_id: str, note: str) -> None:
    """The user's own words on a run. Raises NotFound."""
    changed = connection.execute(
        update(RUN).where(RUN.c.id == run_id).values(note=note, revision=RUN.c.revision + 1),
    )
    if not changed.rowcount:
        raise no_such_run(run_id)


def remove_run(connection: Connection, run_id: str) -> None:
    """A run with all its chains and links, and its problem if no other run has it. Raises NotFound."""
    problem_id = connection.execute(delete(RUN).where(RUN.c.id == run_id).returning(RUN.c.problem_id)).scalar()
    if problem_id is None:
        raise no_such_run(run_id)
    others = select(RUN.c.id).where(RUN.c.problem_id == problem_id).exists()
    connection.execute(delete(PROBLEM).where(PROBLEM.c.id == problem_id, ~others))
