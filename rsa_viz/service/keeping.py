"""Writing what must not be lost: a database that refuses for a while holds its run up and costs it nothing.

A full disk, a lock of another process or a database server that starts anew are met by waiting: the run starts no
other call, lets those in flight finish, and what has ended is tried again. It is paused then, with the reason. Knows
no engine but its control, and no table.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from ..core.errors import AlreadyRecorded, StoreUnavailable
from ..engine.control import Control

log = logging.getLogger("rsa_viz")

PATIENCE_S = 60.0
"""How long what was refused is tried again, in seconds. A lock is waited for beside that, in each try."""

AGAIN_S = 1.0
"""Seconds between two tries."""


class Keeper:
    """Keeps what one run brings. ``refused`` is what the database said last when it refused, None if it never did."""

    def __init__(self, run_id: str, control: Control) -> None:
        self.refused: str | None = None
        self._run_id = run_id
        self._control = control

    async def keep(self, write: Callable[[], None]) -> None:
        """Call ``write`` on a thread until it succeeds, at most for PATIENCE_S after its first failure, and not at all
        again once the run is to stop. ``write`` is one transaction. Raises what it raised."""
        try:
            await asyncio.to_thread(write)
        except StoreUnavailable as error:
            self._hold_up(error)
        else:
            return
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            await asyncio.sleep(AGAIN_S)
            try:
                await asyncio.to_thread(write)
            except AlreadyRecorded:
                return  # a server that was lost in the middle of a commit had made it
            except StoreUnavailable as error:
                self.refused = str(error)
                if self._control.wanted == "stop" or asyncio.get_running_loop().time() > deadline:
                    raise
            else:
                return

    def _hold_up(self, error: StoreUnavailable) -> None:
        if self.refused is None:
            log.warning("run %s is held up: %s", self._run_id, error)
        self.refused = str(error)
        self._control.pause()
