"""The signs of life of all runs that this process drives: one transaction for all of them, twice a second.

What a run has in flight goes with it, and what viewers or other processes ask of it comes back. Hundreds of runs that
each wrote for themselves would leave the database no time for chains. Knows no engine but its control.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from ..core.chain import InFlight
from ..core.errors import StoreError
from ..core.run import Run
from ..core.wish import last_generation
from ..engine.control import Control
from ..store import Store, owner_name

log = logging.getLogger("rsa_viz")

TICK_S = 0.5  # how often viewers see new text, and how soon a wish from another process is heard
SHOWN = 16
"""Runs whose texts in flight are written in one tick; with more, they take turns."""


class Driven(Protocol):
    """What the pulse needs of a drive. ``unseen`` gives what is in flight, or None when nothing is new since."""

    run: Run
    control: Control

    def unseen(self) -> Sequence[InFlight] | None: ...


class Pulse:
    """The pulse of one service. ``beating`` and everything below it run on the service's event loop."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._driven: dict[str, Driven] = {}  # the one whose texts were written longest ago comes first
        self._beat: asyncio.Task[None] | None = None

    @contextmanager
    def beating(self, driven: Driven) -> Iterator[None]:
        """Give signs of life of a claimed run for the length of a block; a run that was taken over is stopped."""
        self._driven[driven.run.id] = driven
        if self._beat is None or self._beat.done():
            self._beat = asyncio.get_running_loop().create_task(self._go(), name="pulse")
        try:
            yield
        finally:
            self._driven.pop(driven.run.id, None)

    async def _go(self) -> None:
        while self._driven:
            told: dict[str, Sequence[InFlight] | None] = {}
            asked = dict(self._driven)
            shown = 0
            for run_id, driven in asked.items():
                told[run_id] = driven.unseen() if shown < SHOWN else None
                if told[run_id] is not None:
                    shown += 1
                    self._driven[run_id] = self._driven.pop(run_id)
            try:
                wanted = await asyncio.to_thread(self.store.exchange, owner_name(), told)
            except StoreError as error:
                log.warning("%d runs could not give a sign of life and try again: %s", len(told), error)
            else:
                self._hear(asked, wanted)
            await asyncio.sleep(TICK_S)

    def _hear(self, asked: dict[str, Driven], wanted: dict[str, str]) -> None:
        for run_id, driven in asked.items():
            if self._driven.get(run_id) is not driven:
                continue  # it ended meanwhile; if it is driven again, the answer is not for that drive
            if run_id not in wanted:
                log.warning("run %s is held by another process or gone; letting go", run_id)
                driven.control.stop()
            elif wanted[run_id] == "pause":
                driven.control.pause()
            elif wanted[run_id] == "stop":
                driven.control.stop()
            elif (t := last_generation(wanted[run_id])) is not None:
                driven.control.pause_after(t)
