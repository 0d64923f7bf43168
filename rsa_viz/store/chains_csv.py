"""A run's chains as a CSV table, for spreadsheets and data frames: one row a chain, texts included.

A spreadsheet may run a cell that starts like a formula, and a model may write one. So in text columns a cell that
starts with = + - @ (or their full-width forms, a tab, a line end or an apostrophe) gets an apostrophe in front, unless
it is a plain number such as -5. Taking one leading apostrophe away gives the text back. NUL and lone surrogates,
which CSV and UTF-8 cannot carry, become U+FFFD. The exact copy of a run is its bundle. Server
addresses are left out, as there.
"""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TextIO, TypeVar

from ..core.addresses import without_addresses
from ..core.aside import Aside
from ..core.chain import Chain, Slot
from ..core.ruling import apply_rulings
from .asides import list_asides
from .reading import find_run, list_chains, list_rulings, taking
from .store import Store

_Told = TypeVar("_Told", Chain, Aside)

_TEXTS = ("answer", "answer_key", "verdict_why", "error", "endpoint", "finish_reason", "text", "reasoning")
_COLUMNS = (
    *("run", "chain", "t", "i", "kind", "parents", "available", "fresh", "status", "answer", "answer_key"),
    *("verdict", "verdict_source", "verdict_why", "score", "ruled", "judged_verdict"),
    *("temperature", "seed", "finish_reason"),
    *("tokens_in", "tokens_out", "first_token_s", "latency_s", "started_at", "ended_at"),
    *("attempts", "endpoint", "prompt_sha256", "characters", "error", "text", "reasoning"),
    *("origin", "copied_from"),
)
_ASIDE_COLUMNS = {
    "aside": "kind",
    "aside_status": "status",
    "accepted": "accepted",
    "aside_tokens_in": "tokens_in",
    "aside_tokens_out": "tokens_out",
    "aside_error": "error",
    "aside_text": "text",
}
"""The call about a chain: columns at the end of every row, and the fields that fill them."""

_RISKY = re.compile(r"[=+\-@＝＋－＠\t\r\n']")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def export_csv(store: Store, run_id: str, out: TextIO) -> None:
    """Write a header and one row a chain, in slot order, planned chains included; what is unknown is empty.

    Verdicts and answer keys read as persons ruled; ``ruled`` says where, and ``judged_verdict`` is what was recorded.
    The columns from ``aside`` on are of the call about a chain, its verification or its summary; empty without one.
    Parents are slots in prompt order with spaces between, times in seconds (since the Unix epoch for started_at and
    ended_at). ``out`` should be UTF-8 with ``newline=""``. Raises NotFound.
    """
    with store.database.read() as connection:
        addresses = find_run(connection, run_id, time.time()).config.addresses
        writer = csv.writer(out)
        writer.writerow((*_COLUMNS, *_ASIDE_COLUMNS))
        asides = {aside.slot: _without(addresses, aside) for aside in list_asides(connection, run_id, text=True)}
        rulings = list_rulings(connection, run_id)
        takes = taking(connection, run_id, rulings)
        t = 0
        while judged := list_chains(connection, run_id, text=True, t=(t := t + 1), judged=True):
            chains = apply_rulings(judged, rulings, takes)
            writer.writerows(
                [
                    *_cells(run_id, _without(addresses, chain), before),
                    *_aside_cells(asides.get(chain.slot)),
                ]
                for chain, before in zip(chains, judged, strict=True)
            )


def _without(addresses: Collection[str], told: _Told) -> _Told:
    """A chain or an aside without the servers' addresses in its error and its endpoint's name."""
    return replace(
        told, error=without_addresses(addresses, told.error), endpoint=without_addresses(addresses, told.endpoint)
    )


def _cells(run_id: str, chain: Chain, judged: Chain) -> Iterator[object]:
    for column in _COLUMNS:
        if column == "run":
            yield run_id
        elif column == "chain":
            yield str(chain.slot)
        elif column == "judged_verdict":
            yield judged.verdict
        elif column in ("t", "i"):
            yield getattr(chain.slot, column)
        elif column == "copied_from":
            yield None if chain.copied_from is None else str(chain.copied_from)
        elif column in ("parents", "available"):
            yield _slots(getattr(chain, column))
        elif column in _TEXTS:
            yield safe_cell(getattr(chain, column))
        else:
            yield getattr(chain, column)


def _aside_cells(aside: Aside | None) -> Iterator[object]:
    for name in _ASIDE_COLUMNS.values():
        value = None if aside is None else getattr(aside, name)
        yield safe_cell(value) if name in ("error", "text") else value


def _slots(slots: tuple[Slot, ...]) -> str:
    return " ".join(str(slot) for slot in slots)


def safe_cell(text: str | None) -> str | None:
    """A text that no spreadsheet takes for a formula."""
    if not text:
        return text
    text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"'{text}" if _RISKY.match(text) and _NUMBER.fullmatch(text) is None else text
