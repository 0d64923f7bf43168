"""Where solutions are asked for and written together: whatever waits is taken at once, while a few of them are written.

A thread of its own writes as long as anybody waits, and ends. Knows no text and no provider.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import numpy as np

from .tiny_language import FREE, WIDTH, Reading
from .tiny_network import Network

TOGETHER = 32
"""Solutions that are written at one time, at most; more are slower for whoever waits and no faster for all."""


@dataclass(eq=False)
class _Asked:
    """A solution that somebody waits for. ``lines`` gets the tokens of each line, or what went wrong."""

    reading: Reading
    temperature: float
    seed: int
    loop: asyncio.AbstractEventLoop
    lines: asyncio.Queue[list[int] | Exception] = field(default_factory=asyncio.Queue)
    gone: bool = False

    @property
    def form(self) -> tuple[int, int, float]:
        """What solutions that are written together have in common."""
        return self.reading.lines, self.reading.candidates, self.temperature

    def tell(self, said: list[int] | Exception) -> None:
        if not self.gone:
            try:
                self.loop.call_soon_threadsafe(self.lines.put_nowait, said)
            except RuntimeError:  # its loop was closed: nobody waits any longer
                self.gone = True


class Desk:
    """Takes what is asked of a network from any event loop."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._waiting: list[_Asked] = []
        self._lock = threading.Lock()
        self._writing = False

    async def solution(self, reading: Reading, temperature: float, seed: int) -> AsyncGenerator[list[int], None]:
        """The tokens of a solution, line by line. The same whatever is asked beside it."""
        asked = _Asked(reading, temperature, seed, asyncio.get_running_loop())
        with self._lock:
            self._waiting.append(asked)
            begin, self._writing = not self._writing, True
        if begin:
            threading.Thread(target=self._write, name="tiny model", daemon=True).start()
        try:
            for _ in range(reading.lines):
                said = await asked.lines.get()
                if isinstance(said, Exception):
                    raise said
                yield said
        finally:
            asked.gone = True

    def _write(self) -> None:
        while some := self._taken():
            try:
                self._write_together(some)
            except Exception as error:  # noqa: BLE001 - the model boundary: whoever waits is told
                for asked in some:
                    asked.tell(error)

    def _taken(self) -> list[_Asked]:
        """What is written next: all that waits in the form of the first; nothing ends the thread."""
        with self._lock:
            self._waiting = [asked for asked in self._waiting if not asked.gone]
            some = [asked for asked in self._waiting if asked.form == self._waiting[0].form][:TOGETHER]
            self._waiting = [asked for asked in self._waiting if asked not in some]
            self._writing = bool(some)
        return some

    def _write_together(self, some: list[_Asked]) -> None:
        lines, candidates, temperature = some[0].form
        prompts = np.array([asked.reading.tokens for asked in some], np.int64)
        rngs = [np.random.default_rng(abs(asked.seed)) for asked in some]
        line: list[list[int]] = []
        free = (FREE,) * (WIDTH * lines)
        held = np.array([asked.reading.held or free for asked in some], np.int64)
        for tokens in self._network.write(prompts, lines, candidates, temperature, rngs, held):
            line.append(tokens.tolist())
            if len(line) == WIDTH:
                for asked, written in zip(some, zip(*line, strict=True), strict=True):
                    asked.tell(list(written))
                line = []
                if all(asked.gone for asked in some):
                    return
