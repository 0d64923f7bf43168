"""How rulings are made and undone. A connection in a write transaction in; the caller's block commits.

Nothing that was judged is touched: a ruling is a row of its own, read over the chains by ``core.ruling``.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, bindparam, insert, select, update

from ..core.chain import ChainStatus, Slot, Verdict
from ..core.errors import InvalidInput, NotFound
from ..core.ruling import Ruling, RulingKind, check_merge
from .reading import find_revision, list_chains, list_rulings, no_such_chain, slot_rows
from .rows import ruling_values
from .tables import RULING, RUN

_ONE = select(RULING.c.undone_at).where(RULING.c.id == bindparam("id"), RULING.c.run_id == bindparam("run_id"))


def rule_verdict(connection: Connection, run_id: str, slot: Slot, verdict: Verdict, why: str, now: float) -> Ruling:
    """A person says what a done chain is. Raises NotFound, and InvalidInput for a chain that is not done."""
    find_revision(connection, run_id)
    found = slot_rows(connection, run_id, [slot])
    if slot not in found:
        raise no_such_chain(run_id, slot)
    chain_id, status = found[slot]
    if status != ChainStatus.DONE.value:
        raise InvalidInput(f"chain {slot} is {status}: there is nothing of it that could be {verdict.value}")
    return _insert(connection, run_id, chain_id, Ruling(0, RulingKind.VERDICT, verdict, now, why.strip(), slot))


def merge_answers(connection: Connection, run_id: str, answer_key: str, into_key: str, why: str, now: float) -> Ruling:
    """A person makes one answer class of two. Raises NotFound, and InvalidInput as ``check_merge``."""
    chains = list_chains(connection, run_id, text=False, t=None, judged=True)
    verdict = check_merge(answer_key, into_key, chains, list_rulings(connection, run_id))
    made = Ruling(0, RulingKind.MERGE, verdict, now, why.strip(), answer_key=answer_key, into_key=into_key)
    return _insert(connection, run_id, None, made)


def undo(connection: Connection, run_id: str, ruling_id: int, now: float) -> Ruling:
    """A ruling counts no more. Raises NotFound, and InvalidInput when it was undone before."""
    find_revision(connection, run_id)
    row = connection.execute(_ONE, {"id": ruling_id, "run_id": run_id}).first()
    if row is None:
        raise NotFound(f"run {run_id} has no ruling {ruling_id}")
    if row.undone_at is not None:
        raise InvalidInput(f"ruling {ruling_id} of run {run_id} has been undone before; make a new one instead")
    connection.execute(update(RULING).where(RULING.c.id == ruling_id).values(undone_at=now))
    _grow(connection, run_id)
    return next(ruling for ruling in list_rulings(connection, run_id) if ruling.id == ruling_id)


def _insert(connection: Connection, run_id: str, chain_id: int | None, ruling: Ruling) -> Ruling:
    row = insert(RULING).values(ruling_values(run_id, chain_id, ruling)).returning(RULING.c.id)
    made = replace(ruling, id=connection.execute(row).scalar_one())
    _grow(connection, run_id)
    return made


def _grow(connection: Connection, run_id: str) -> None:
    connection.execute(update(RUN).where(RUN.c.id == run_id).values(revision=RUN.c.revision + 1))
