"""What a bundle may hold beside its chains: how each kind of record is written from the database and read into it.

The kinds, their order and their versions are ``bundle_reader.EXTRAS``. Knows no file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, insert

from ..core.chain import ChainStatus, Slot
from ..core.ruling import Ruling
from .asides import list_asides
from .bundle_asides import aside_fields, aside_values
from .bundle_reader import Record, ruling_from
from .reading import list_rulings
from .rows import ruling_values
from .tables import ASIDE, RULING

EXTRA_FIELDS: Mapping[str, Callable[[Connection, str, str | None], list[dict[str, Any]]]] = {
    "ruling": lambda connection, run_id, _: [_ruling_fields(one) for one in list_rulings(connection, run_id)],
    "aside": lambda connection, run_id, address: [
        aside_fields(one, address) for one in list_asides(connection, run_id, text=True)
    ],
}
"""By kind, the records of a run; the last argument is the server's address, which is left out of them."""


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
