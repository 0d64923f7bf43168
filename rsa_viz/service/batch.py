"""A batch: runs of several problems under one configuration, which a crew drives, the earlier ones first.

A batch is its runs: its name stands in their notes, so it is found after a crash, in every browser, and by the search
of the Runs page. Knows no model.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from ..core.run import Run, RunStatus
from ..store import Store

MOST = 1000
"""Problems of one batch."""

_NOTE = re.compile(r"batch ([0-9a-f]{6})\b")


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as recorded: ``name`` is six hex digits, ``runs`` stand in the order in which they go."""

    name: str
    runs: tuple[Run, ...]

    @property
    def left(self) -> tuple[Run, ...]:
        """The runs that are not done."""
        return tuple(run for run in self.runs if run.status is not RunStatus.DONE)


def new_name() -> str:
    """A name that no other batch has."""
    return secrets.token_hex(3)


def batch_note(name: str, words: str) -> str:
    """The note of a batch's run: whose it is, then the user's own words."""
    return f"batch {name}: {words.strip()}" if words.strip() else f"batch {name}"


def read_batch(store: Store, name: str) -> Batch:
    """The batch of that name; without runs when there is none."""
    found = store.runs(search=f"batch {name}", limit=MOST)
    return Batch(name, tuple(run for run in reversed(found) if _name_of(run) == name))


def unfinished_batches(store: Store, *, among: int = 300) -> list[Batch]:
    """The batches that are not done, of the last ``among`` runs of any batch, newest first."""
    runs = store.runs(search="batch", limit=among)
    names = dict.fromkeys(name for run in runs if run.status is not RunStatus.DONE and (name := _name_of(run)))
    return [read_batch(store, name) for name in names]


def batch_names(store: Store, *, among: int = 2000) -> dict[str, str]:
    """The batches of the last ``among`` runs of any batch, newest first: what each is called in a list, by its name."""
    runs: dict[str, list[Run]] = {}
    for run in store.runs(search="batch", limit=among):
        if (name := _name_of(run)) is not None:
            runs.setdefault(name, []).append(run)
    return {name: f"{rows[-1].note} ({len(rows):,} runs)" for name, rows in runs.items()}


def _name_of(run: Run) -> str | None:
    found = _NOTE.match(run.note)
    return found[1] if found else None
