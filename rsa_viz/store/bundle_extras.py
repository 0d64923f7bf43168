"""What a bundle may hold beside its chains: how each kind of record is written from the database and read into it.

The kinds, their order and their versions are ``bundle_reader.EXTRAS``. Knows no file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select

from ..core.chain import ChainOrigin, ChainStatus, Slot
from ..core.ruling import Ruling
from .asides import list_asides
from .bundle_asides import aside_fields, aside_values
from .bundle_judgings import judging_fields, judging_of
from .bundle_origins import origin_of, source_of
from .bundle_reader import Record, ruling_from
from .reading import list_rulings
from .rows import chain_origin_values, ruling_values, run_origin_values
from .step_judgings import insert_step_judging, list_step_judgings
from .tables import ASIDE, CHAIN, CHAIN_ORIGIN, RULING, RUN_ORIGIN

_ORIGIN = select(*(column for column in RUN_ORIGIN.c if column.name != "run_id")).where(
    RUN_ORIGIN.c.run_id == bindparam("run_id")
)
_CHAIN_ORIGINS = (
    select(CHAIN.c.t, CHAIN.c.i, *(CHAIN_ORIGIN.c[name] for name in ("origin", "from_t", "from_i")))
    .select_from(CHAIN.join(CHAIN_ORIGIN, CHAIN_ORIGIN.c.chain_id == CHAIN.c.id))
    .where(CHAIN.c.run_id == bindparam("run_id"))
    .order_by(CHAIN.c.t, CHAIN.c.i)
)

EXTRA_FIELDS: Mapping[str, Callable[[Connection, str, Collection[str]], list[dict[str, Any]]]] = {
    "ruling": lambda connection, run_id, _: [_ruling_fields(one) for one in list_rulings(connection, run_id)],
    "aside": lambda connection, run_id, addresses: [
        aside_fields(one, addresses) for one in list_asides(connection, run_id, text=True)
    ],
    "origin": lambda connection, run_id, _: _rows(connection, _ORIGIN, run_id),
    "chain_origin": lambda connection, run_id, _: _rows(connection, _CHAIN_ORIGINS, run_id),
    "step_judging": lambda connection, run_id, addresses: [
        judging_fields(one, addresses) for one in list_step_judgings(connection, run_id)
    ],
}
"""By kind, the records of a run; the last argument is the servers' addresses, which are left out of them."""


def insert_extras(
    connection: Connection, run_id: str, ids: Mapping[Slot, int], records: Iterable[Record]
) -> Iterator[ChainStatus]:
    """Keep checked records of a run whose chains have these ids; the status of each that is a call of its own."""
    for record in records:
        fields = record.fields
        if record.what == "ruling":
            ruling = ruling_from(fields)
            connection.execute(insert(RULING), ruling_values(run_id, ruling.slot and ids[ruling.slot], ruling))
        elif record.what == "aside":
            chain_id = ids[Slot(fields["t"], fields["i"])]
            connection.execute(insert(ASIDE), aside_values(run_id, chain_id, fields))
            yield ChainStatus(fields["status"])
        elif record.what == "origin":
            connection.execute(insert(RUN_ORIGIN), run_origin_values(run_id, origin_of(fields)))
        elif record.what == "chain_origin":
            chain_id = ids[Slot(fields["t"], fields["i"])]
            origin = ChainOrigin(fields["origin"])
            connection.execute(insert(CHAIN_ORIGIN), chain_origin_values(run_id, chain_id, origin, source_of(fields)))
        elif record.what == "step_judging":
            judging = judging_of(fields)
            insert_step_judging(connection, run_id, ids[judging.slot], judging)


def _rows(connection: Connection, chosen: Select[Any], run_id: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(chosen, {"run_id": run_id}).mappings()]


def _ruling_fields(ruling: Ruling) -> dict[str, Any]:
    t, i = ruling.slot or (None, None)
    return {
        "kind": ruling.kind.value,
        "t": t,
        "i": i,
        "answer_key": ruling.answer_key,
        "into_key": ruling.into_key,
        "verdict": ruling.verdict.value,
        "why": ruling.why,
        "at": ruling.at,
        "undone_at": ruling.undone_at,
    }
