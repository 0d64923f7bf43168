"""Driving a run: one owner at a time, who says that it lives and hears what is asked of it.

A connection in a write transaction in. BEGIN IMMEDIATE makes each of these one step: of two that claim a run at
once, one gets it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from ..core.errors import InvalidInput, RunHeld, StoreError
from ..core.run import RunStatus
from ..core.wish import check_wish, outweighs
from .ownership import is_living
from .reading import no_such_run
from .tables import IN_FLIGHT, RUN

_STATE = select(
    RUN.c.status, RUN.c.owner, RUN.c.heartbeat_at, RUN.c.wanted, RUN.c.started_at, RUN.c.calls, RUN.c.done, RUN.c.failed
).where(RUN.c.id == bindparam("run_id"))

_State: TypeAlias = Row[*tuple[Any, ...]]

_ENDINGS = (RunStatus.DONE, RunStatus.PAUSED, RunStatus.STOPPED, RunStatus.FAILED)


def check_free(connection: Connection, run_id: str, now: float) -> _State:
    """The run's state. Raises NotFound, and RunHeld when a living owner drives it."""
    state = connection.execute(_STATE, {"run_id": run_id}).first()
    if state is None:
        raise no_such_run(run_id)
    if state.status == RunStatus.RUNNING.value and is_living(state.owner, state.heartbeat_at, now):
        raise RunHeld(f"run {run_id} is driven by {state.owner}; pause or stop it there first")
    return state


def claim(connection: Connection, run_id: str, owner: str, now: float) -> None:
    """``owner`` drives the run from now on. Raises as ``check_free``."""
    state = check_free(connection, run_id, now)
    _set(
        connection,
        run_id,
        status=RunStatus.RUNNING.value,
        owner=owner,
        heartbeat_at=now,
        wanted=None,
        error=None,
        started_at=now if state.started_at is None else state.started_at,
        ended_at=None,
    )


def heartbeats(connection: Connection, run_ids: Collection[str], owner: str, now: float) -> dict[str, str]:
    """Note that ``owner`` lives; what is asked of each run that it still drives: ``run`` or a wish. The others are left
    out."""
    ours = RUN.c.id.in_(list(run_ids)) & (RUN.c.owner == owner)
    connection.execute(update(RUN).where(ours).values(heartbeat_at=now))
    return {
        run_id: str(wanted or "run")
        for run_id, wanted in connection.execute(select(RUN.c.id, RUN.c.wanted).where(ours))
    }


def release(connection: Connection, run_id: str, owner: str, status: RunStatus, error: str | None, now: float) -> None:
    """The owner lets go, and says how the run ended. Raises InvalidInput for a status that is no ending, and for
    done while calls are still planned; else as ``check_driver``."""
    state = check_driver(connection, run_id, owner)
    if status not in _ENDINGS:
        raise InvalidInput(f"a run cannot be let go as {status.value}; say {', '.join(one.value for one in _ENDINGS)}")
    planned = state.calls - state.done - state.failed
    if status is RunStatus.DONE and planned:
        raise InvalidInput(f"run {run_id} is not done: {planned} of its {state.calls} calls are still planned")
    _set(
        connection,
        run_id,
        status=status.value,
        error=error,
        ended_at=now,
        owner=None,
        heartbeat_at=None,
        wanted=None,
    )


def ask(connection: Connection, run_id: str, wanted: str) -> None:
    """Ask a run's owner for what ``core.wish`` says; a stop is not softened to a pause. Raises NotFound and
    InvalidInput."""
    check_wish(wanted)
    state = connection.execute(_STATE, {"run_id": run_id}).first()
    if state is None:
        raise no_such_run(run_id)
    if outweighs(wanted, state.wanted):
        connection.execute(
            update(RUN).where(RUN.c.id == run_id).values(wanted=wanted, revision=RUN.c.revision + 1),
        )


def check_driver(connection: Connection, run_id: str, owner: str) -> _State:
    """The run's state. Raises NotFound; RunHeld when another has taken the run over; StoreError when nobody has it."""
    state = connection.execute(_STATE, {"run_id": run_id}).first()
    if state is None:
        raise no_such_run(run_id)
    if state.owner is None:
        raise StoreError(f"run {run_id} is not driven by {owner} any more; claim it again")
    if state.owner != owner:
        raise RunHeld(f"run {run_id} has been taken over by {state.owner}; {owner} must let it be")
    return state


def _set(connection: Connection, run_id: str, **values: Any) -> None:
    connection.execute(update(RUN).where(RUN.c.id == run_id).values(**values, revision=RUN.c.revision + 1))
    connection.execute(delete(IN_FLIGHT).where(IN_FLIGHT.c.run_id == run_id))
