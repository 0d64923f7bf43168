"""A crew: many runs driven at once over shared gates, as many of them open as it takes to leave no place idle.

Runs on one endpoint form a lane, and so do those on the same two, where another model writes the children. All lanes
of a process that reach the same endpoint share one gate, and of the open runs those of earlier crews, and of a crew its
earlier ones, go first. So the runs that are open are few, and what they hold in memory with them. Lives in the
service's event loop. Knows no provider, no page and no experiment.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ..core.errors import NotFound, RsaVizError, RunHeld
from ..core.run import Run, RunStatus
from ..engine.gate import Gate
from ..engine.together import Together
from .drive import Drive

log = logging.getLogger("rsa_viz")

SETTLE_S = 0.05
"""How long a place must be idle before another run is opened: what a chain needs to be recorded and its children to
become ready is no idling."""

Wish: TypeAlias = Literal["run", "pause", "stop"]


class Gates:
    """The gates of the endpoints in use, by the endpoint's name or address. On one event loop."""

    def __init__(self) -> None:
        self._gates: dict[str, tuple[Gate, list[int]]] = {}

    @contextmanager
    def shared(self, names: tuple[str, ...], limit: int) -> Iterator[Gate]:
        """The gate of the endpoints for the length of a block; of several, one in which a call has a place with each of
        them. An endpoint's lets as many calls through as that of its users says which allows most."""
        with ExitStack() as shared:
            gates = [shared.enter_context(self._one(name, limit)) for name in sorted(names)]
            yield gates[0] if len(gates) == 1 else Together(gates)

    @contextmanager
    def _one(self, name: str, limit: int) -> Iterator[Gate]:
        gate, limits = self._gates.setdefault(name, (Gate(limit), []))
        limits.append(limit)
        gate.resize(max(limits))
        try:
            yield gate
        finally:
            limits.remove(limit)
            if limits:
                gate.resize(max(limits))
            else:
                del self._gates[name]


@dataclass(frozen=True, slots=True)
class Hand:
    """A run that a crew is to drive: its place in the crew's order, its endpoints and the calls that may be in flight
    there, and how many of its own calls may be ready at once at most."""

    run_id: str
    position: int
    endpoints: tuple[str, ...]
    limit: int
    width: int


@dataclass(slots=True)
class _Lane:
    """The runs of one endpoint, or of the same ones."""

    endpoints: tuple[str, ...]
    limit: int
    pending: deque[Hand] = field(default_factory=deque)
    driven: dict[str, Drive] = field(default_factory=dict)
    opening: dict[str, int] = field(default_factory=dict)  # places that runs which are being opened will ask for
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    answered: asyncio.Event = field(default_factory=asyncio.Event)  # a call on this endpoint has ended
    closed: bool = False

    @property
    def unrecorded(self) -> int:
        return sum(drive.recording for drive in self.driven.values())


def hand(run: Run, position: int, concurrency: int | None = None) -> Hand:
    """A run's place in a crew; ``concurrency`` overrules what its configuration says."""
    names = (choice.endpoint or f"{choice.model} {choice.api_base or ''}" for choice in run.config.models)
    return Hand(
        run_id=run.id,
        position=position,
        endpoints=tuple(dict.fromkeys(names)),
        limit=concurrency or run.config.concurrency,
        width=max(1, min(run.config.n, run.calls - run.done - run.failed)),
    )


