"""One run being driven: the engine's events become rows, and the rows' wishes become the engine's control.

Lives in the service's event loop; every database call goes to a thread, so that no call in flight waits for a disk.
Knows no provider and no page.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ..core.aside import AsideKind
from ..core.candidates import seen_by_children
from ..core.chain import Answer, InFlight, Judgement, Outcome, Slot
from ..core.errors import RunHeld, StoreError, StoreUnavailable
from ..core.genealogy import Plan, PlannedChain
from ..core.prompts import Messages
from ..core.run import Run, RunStatus
from ..engine.control import Control
from ..engine.events import AsideEnded, CallFailed, ChainEnded, ChainStarted, Event, TextStreamed
from ..engine.gate import Gate
from ..engine.scheduler import Ending, Limits, execute
from ..store import Store
from ..tasks import Task
from .asides import asides_of
from .keeping import Keeper
from .pulse import Pulse
from .ways import RunWays

log = logging.getLogger("rsa_viz")

TAIL = 4000  # characters of a streaming text that viewers see

# Judging may take seconds (a program that loops); threads of its own keep it from holding up what is to be written.
_JUDGES = ThreadPoolExecutor(max_workers=8, thread_name_prefix="rsa_viz judge")

STATUS = {
    Ending.DONE: RunStatus.DONE,
    Ending.PAUSED: RunStatus.PAUSED,
    Ending.STOPPED: RunStatus.STOPPED,
    Ending.UNUSABLE: RunStatus.FAILED,
}


@dataclass(slots=True)
class _Flight:
    """What has streamed of one chain so far."""

    attempt: int
    started_at: float
    updated_at: float
    characters: int = 0
    pieces: int = 0
    tail: str = ""
    waiting_until: float | None = None
    error: str | None = None
    aside: AsideKind | None = None

    def seen(self, slot: Slot) -> InFlight:
        return InFlight(
            slot=slot,
            attempt=self.attempt,
            started_at=self.started_at,
            updated_at=self.updated_at,
            characters=self.characters,
            tokens_out=self.pieces,
            tail=self.tail,
            waiting_until=self.waiting_until,
            error=self.error,
            aside=self.aside,
        )


@dataclass(slots=True)
class Drive:
    """Drives one claimed run to its end. ``owner`` must hold the run's claim already.

    The ways are closed in the end unless they are ``lent``. ``recording`` counts the chains that have ended and are not
    recorded yet; ``status`` is how the run was let go, None until then and when it was lost. ``unwritten`` is why it
    ended, when not even that could be written. ``on_first_call`` and ``on_call_ended`` are called in the event loop.
    """

    store: Store
    run: Run
    plan: Plan
    task: Task
    ways: RunWays
    gate: Gate
    owner: str
    pulse: Pulse
    lent: bool = False
    control: Control = field(default_factory=Control)
    recording: int = 0
    status: RunStatus | None = None
    unwritten: str | None = None
    on_first_call: Callable[[], object] = lambda: None
    on_call_ended: Callable[[], object] = lambda: None
    _flights: dict[Slot, _Flight] = field(default_factory=dict)
    _unseen: bool = False
    _keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        self._keeper = Keeper(self.run.id, self.control)

    @property
    def refused(self) -> str | None:
        """Why the database holds the run up, or did; None while it never refused."""
        return self._keeper.refused

    async def go(self) -> None:
        """Drive until every slot is accounted for, or somebody pauses or stops the run, or it cannot go on.

        Never raises for what a run can meet: the reason is recorded with the run. A database that refuses for a while
        pauses the run (see ``keeping``). If not even its end can be written, its sign of life goes stale and it shows
        as interrupted.
        """
        status, error, patient = RunStatus.FAILED, None, True
        try:
            with self.pulse.beating(self):
                status, error = await self._execute()
        except RunHeld:
            log.warning("run %s was taken over by another process", self.run.id)
            return
        except StoreError as failure:
            error, patient = str(failure), not isinstance(failure, StoreUnavailable)  # else it has waited long enough
        except Exception as failure:
            log.exception("run %s ended by an error that nothing expected", self.run.id)
            error = f"{type(failure).__name__}: {failure}"
        try:
            await self._let_go(status, error, patient)
            self.status = status
        except RunHeld:
            log.warning("run %s was taken over by another process", self.run.id)
        except StoreError as failure:
            self.status, self.unwritten = RunStatus.FAILED, error or str(failure)
            log.error("the end of run %s could not be written: %s", self.run.id, failure)

    async def _let_go(self, status: RunStatus, error: str | None, patient: bool) -> None:
        def release() -> None:
            self.store.release(self.run.id, self.owner, status, error)

        await (self._keeper.keep(release) if patient else asyncio.to_thread(release))

    async def _execute(self) -> tuple[RunStatus, str | None]:
        try:
            await self.ways.prepare()
            ended = await execute(
                self.plan,
                await asyncio.to_thread(self._ended),
                compose=self._compose,
                complete=self.ways.complete,
                record=self._record,
                watch=self._watch,
                gate=self.gate,
                control=self.control,
                asides=await asyncio.to_thread(
                    asides_of, self.store, self.run, self.task, self.owner, self._keeper.keep
                ),
                limits=Limits(
                    temperature=self.run.config.temperature,
                    max_tokens=self.run.config.max_tokens,
                    retries=self.run.config.retries,
                    timeout_s=self.run.config.timeout_s,
                ),
            )
            if ended.ending is Ending.PAUSED and self.refused is not None:
                return RunStatus.PAUSED, f"The database held the run up, and what had ended was kept: {self.refused}"
            return STATUS[ended.ending], ended.error
        finally:
            if not self.lent:
                await self.ways.aclose()

    def _ended(self) -> dict[Slot, str | None]:
        return {chain.slot: chain.text for chain in self.store.chains(self.run.id, text=True) if chain.ended}

    def _compose(self, planned: PlannedChain, candidates: tuple[str, ...]) -> Messages:
        problem = self.run.problem
        seen = [seen_by_children(text, None, self.run.config) for text in candidates]  # the engine has put in summaries
        return self.run.prompts.compose(planned.kind, self.task.parts(problem), problem, seen)

    async def _record(self, outcome: Outcome) -> None:
        self.recording += 1
        try:
            answer, judgement = await asyncio.get_running_loop().run_in_executor(_JUDGES, self._judge, outcome)
            served_by = outcome.completion.served_by if outcome.completion is not None else None
            endpoint = served_by or self.run.config.writer(outcome.asked).name
            await self._keeper.keep(
                lambda: self.store.record(self.run.id, outcome, answer, judgement, endpoint, owner=self.owner)
            )
        finally:
            self.recording -= 1

    def _judge(self, outcome: Outcome) -> tuple[Answer | None, Judgement]:
        if outcome.completion is None:
            return None, Judgement.unknown("the call failed; there is nothing to judge")
        try:
            answer = self.task.extract(outcome.completion.text, self.run.problem)
            return answer, self.task.judge(answer, self.run.problem)
        except Exception as failure:
            log.exception("judging chain %s of run %s failed", outcome.slot, self.run.id)
            return None, Judgement.unknown(f"the judge failed: {type(failure).__name__}: {failure}")

    def _watch(self, event: Event) -> None:
        now = time.time()
        self._unseen = True
        match event:
            case ChainStarted(slot=slot, attempt=attempt, at=at, aside=about):
                self._flights[slot] = _Flight(attempt=attempt, started_at=at, updated_at=at, aside=about)
                self.on_first_call()
            case TextStreamed(slot=slot, text=text, reasoning=reasoning):
                flight = self._flights[slot]
                piece = text or reasoning
                flight.tail = (flight.tail + piece)[-TAIL:]
                flight.characters += len(piece)
                flight.pieces += 1
                flight.updated_at = now
            case CallFailed(slot=slot, error=error, retry_in_s=wait):
                flight = self._flights[slot]
                flight.error = error
                flight.waiting_until = None if wait is None else now + wait
                flight.updated_at = now
            case ChainEnded(outcome=outcome):
                self._flights.pop(outcome.slot, None)
                self.on_call_ended()
            case AsideEnded(outcome=aside):
                self._flights.pop(aside.slot, None)
                self.on_call_ended()

    def unseen(self) -> Sequence[InFlight] | None:
        """The chains in flight, or None when nothing is new since the last call."""
        if not self._unseen:
            return None
        self._unseen = False
        return [flight.seen(slot) for slot, flight in self._flights.items()]
