"""Calls about chains that are done: how they are recorded and read. A connection in.

An aside has its row from the moment its run has one, and no id of its own: a chain has one at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from ..core.aside import Aside, AsideKind, AsideOutcome
from ..core.chain import ChainStatus, Slot
from ..core.errors import AlreadyRecorded, InvalidInput, NotFound, StoreError
from .reading import find_revision, slot_rows
from .rows import ASIDE_COLUMNS, ASIDE_TEXT_COLUMNS, aside_of, ended_aside_values
from .tables import ASIDE, CHAIN
from .writing import count_ended

_OF_RUN = CHAIN.c.run_id == bindparam("run_id")
_JOINED = CHAIN.join(ASIDE, ASIDE.c.chain_id == CHAIN.c.id)
_ASIDES = select(*ASIDE_COLUMNS).select_from(_JOINED).where(_OF_RUN).order_by(CHAIN.c.t, CHAIN.c.i)
_WHOLE_ASIDES = _ASIDES.add_columns(*ASIDE_TEXT_COLUMNS)
_ONE_ASIDE = (
    select(*ASIDE_COLUMNS, *ASIDE_TEXT_COLUMNS)
    .select_from(_JOINED)
    .where(_OF_RUN, CHAIN.c.t == bindparam("t"), CHAIN.c.i == bindparam("i"))
)
_SUMMARIES = (
    select(CHAIN.c.i, ASIDE.c.text)
    .select_from(_JOINED)
    .where(
        _OF_RUN,
        CHAIN.c.t == bindparam("t"),
        CHAIN.c.i.in_(bindparam("indices", expanding=True)),
        ASIDE.c.kind == AsideKind.SUMMARISE.value,
    )
)
_END_ASIDE = (
    update(ASIDE)
    .where(ASIDE.c.chain_id == bindparam("of_chain"), ASIDE.c.status == ChainStatus.PLANNED.value)
    .returning(ASIDE.c.kind)
)


def record_aside(
    connection: Connection, run_id: str, outcome: AsideOutcome, accepted: bool | None, endpoint: str
) -> None:
    """End one aside.

    Raises NotFound; AlreadyRecorded when it has ended before, StoreError when its chain has not; InvalidInput when the
    chain has no such aside planned, a failure gives no reason, or something other than a verification that came back
    is accepted or not.
    """
    slot = outcome.slot
    failed = outcome.completion is None
    if failed and not outcome.error:
        raise InvalidInput(f"the aside of chain {slot} failed without a reason; record one")
    if accepted is not None and (failed or outcome.kind is not AsideKind.VERIFY):
        raise InvalidInput(f"chain {slot} cannot be {'accepted' if accepted else 'rejected'} without a verification")
    found = slot_rows(connection, run_id, [slot])
    if slot not in found:
        find_revision(connection, run_id)
        raise NotFound(f"run {run_id} has no chain {slot}")
    chain_id, status = found[slot]
    if status == ChainStatus.PLANNED.value:
        raise StoreError(f"the aside of chain {slot} of run {run_id} cannot end before its chain")
    values = ended_aside_values(outcome, accepted, endpoint)
    kind = connection.execute(_END_ASIDE, {**values, "of_chain": chain_id}).scalar()
    if kind is None and find_aside(connection, run_id, slot) is not None:
        raise AlreadyRecorded(
            f"the aside of chain {slot} of run {run_id} has been recorded before; what is recorded is never replaced"
        )
    if kind != outcome.kind.value:
        raise InvalidInput(f"chain {slot} of run {run_id} has no call to {outcome.kind} planned")
    count_ended(connection, run_id, failed=failed)


def list_asides(connection: Connection, run_id: str, *, text: bool) -> list[Aside]:
    """The asides of a run in slot order, planned ones included. Raises NotFound when there is no such run."""
    rows = connection.execute(_WHOLE_ASIDES if text else _ASIDES, {"run_id": run_id}).all()
    if not rows:
        find_revision(connection, run_id)
    return [aside_of(row) for row in rows]


def find_aside(connection: Connection, run_id: str, slot: Slot) -> Aside | None:
    """The aside of a chain, whole; None when it has none."""
    row = connection.execute(_ONE_ASIDE, {"run_id": run_id, "t": slot.t, "i": slot.i}).first()
    return None if row is None else aside_of(row)


def find_summaries(connection: Connection, run_id: str, slots: Iterable[Slot]) -> dict[Slot, str | None]:
    """The summaries of those of ``slots`` that have one planned; None where it is not there."""
    by_generation: dict[int, list[int]] = {}
    for t, i in slots:
        by_generation.setdefault(t, []).append(i)
    found: dict[Slot, str | None] = {}
    for t, indices in by_generation.items():
        bound: dict[str, Any] = {"run_id": run_id, "t": t, "indices": indices}
        found |= {Slot(t, i): text for i, text in connection.execute(_SUMMARIES, bound)}
    return found
