"""How a run is made from another one: some chains taken over as they ended, some written by a person, the rest planned.

A connection in a write transaction in. Chains are copied within the database, whatever columns they have; the original
is only read. Copies are no calls of the new run: ``calls`` counts what it has to call itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from ..core.chain import Answer, ChainOrigin, ChainStatus, Completion, Judgement, Outcome, Slot
from ..core.errors import InvalidInput
from ..core.ruling import RulingKind, merges_as_they_read
from ..core.run import RunOrigin
from .reading import list_rulings, no_such_chain, slot_rows, taking
from .rows import chain_origin_values, ended_values, ruling_values, run_origin_values
from .tables import ASIDE, CHAIN, CHAIN_ORIGIN, RULING, RUN, RUN_ORIGIN

NAMED = 6  # chains that a refusal names


@dataclass(frozen=True, slots=True)
class PlantedText:
    """What a person wrote in a chain's place, as its task judged it; ``edited_from`` is the chain that was changed."""

    text: str
    answer: Answer | None
    judgement: Judgement
    edited_from: Slot | None = None


_PLANNED = ("id", "run_id", "t", "i", "kind", "seed", "temperature")
_ENDED = ", ".join(f'"{column.name}"' for column in CHAIN.c if column.name not in _PLANNED)
_COPY = text(f"UPDATE chain SET ({_ENDED}) = (SELECT {_ENDED} FROM chain WHERE id = :old) WHERE id = :new")
_COPY_LINKS = text(
    "UPDATE parent_link SET available = (SELECT was.available FROM parent_link AS was"
    " WHERE was.child_id = :old AND was.position = parent_link.position) WHERE child_id = :new"
)
_ASIDE = ", ".join(f'"{column.name}"' for column in ASIDE.c if column.name not in ("chain_id", "run_id"))
_COPY_ASIDES = text(
    f"UPDATE aside SET ({_ASIDE}) = (SELECT {_ASIDE} FROM aside WHERE chain_id = :old)"
    " WHERE chain_id = :new AND EXISTS (SELECT 1 FROM aside WHERE chain_id = :old)"
)
_ORIGINS = select(CHAIN_ORIGIN.c.chain_id, CHAIN_ORIGIN.c.origin).where(CHAIN_ORIGIN.c.run_id == bindparam("run_id"))


def take_over(
    connection: Connection,
    run_id: str,
    origin: RunOrigin,
    copied: Mapping[Slot, Slot],
    planted: Mapping[Slot, PlantedText],
    now: float,
) -> None:
    """End chains of a run whose plan was just stored, and say where it comes from.

    ``copied`` names for each slot taken over the slot of the original, ``planted`` what a person wrote in others. A
    copy reads as its original does: the active rulings on it are taken over too, with every merge of answer classes. A
    copy of a planted chain counts as planted. Raises NotFound for a chain that the original does not have, and
    InvalidInput for one that has not ended.
    """
    connection.execute(insert(RUN_ORIGIN), run_origin_values(run_id, origin))
    here = {slot: found[0] for slot, found in slot_rows(connection, run_id, {*copied, *planted}).items()}
    there = slot_rows(connection, origin.run_id, copied.values())
    _check_ended(origin.run_id, copied.values(), there)
    if pairs := [{"new": here[slot], "old": there[source][0]} for slot, source in copied.items()]:
        for statement in (_COPY, _COPY_LINKS, _COPY_ASIDES):
            connection.execute(statement, pairs)
    words = {row.chain_id: row.origin for row in connection.execute(_ORIGINS, {"run_id": origin.run_id})}
    origins = []
    for slot, source in copied.items():
        by_hand = words.get(there[source][0]) == ChainOrigin.PLANTED.value
        kind = ChainOrigin.PLANTED if by_hand else ChainOrigin.COPIED
        origins.append(chain_origin_values(run_id, here[slot], kind, source))
    for slot, one in planted.items():
        _plant(connection, here[slot], slot, one, now)
        origins.append(chain_origin_values(run_id, here[slot], ChainOrigin.PLANTED, one.edited_from))
    if origins:
        connection.execute(insert(CHAIN_ORIGIN), origins)
    _take_rulings(connection, run_id, origin.run_id, {source: (slot, here[slot]) for slot, source in copied.items()})
    count_own_calls(connection, run_id)


def _check_ended(run_id: str, sources: Iterable[Slot], there: Mapping[Slot, tuple[int, str]]) -> None:
    missing = [slot for slot in sources if slot not in there]
    if missing:
        raise no_such_chain(run_id, missing[0])
    planned = sorted(slot for slot, (_, status) in there.items() if status == ChainStatus.PLANNED.value)
    if planned:
        more = f" and {len(planned) - NAMED:,} more" if len(planned) > NAMED else ""
        raise InvalidInput(
            f"run {run_id} cannot be taken over from yet: {', '.join(map(str, planned[:NAMED]))}{more} "
            f"{'has' if len(planned) == 1 else 'have'} not ended; wait, resume it, or take an earlier generation"
        )


def _plant(connection: Connection, chain_id: int, slot: Slot, one: PlantedText, now: float) -> None:
    outcome = Outcome(slot, Completion(one.text), None, 0, "", (), False, now, now)
    values: dict[str, Any] = {
        **ended_values(outcome, one.answer, one.judgement, ""),
        **dict.fromkeys(("prompt_sha256", "endpoint", "latency_s", "reasoning")),  # nobody was asked
    }
    connection.execute(update(CHAIN).where(CHAIN.c.id == chain_id), values)


def _take_rulings(connection: Connection, run_id: str, original: str, copies: Mapping[Slot, tuple[Slot, int]]) -> None:
    rulings = list_rulings(connection, original)
    # The fork may have no chain of a class that takes merged ones: then what is stored with the merge counts there.
    for ruling in merges_as_they_read(rulings, taking(connection, original, rulings)):
        if ruling.undone_at is not None:
            continue
        if ruling.kind is RulingKind.VERDICT:
            if ruling.slot is not None and ruling.slot in copies:
                slot, chain_id = copies[ruling.slot]
                connection.execute(insert(RULING), ruling_values(run_id, chain_id, replace(ruling, slot=slot)))
        else:
            connection.execute(insert(RULING), ruling_values(run_id, None, ruling))


def count_own_calls(connection: Connection, run_id: str) -> None:
    """Count anew what a fork calls, and what of it has ended: chains and asides that it did not take over.

    An aside of a chain that was taken over is the fork's own when it had not ended before the fork was made.
    """
    created = select(RUN.c.created_at).where(RUN.c.id == bindparam("run_id")).scalar_subquery()
    of_run = CHAIN.c.run_id == bindparam("run_id")
    chains = CHAIN.join(CHAIN_ORIGIN, CHAIN_ORIGIN.c.chain_id == CHAIN.c.id, isouter=True)
    own = select(CHAIN.c.status).select_from(chains).where(of_run, CHAIN_ORIGIN.c.chain_id.is_(None))
    asides = chains.join(ASIDE, ASIDE.c.chain_id == CHAIN.c.id)
    taken = CHAIN_ORIGIN.c.from_t.is_not(None) & (ASIDE.c.ended_at < created)
    own_asides = select(ASIDE.c.status).select_from(asides).where(of_run, ~func.coalesce(taken, False))
    counts = Counter(
        status for query in (own, own_asides) for (status,) in connection.execute(query, {"run_id": run_id})
    )
    connection.execute(
        update(RUN)
        .where(RUN.c.id == run_id)
        .values(calls=counts.total(), done=counts[ChainStatus.DONE.value], failed=counts[ChainStatus.FAILED.value])
    )
