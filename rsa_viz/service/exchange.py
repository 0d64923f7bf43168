"""Runs in and out of files: which format is written by which layer. Knows no page."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import BinaryIO

from ..analysis.replay import Recording
from ..core.errors import InvalidBundle, UnknownName
from ..core.ruling import rulings_in_words
from ..store import ImportedRun, Store, export_bundle, export_csv, import_bundle
from .report import write_report

LARGEST_IMPORT = 1 << 30  # bytes


def _jsonl(store: Store, run_id: str, out: BinaryIO) -> None:
    with _text(out) as writer:
        export_bundle(store, run_id, writer)


def _csv(store: Store, run_id: str, out: BinaryIO) -> None:
    with _text(out) as writer:
        export_csv(store, run_id, writer)


def _graphml(store: Store, run_id: str, out: BinaryIO) -> None:
    from ..analysis.graph_files import write_graphml  # networkx loads in half a second

    write_graphml(store.run(run_id), store.chains(run_id, text=True), out)


def _gexf(store: Store, run_id: str, out: BinaryIO) -> None:
    from ..analysis.graph_files import write_gexf

    write_gexf(store.run(run_id), store.chains(run_id, text=True), out)


def _evolution(store: Store, run_id: str, out: BinaryIO) -> None:
    from ..exports.evolution import evolution  # the plotting library loads in a second

    recording = Recording(tuple(store.chains(run_id)), tuple(store.asides(run_id, text=True)))
    ruled = rulings_in_words(store.rulings(run_id))
    for piece in evolution(store.run(run_id), recording, ruled):
        out.write(piece.encode("utf-8"))


def _parquet(store: Store, run_id: str, out: BinaryIO) -> None:
    from .many import zip_tables

    zip_tables(store, [store.run(run_id)], out)


class _text(io.TextIOWrapper):  # noqa: N801 - reads as a verb at its two uses
    """UTF-8 text onto a binary file that stays open."""

    def __init__(self, out: BinaryIO) -> None:
        super().__init__(out, encoding="utf-8", newline="", write_through=True)

    def __exit__(self, *_: object) -> None:
        self.detach()


FORMATS: Mapping[str, Callable[[Store, str, BinaryIO], None]] = {
    "jsonl": _jsonl,
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
    "html": write_report,
    "evolution": _evolution,
    "parquet": _parquet,
}


def file_ending(format: str) -> str:
    """How the name of a file of that format ends: the parquet tables of a run come in one ZIP, its animated evolution
    is HTML."""
    return {"parquet": "parquet.zip", "evolution": "evolution.html"}.get(format, format)


def write_run(store: Store, run_id: str, format: str, out: BinaryIO) -> None:
    """Write one run in one of FORMATS. Raises UnknownName and NotFound."""
    if format not in FORMATS:
        raise UnknownName("export format", format, FORMATS)
    store.run(run_id)  # before the first byte is written
    FORMATS[format](store, run_id, out)


def read_run(store: Store, data: bytes) -> ImportedRun:
    """Import one JSONL bundle whole, or nothing of it. Raises InvalidBundle."""
    if len(data) > LARGEST_IMPORT:
        raise InvalidBundle(f"the file has {len(data):,} bytes; at most {LARGEST_IMPORT:,} are read")
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as failure:
        raise InvalidBundle(f"the file is no UTF-8 text: {failure}; import the .jsonl that export wrote") from None
    return import_bundle(store, lines)
