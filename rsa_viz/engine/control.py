"""The hand on the switch: asks a running engine to pause or to stop, from any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

Wanted: TypeAlias = Literal["run", "pause", "stop"]


class Control:
    """What is wanted of a run. Starts as ``run``; a pause may become a stop, and nothing goes back.

    ``pause``, ``pause_after`` and ``stop`` may be called from any thread, any number of times, before, during and
    after the run. A run that is resumed takes a new control.
    """

    def __init__(self) -> None:
        # Re-entrant, so that a signal handler may stop a run while its own thread is pausing it.
        self._lock = threading.RLock()
        self._wanted: Wanted = "run"
        self._last: int | None = None
        self._listeners: list[Callable[[], None]] = []

    @property
    def wanted(self) -> Wanted:
        """What is wanted now."""
        return self._wanted

    @property
    def last(self) -> int | None:
        """The generation after which to pause; None to go on to the end."""
        return self._last

    def pause(self) -> None:
        """Let the calls in flight finish and start no other."""
        self._want("pause", unless=("pause", "stop"))

    def pause_after(self, t: int) -> None:
        """Let every chain up to generation ``t`` end, start none of a later one, and pause then. Called again, it
        replaces the generation."""
        with self._lock:
            if self._last != t:
                self._last = t
                self._tell()

    def stop(self) -> None:
        """Cancel the calls in flight and start no other."""
        self._want("stop", unless=("stop",))

    @contextmanager
    def heard_by(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call ``listener`` on every change, in the thread of whoever changes it, for the length of a block.

        It is not called once the block has ended.
        """
        with self._lock:
            self._listeners.append(listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners.remove(listener)

    def _want(self, wanted: Wanted, unless: tuple[Wanted, ...]) -> None:
        with self._lock:
            if self._wanted in unless:
                return
            self._wanted = wanted
            self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
