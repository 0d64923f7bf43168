"""Where a forked run and its chains come from, in its bundle: a record for the run, and one for each chain that was
taken over or planted. Knows no order of other records and no database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.chain import ChainOrigin, ChainStatus, Slot
from ..core.run import RunOrigin


def check_chain_origin(fields: Mapping[str, Any], last: Slot | None, chains: Mapping[Slot, str], forked: bool) -> Slot:
    """Raise ValueError for a record that fits none of the ``chains`` (their statuses by slot), contradicts itself or
    stands before ``last``, the slot of the one before it, and for one in a bundle that is not ``forked``; else its
    slot."""
    slot = Slot(fields["t"], fields["i"])
    if not forked:
        raise ValueError("only a run with an origin has chains that were taken over or planted")
    if last is not None and slot <= last:
        raise ValueError("origins of chains must be in slot order, one a chain")
    if chains.get(slot, ChainStatus.PLANNED.value) == ChainStatus.PLANNED.value:
        raise ValueError("its chain stands nowhere in the bundle, or has not ended")
    if (fields["from_t"] is None) != (fields["from_i"] is None):
        raise ValueError("it must have both from_t and from_i, or neither")
    if fields["origin"] == ChainOrigin.COPIED.value and fields["from_t"] is None:
        raise ValueError("a chain that was taken over must say from which")
    if fields["origin"] == ChainOrigin.PLANTED.value and chains[slot] != ChainStatus.DONE.value:
        raise ValueError("a planted chain is done")
    return slot


def check_origin(fields: Mapping[str, Any]) -> None:
    """Raise ValueError for an origin that names half a slot."""
    if (fields["of_t"] is None) != (fields["of_i"] is None):
        raise ValueError("it must have both of_t and of_i, or neither")


def origin_of(fields: Mapping[str, Any]) -> RunOrigin:
    """The origin in a checked record."""
    slot = None if fields["of_t"] is None else Slot(fields["of_t"], fields["of_i"])
    return RunOrigin(fields["from_run_id"], fields["t"], fields["change"], slot)


def source_of(fields: Mapping[str, Any]) -> Slot | None:
    """The slot in the original that a checked record of a chain names."""
    return None if fields["from_t"] is None else Slot(fields["from_t"], fields["from_i"])
