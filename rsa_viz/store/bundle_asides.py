"""The asides of a run in its bundle: a record each, after the chains. Knows no order of other records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..core.addresses import without_addresses
from ..core.aside import Aside, AsideKind
from ..core.chain import ChainStatus, Slot

_PLAIN = (
    *("seed", "text", "reasoning", "accepted", "prompt_sha256", "finish_reason", "tokens_in", "tokens_out"),
    *("first_token_s", "latency_s", "started_at", "ended_at", "attempts"),
)
_OUTCOME = (*_PLAIN[1:-1], "error", "endpoint")


def aside_fields(aside: Aside, addresses: Collection[str]) -> dict[str, Any]:
    """An aside as a record, without the servers' addresses."""
    return {
        "t": aside.slot.t,
        "i": aside.slot.i,
        "kind": aside.kind.value,
        "status": aside.status.value,
        **{name: getattr(aside, name) for name in _PLAIN},
        "error": without_addresses(addresses, aside.error),
        "endpoint": without_addresses(addresses, aside.endpoint),
    }


def check_aside(fields: Mapping[str, Any], last: Slot | None, chains: Mapping[Slot, str]) -> Slot:
    """Raise ValueError for a record that fits none of the ``chains`` (their statuses by slot), contradicts itself, or
    stands before ``last``, the slot of the one before it; else its slot."""
    slot, status = Slot(fields["t"], fields["i"]), fields["status"]
    if slot not in chains:
        raise ValueError("its chain stands nowhere in the bundle")
    if last is not None and slot <= last:
        raise ValueError("asides must be in slot order, one a chain")
    ended = status != ChainStatus.PLANNED.value
    if ended and chains[slot] == ChainStatus.PLANNED.value:
        raise ValueError("it cannot have ended before its chain")
    if not ended and any(fields[name] is not None for name in _OUTCOME):
        raise ValueError("it is planned and must have neither text nor any other outcome yet")
    if status == ChainStatus.DONE.value and fields["text"] is None:
        raise ValueError("it is done and must have a text")
    if status == ChainStatus.FAILED.value and (fields["text"] is not None or not fields["error"]):
        raise ValueError("it failed and must have an error and no text")
    verified = fields["kind"] == AsideKind.VERIFY.value and status == ChainStatus.DONE.value
    if fields["accepted"] is not None and not verified:
        raise ValueError("only a verification that is done can accept or reject")
    return slot


def aside_values(run_id: str, chain_id: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A row of ``aside`` from a checked record."""
    return {"run_id": run_id, "chain_id": chain_id, **{name: fields[name] for name in fields if name not in ("t", "i")}}
