"""What the presenter is looking at, told to whoever follows: a small file beside the database.

The file is written whole or not at all, and read by every process that shows the same database. Knows no page.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from ..analysis.replay import Playhead
from ..core.chain import Slot
from ..core.errors import InvalidInput, StoreUnavailable

_LARGEST = 4096  # bytes; a larger file is none of ours


@dataclass(frozen=True, slots=True)
class LedView:
    """A view: the run, the picture, the generation (None for the newest), and where its recording plays (None when it
    is shown as it stands now). ``at`` is when the presenter came to it, in seconds since the Unix epoch; ``chain`` is
    the chosen chain."""

    run: str
    scene: str
    t: int | None
    head: Playhead | None
    at: float
    chain: Slot | None = None


def led_view_place(database: str) -> Path:
    """Where the view of a database's presenter stands: beside an SQLite file, else among the temporary files."""
    if "://" not in database:
        return Path(f"{database}.presenter.json")
    name = hashlib.sha256(database.encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"rsa_viz-{name}.presenter.json"


def lead(place: Path, view: LedView) -> None:
    """Tell those who follow. Raises StoreUnavailable when the file cannot be written."""
    fresh = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        fresh.write_text(json.dumps({**asdict(view), "chain": view.chain and str(view.chain)}), encoding="utf-8")
        fresh.replace(place)
    except OSError as error:
        raise StoreUnavailable(
            f"those who follow cannot be told the view: {place} cannot be written ({error.strerror}); make room there "
            "or let the app write into that folder"
        ) from error


def led_view(place: Path) -> LedView | None:
    """The view to follow; None while nobody presents, or where the file is none of ours."""
    try:
        with place.open("rb") as file:
            told = json.loads(file.read(_LARGEST))
        head = None if told["head"] is None else Playhead(**{name: told["head"][name] for name in _HEAD})
        chain = None if told["chain"] is None else Slot.parse(str(told["chain"]))
        view = LedView(str(told["run"]), str(told["scene"]), told["t"], head, float(told["at"]), chain)
    except (OSError, ValueError, KeyError, TypeError, InvalidInput):
        return None
    numbers = (view.t, *(() if head is None else (head.moment, head.speed, head.since)))
    plain = all(one is None or (isinstance(one, int | float) and not isinstance(one, bool)) for one in numbers)
    return view if plain and (view.t is None or (isinstance(view.t, int) and view.t >= 1)) else None


def stop_leading(place: Path) -> None:
    """Nobody presents any more."""
    place.unlink(missing_ok=True)


_HEAD = ("moment", "speed", "since")
