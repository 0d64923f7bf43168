"""The gate: how many calls may be in flight at once, over all runs that share it. Knows no call and no run."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from ..core.errors import InvalidPlan

Place: TypeAlias = asyncio.Future[None]
"""A requested place: done when it is granted."""


@dataclass(order=True, frozen=True, slots=True)
class _Waiting:
    priority: tuple[int, ...]
    number: int  # first come, first served among equals
    place: Place = field(compare=False)


class Gate:
    """A semaphore with priorities: the waiter with the lowest tuple gets the next free place.

    All that share a gate at one time run on one event loop. Raises InvalidPlan when ``limit`` is below 1.
    """

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise InvalidPlan(f"the gate must let at least 1 call through, not {limit}")
        self.limit = limit
        self._taken = 0
        self._waiting: list[_Waiting] = []
        self._numbers = itertools.count()
        self._idlers: list[Place] = []

    @property
    def taken(self) -> int:
        """The places that are held now, 0..limit."""
        return self._taken

    @property
    def free(self) -> int:
        """The places that nobody holds or asks for; a place that somebody asks for is granted at once."""
        return max(0, self.limit - self.taken)

    def resize(self, limit: int) -> None:
        """Let another number of calls through from now on; places that are held stay so. Raises InvalidPlan."""
        if limit < 1:
            raise InvalidPlan(f"the gate must let at least 1 call through, not {limit}")
        self.limit = limit
        self._grant()

    async def idle(self) -> None:
        """Wait until a place is free."""
        while not self.free:
            place: Place = asyncio.get_running_loop().create_future()
            self._idlers.append(place)
            try:
                await place
            finally:
                if place in self._idlers:
                    self._idlers.remove(place)

    def behind(self, *rank: int) -> Gate:
        """The same gate for one of several runs: its requests come after those of all runs with a lower rank."""
        return _Behind(self, rank)

    def request(self, priority: tuple[int, ...]) -> Place:
        """Ask for a place: a future that is done when the place is granted, maybe at once.

        Whoever asks ends it once: with ``release`` after it was granted, or with ``withdraw`` at any time.
        """
        loop = asyncio.get_running_loop()
        if self._waiting and self._waiting[0].place.get_loop() is not loop:
            raise RuntimeError("a gate is shared within one event loop; give the other loop a gate of its own")
        place: Place = loop.create_future()
        heapq.heappush(self._waiting, _Waiting(priority, next(self._numbers), place))
        self._grant()
        return place

    def withdraw(self, place: Place) -> None:
        """Give up a request, granted or not."""
        if place.done() and not place.cancelled():
            self.release()
            return
        place.cancel()
        self._waiting = [waiting for waiting in self._waiting if waiting.place is not place]
        heapq.heapify(self._waiting)

    async def acquire(self, priority: tuple[int, ...]) -> None:
        """Wait for a place. A cancelled wait leaves nothing behind, even when the place was just granted."""
        place = self.request(priority)
        try:
            await place
        except asyncio.CancelledError:
            self.withdraw(place)
            raise

    def release(self) -> None:
        """Give a granted place back."""
        if self._taken == 0:
            raise RuntimeError("released a place that nobody holds")
        self._taken -= 1
        self._grant()

    @asynccontextmanager
    async def held(self, priority: tuple[int, ...]) -> AsyncIterator[None]:
        """Hold a place for the length of a block."""
        await self.acquire(priority)
        try:
            yield
        finally:
            self.release()

    def _grant(self) -> None:
        while self._taken < self.limit and self._waiting:
            place = heapq.heappop(self._waiting).place
            if not place.done():
                self._taken += 1
                place.set_result(None)
        if self.free:
            while self._idlers:
                idler = self._idlers.pop()
                if not idler.done():
                    idler.set_result(None)


class _Behind(Gate):
    """A gate as one run sees it: another one's places, asked for with the run's rank in front."""

    def __init__(self, gate: Gate, rank: tuple[int, ...]) -> None:
        self._gate = gate
        self._rank = rank

    @property
    def limit(self) -> int:  # type: ignore[override]
        return self._gate.limit

    @property
    def taken(self) -> int:
        return self._gate.taken

    def request(self, priority: tuple[int, ...]) -> Place:
        return self._gate.request((*self._rank, *priority))

    def withdraw(self, place: Place) -> None:
        self._gate.withdraw(place)

    def release(self) -> None:
        self._gate.release()
