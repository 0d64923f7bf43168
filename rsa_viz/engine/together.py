"""Several gates as one, for runs whose calls go to several endpoints. Knows no call and no run."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from .gate import Gate, Place


class Together(Gate):
    """A place here is a place in each of the gates, whichever of them a call is for: so none of them ever lets more
    calls through than it may, whoever else uses it.

    The places are taken in the order of ``gates``. Where that is the same for all who share some, nobody waits for one
    who waits for him.
    """

    def __init__(self, gates: Sequence[Gate]) -> None:
        self._gates = tuple(gates)
        self._asked: dict[Place, list[Place]] = {}  # what was requested of the gates for a place, in their order

    @property
    def limit(self) -> int:  # type: ignore[override]
        return min(gate.limit for gate in self._gates)

    @property
    def taken(self) -> int:
        return self.limit - self.free

    @property
    def free(self) -> int:
        return min(self.limit, *(gate.free for gate in self._gates))

    async def idle(self) -> None:
        while not self.free:
            for gate in self._gates:
                await gate.idle()

    def request(self, priority: tuple[int, ...]) -> Place:
        place: Place = asyncio.get_running_loop().create_future()
        self._asked[place] = []
        self._ask_next(place, priority)
        return place

    def _ask_next(self, place: Place, priority: tuple[int, ...]) -> None:
        """Request a place in the first gate that has not been asked; what is granted meanwhile stays taken."""
        while (asked := self._asked.get(place)) is not None:  # else it was withdrawn
            if len(asked) == len(self._gates):
                del self._asked[place]
                place.set_result(None)
                return
            one = self._gates[len(asked)].request(priority)
            asked.append(one)
            if not one.done():
                one.add_done_callback(lambda _: self._ask_next(place, priority))
                return

    def withdraw(self, place: Place) -> None:
        if place.done() and not place.cancelled():
            self.release()
            return
        place.cancel()
        for gate, one in zip(self._gates, self._asked.pop(place, ()), strict=False):
            gate.withdraw(one)

    def release(self) -> None:
        for gate in self._gates:
            gate.release()
