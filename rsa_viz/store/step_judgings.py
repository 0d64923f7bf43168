"""How judgings of steps are written and read. A connection in; the caller's block commits what is written."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from ..core.chain import ChainStatus, Slot, Verdict
from ..core.errors import InvalidInput
from ..core.step_judging import StepJudging, StepVerdict
from .reading import find_revision, no_such_chain, slot_rows
from .tables import CHAIN, RUN, STEP_JUDGING, STEP_VERDICT

_OF_RUN = STEP_JUDGING.c.run_id == bindparam("run_id")
_COLUMNS = tuple(column.name for column in STEP_JUDGING.c if column.name not in ("id", "run_id", "chain_id"))
_JUDGINGS = (
    select(STEP_JUDGING.c.id, *(STEP_JUDGING.c[name] for name in _COLUMNS), CHAIN.c.t, CHAIN.c.i)
    .join(CHAIN, CHAIN.c.id == STEP_JUDGING.c.chain_id)
    .where(_OF_RUN)
    .order_by(STEP_JUDGING.c.id)
)
_VERDICTS = (
    select(*STEP_VERDICT.c)
    .join(STEP_JUDGING, STEP_JUDGING.c.id == STEP_VERDICT.c.judging_id)
    .where(_OF_RUN)
    .order_by(STEP_VERDICT.c.judging_id, STEP_VERDICT.c.start)
)


def record_step_judging(connection: Connection, run_id: str, judging: StepJudging) -> None:
    """Keep one judging; its id is not read. Raises NotFound, and InvalidInput for a chain that is not done, a failure
    without a reason, or verdicts whose offsets do not follow each other."""
    find_revision(connection, run_id)
    found = slot_rows(connection, run_id, [judging.slot])
    if judging.slot not in found:
        raise no_such_chain(run_id, judging.slot)
    chain_id, status = found[judging.slot]
    if status != ChainStatus.DONE.value:
        raise InvalidInput(f"chain {judging.slot} is {status}: it has no steps that could be judged")
    check_judging(judging)
    insert_step_judging(connection, run_id, chain_id, judging)
    connection.execute(update(RUN).where(RUN.c.id == run_id).values(revision=RUN.c.revision + 1))


def check_judging(judging: StepJudging) -> None:
    """Raise InvalidInput for a failure without a reason, or verdicts whose offsets do not follow each other."""
    if judging.text is None and (not judging.error or judging.verdicts):
        raise InvalidInput(f"the judging of chain {judging.slot} failed; record why, and no verdicts")
    place = 0
    for verdict in judging.verdicts:
        if not place <= verdict.start < verdict.end:
            raise InvalidInput(
                f"the verdicts on chain {judging.slot} must be in the order of its text and must not overlap; "
                f"{verdict.start} to {verdict.end} does not follow {place}"
            )
        place = verdict.end


def insert_step_judging(connection: Connection, run_id: str, chain_id: int, judging: StepJudging) -> None:
    """A judging's rows, unchecked."""
    values = {name: getattr(judging, name) for name in _COLUMNS}
    row = insert(STEP_JUDGING).values({**values, "run_id": run_id, "chain_id": chain_id}).returning(STEP_JUDGING.c.id)
    judging_id = connection.execute(row).scalar_one()
    verdicts = [
        {"judging_id": judging_id, "start": one.start, "stop": one.end, "verdict": one.verdict.value, "why": one.why}
        for one in judging.verdicts
    ]
    if verdicts:
        connection.execute(insert(STEP_VERDICT), verdicts)


def list_step_judgings(connection: Connection, run_id: str) -> list[StepJudging]:
    """Every judging of a run's chains, in the order of recording. Raises NotFound."""
    find_revision(connection, run_id)
    said: dict[int, list[StepVerdict]] = {}
    for judging_id, start, stop, verdict, why in connection.execute(_VERDICTS, {"run_id": run_id}):
        said.setdefault(judging_id, []).append(StepVerdict(start, stop, Verdict(verdict), why))
    found = []
    for judging_id, *values, t, i in connection.execute(_JUDGINGS, {"run_id": run_id}):
        kept = dict(zip(_COLUMNS, values, strict=True))
        found.append(StepJudging(id=judging_id, slot=Slot(t, i), verdicts=tuple(said.get(judging_id, ())), **kept))
    return found