class Crew:
    """Drives ``hands`` to their ends.

    ``open`` claims a run and makes its drive over a gate (None for a run that is done); ``go`` drives it to its end. A
    run that is done, gone or driven by somebody else is passed over. One that somebody pauses or stops has all the
    others do the same: whoever drives them, pausing one run is how another process pauses a crew. One that fails (its
    endpoint cannot be used, the disk is full) stops its lane and no other. What was not begun stays planned.

    An endpoint is tried with one run first: until a call on it has ended, no other is opened there.
    """

    def __init__(
        self,
        hands: Sequence[Hand],
        *,
        rank: int,
        gates: Gates,
        open: Callable[[str, Gate], Awaitable[Drive | None]],
        go: Callable[[Drive], Awaitable[None]],
    ) -> None:
        self._rank = rank
        self._gates = gates
        self._open = open
        self._go = go
        self._lanes: dict[tuple[str, ...], _Lane] = {}
        for one in hands:
            lane = self._lanes.setdefault(one.endpoints, _Lane(one.endpoints, one.limit))
            lane.limit = max(lane.limit, one.limit)
            lane.pending.append(one)
        self.wanted: Wish = "run"

    @property
    def pending(self) -> frozenset[str]:
        """The runs that it has still to open."""
        return frozenset(one.run_id for lane in self._lanes.values() for one in list(lane.pending))

    @property
    def ended_early(self) -> bool:
        """It was paused or stopped, or an endpoint of it could not go on: it left runs that nobody took from it."""
        return self.wanted != "run" or any(lane.closed for lane in self._lanes.values())

    def end(self, wanted: Wish) -> None:
        """Pause or stop every run that is open and open no other. On the event loop."""
        if self.wanted == "stop" or wanted == self.wanted:
            return
        self.wanted = wanted
        for lane in self._lanes.values():
            self._close(lane, wanted)

    async def work(self) -> None:
        """Drive until every run has been driven or passed over, or the crew has ended early."""
        await asyncio.gather(*map(self._work, self._lanes.values()))

    async def _work(self, lane: _Lane) -> None:
        with self._gates.shared(lane.endpoints, lane.limit) as gate:
            while lane.pending and not lane.answered.is_set():
                begun = self._begin(lane, gate)
                answered = asyncio.create_task(lane.answered.wait())
                await asyncio.wait((begun, answered), return_when=asyncio.FIRST_COMPLETED)
                answered.cancel()
            while lane.pending:
                with suppress(TimeoutError):
                    await asyncio.wait_for(gate.idle(), SETTLE_S)
                await asyncio.sleep(SETTLE_S)
                self._fill(lane, gate)
            while lane.tasks:
                await asyncio.wait(lane.tasks)

    def _fill(self, lane: _Lane, gate: Gate) -> None:
        """Open runs for the places that are idle. A disk that cannot keep up is not helped by more of them."""
        free = gate.free - sum(lane.opening.values())
        while lane.pending and free > 0 and len(lane.driven) < gate.limit and lane.unrecorded < gate.limit:
            free -= lane.pending[0].width
            self._begin(lane, gate)

    def _begin(self, lane: _Lane, gate: Gate) -> asyncio.Task[None]:
        one = lane.pending.popleft()
        lane.opening[one.run_id] = one.width
        task = asyncio.create_task(self._drive(lane, one, gate), name=f"run {one.run_id}")
        lane.tasks.add(task)
        task.add_done_callback(lane.tasks.discard)
        return task

    async def _drive(self, lane: _Lane, one: Hand, gate: Gate) -> None:
        try:
            drive = await self._open(one.run_id, gate.behind(self._rank, one.position))
            if drive is not None:
                await self._see_through(lane, drive)
        except (NotFound, RunHeld):
            return
        except RsaVizError as error:
            log.error("run %s could not be started; its endpoint's other runs stay as they are: %s", one.run_id, error)
            self._close(lane, "stop")
        finally:
            lane.driven.pop(one.run_id, None)
            lane.opening.pop(one.run_id, None)

    async def _see_through(self, lane: _Lane, drive: Drive) -> None:
        """Drive one claimed run to its end, and act on how it ended."""
        run_id = drive.run.id
        drive.on_first_call = lambda: lane.opening.pop(run_id, None)
        drive.on_call_ended = lane.answered.set
        lane.driven[run_id] = drive
        if lane.closed:
            self._ask(drive, self.wanted)
        await self._go(drive)
        if lane.closed or drive.status in (RunStatus.DONE, None):
            return
        if drive.status is RunStatus.PAUSED:
            self.end("pause")
        elif drive.status is RunStatus.STOPPED:
            self.end("stop")
        else:
            self._close(lane, "stop")

    def _close(self, lane: _Lane, wanted: Wish) -> None:
        lane.closed = True
        lane.pending.clear()
        for drive in lane.driven.values():
            self._ask(drive, wanted)

    @staticmethod
    def _ask(drive: Drive, wanted: Wish) -> None:
        if wanted == "pause":
            drive.control.pause()
        else:
            drive.control.stop()


@dataclass(frozen=True, eq=False, slots=True)
class CrewAtWork:
    """A crew as those see it who are on other threads."""

    crew: Crew
    going: Future[None]
    loop: asyncio.AbstractEventLoop

    def end(self, wanted: Literal["pause", "stop"]) -> None:
        """Pause or stop all of its runs; returns at once."""
        self.loop.call_soon_threadsafe(self.crew.end, wanted)
