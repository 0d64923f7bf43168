"""The scheduler: drives a drawn genealogy to its end without a barrier between generations.

A child starts as soon as its own parents are there. What may start is plain data (``frontier``); the only tasks are
the calls in flight and the outcomes being recorded. Knows no model, no store and no task: those are handed in.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping

from ..core.aside import AsideOutcome
from ..core.chain import Completion, Outcome, Slot
from ..core.errors import EndpointUnusable, InvalidPlan, Retryable, StoreError
from ..core.genealogy import Plan
from .attempt import Attempt
from .backoff import backoff
from .call import Call, Complete
from .control import Control
from .events import AsideEnded, CallFailed, ChainEnded, ChainStarted, Event, TextStreamed
from .failure import describe, one_line
from .frontier import Frontier, Ready
from .gate import Gate, Place
from .making import Maker, Tries
from .terms import Asides, Compose, Ended, Ending, Limits, Record, Watch

__all__ = ["Asides", "Ended", "Ending", "Limits", "execute"]


async def execute(
    plan: Plan,
    ended: Mapping[Slot, str | None],
    *,
    compose: Compose,
    complete: Complete,
    record: Record,
    watch: Watch,
    gate: Gate,
    control: Control,
    limits: Limits,
    asides: Asides | None = None,
    clock: Callable[[], float] = time.time,
) -> Ended:
    """Call every slot of the plan that has not ended, and record each as it ends.

    ``ended`` holds the slots that ended before: the text, or None for a failed one; any subset of the plan will do.
    ``compose`` makes a slot's messages from the texts of its available parents in prompt order and is pure: it is
    called for each try. ``record`` is awaited before any child of the chain may start. ``watch`` is called in the
    event loop and must be quick. ``clock`` gives seconds since the Unix epoch.

    A slot with an aside has a second call, which starts when its chain is recorded and is recorded before a child of it
    starts, with tries and a place in the gate of its own: whatever happens between the two, the first is never made
    again. A summary stands for its chain's text before the children; where it failed, the text does. The aside of a
    chain without a text is recorded as failed and never called. ``asides`` is needed by a plan that has any.

    A failed parent and one whose text is blank are unavailable: its children are made from those that remain, and a
    child that has none left is made fresh. A Retryable error is tried again after a backoff, during which the call
    holds no place in the gate; any other error but EndpointUnusable fails the slot at once. A pause lets the calls
    in flight finish, a stop cancels them; a pause after a generation comes when everything up to it has ended. A call
    that has brought its completion is recorded whatever comes. What was cancelled or waited stays planned.

    Nothing of the run is left behind on return: no task, no timer, no place in the gate. Raises what ``record``,
    ``compose`` or ``watch`` raised, after cancelling the calls in flight; CancelledError when cancelled itself;
    InvalidPlan when what has ended does not fit the plan, or nobody says how its asides are made.
    """
    if asides is None and any(chain.aside is not None for chain in plan):
        raise InvalidPlan("the plan has asides, and nothing says how they are made and recorded")
    frontier = Frontier(plan, ended, {} if asides is None else asides.ended)
    del ended  # the frontier keeps those texts that a child still needs, and drops them after
    execution = _Execution(frontier, compose, complete, record, watch, gate, control, limits, asides, clock)
    return await execution.run()


class _Execution:
    """One run of ``execute``: at most ``gate.limit`` attempts, some outcomes being recorded, and plain data."""

    def __init__(
        self,
        frontier: Frontier,
        compose: Compose,
        complete: Complete,
        record: Record,
        watch: Watch,
        gate: Gate,
        control: Control,
        limits: Limits,
        asides: Asides | None,
        clock: Callable[[], float],
    ) -> None:
        self._frontier = frontier
        self._maker = Maker(compose, asides, limits, clock)
        self._complete = complete
        self._record = record
        self._watch = watch
        self._gate = gate
        self._control = control
        self._limits = limits
        self._asides = asides
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._request: Place | None = None
        self._requested: tuple[int, ...] = ()
        self._tries: dict[Slot, Tries] = {}
        self._in_flight: dict[Slot, Attempt] = {}
        self._waiting: dict[Slot, asyncio.TimerHandle] = {}  # for their backoff to pass
        self._recording: dict[asyncio.Task[None], Outcome | AsideOutcome] = {}
        self._news: deque[Attempt | asyncio.Task[None]] = deque()
        # A record slower than the calls must hold them back, or finished texts pile up. One full gate may be recorded
        # while the next one is in flight.
        self._most_unrecorded = 2 * gate.limit
        self._leaving = False
        self._unusable: str | None = None
        self._fault: BaseException | None = None

    async def run(self) -> Ended:
        with self._control.heard_by(self._wake):
            cancel = True
            try:
                await self._work()
                cancel = False
            finally:
                await self._leave(cancel)
        if self._fault is not None:
            raise self._fault
        if not self._frontier.left:
            return Ended(Ending.DONE)
        if self._unusable is not None:
            return Ended(Ending.UNUSABLE, self._unusable)
        return Ended(Ending.STOPPED if self._control.wanted == "stop" else Ending.PAUSED)

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(self._changed.set)

    async def _work(self) -> None:
        """Start and take in, until every slot has ended or something says to leave."""
        self._frontier.hold_after(self._control.last)
        while self._frontier.wanted and not self._must_leave():
            self._start_ready()
            await self._changed.wait()
            self._take_in()
            self._frontier.hold_after(self._control.last)

    async def _leave(self, cancel: bool) -> None:
        """Start nothing more; wait for what is in flight, or cancel it; wait for what is being recorded."""
        self._leaving = True
        self._withdraw()
        while self._waiting:
            self._waiting.popitem()[1].cancel()
        cancelled: asyncio.CancelledError | None = None
        while self._in_flight or self._recording:
            if cancel or self._must_cancel():
                for attempt in self._in_flight.values():
                    attempt.cancel()
            try:
                await self._changed.wait()
            except asyncio.CancelledError as error:
                cancel, cancelled = True, error
            self._take_in()
        if cancelled is not None:
            raise cancelled

    def _must_leave(self) -> bool:
        return self._control.wanted != "run" or self._must_cancel()

    def _must_cancel(self) -> bool:
        return self._control.wanted == "stop" or self._unusable is not None or self._fault is not None

    def _start_ready(self) -> None:
        """Start ready slots for as long as the gate has a place for them."""
        while (planned := self._frontier.take_pointless()) is not None:
            self._save(self._maker.pointless(planned, self._frontier.asked(planned)))
        while (best := self._frontier.best) is not None and len(self._recording) < self._most_unrecorded:
            if self._request is not None and not self._request.done() and best < self._requested:
                self._withdraw()  # a slot that comes before the one asked for has become ready
            if self._request is None:
                self._request, self._requested = self._gate.request(best), best
                if not self._request.done():
                    self._request.add_done_callback(lambda _: self._changed.set())
            if not self._request.done():
                return
            self._start(self._frontier.take())
            self._request = None
        self._withdraw()  # an idle place is another run's

    def _withdraw(self) -> None:
        if self._request is not None:
            self._gate.withdraw(self._request)
            self._request = None

    def _start(self, ready: Ready) -> None:
        """Make a try. The granted place is the attempt's from here on; _take_in gives it back."""
        planned, now = ready.planned, self._clock()
        tries = self._tries.setdefault(planned.slot, Tries(planned, started_at=now))
        call = self._maker.call(ready, self._frontier.candidates(planned), self._frontier.asked(planned), tries)
        self._tell(ChainStarted(call.slot, tries.made, now, call.aside))
        self._in_flight[call.slot] = Attempt(
            call, self._complete, timeout_s=self._limits.timeout_s, heard=self._hear, over=self._notice
        )

    def _hear(self, call: Call, text: str, reasoning: str) -> None:
        self._tell(TextStreamed(call.slot, text, reasoning, call.aside))

    def _notice(self, what: Attempt | asyncio.Task[None]) -> None:
        self._news.append(what)
        self._changed.set()

    def _take_in(self) -> None:
        """Act on everything that has ended since the last look."""
        self._changed.clear()
        while self._news:
            what = self._news.popleft()
            if isinstance(what, Attempt):
                del self._in_flight[what.call.slot]
                self._gate.release()
                self._take_in_result(what.call, what.result())
            else:
                self._take_in_record(self._recording.pop(what), what)

    def _take_in_result(self, call: Call, result: Completion | BaseException | None) -> None:
        if isinstance(result, Completion):
            self._end(call, result, None)
        elif isinstance(result, EndpointUnusable):
            self._tell_failed(call, result, None)
            self._unusable = self._unusable or one_line(str(result))
        elif isinstance(result, Retryable) and self._tries[call.slot].made <= self._limits.retries:
            self._retry_later(call, result)
        elif isinstance(result, Exception):
            self._tell_failed(call, result, None)
            self._end(call, None, describe(result))
        elif result is not None:
            self._fault = self._fault or result

    def _retry_later(self, call: Call, error: Retryable) -> None:
        if self._leaving or self._must_leave():
            self._tell_failed(call, error, None)
            return
        wait = backoff(
            call.slot,
            call.seed,
            self._tries[call.slot].made,
            base_s=self._limits.backoff_s,
            cap_s=self._limits.backoff_cap_s,
            retry_after_s=error.retry_after_s,
        )
        self._tell_failed(call, error, wait)
        self._waiting[call.slot] = self._loop.call_later(wait, self._retry, call.slot)

    def _retry(self, slot: Slot) -> None:
        del self._waiting[slot]
        self._frontier.put_back(slot)
        self._changed.set()

    def _end(self, call: Call, completion: Completion | None, error: str | None) -> None:
        self._save(self._maker.outcome(call, self._tries.pop(call.slot), completion, error))

    def _save(self, outcome: Outcome | AsideOutcome) -> None:
        task = self._loop.create_task(self._recorded(outcome), name=f"record {outcome.slot}")
        self._recording[task] = outcome
        task.add_done_callback(self._notice)

    async def _recorded(self, outcome: Outcome | AsideOutcome) -> None:
        if isinstance(outcome, Outcome):
            await self._record(outcome)
        elif self._asides is not None:
            await self._asides.record(outcome)

    def _take_in_record(self, outcome: Outcome | AsideOutcome, task: asyncio.Task[None]) -> None:
        text = None if outcome.completion is None else outcome.completion.text
        if task.cancelled():
            self._fault = self._fault or StoreError(f"chain {outcome.slot} may be lost: its recording was cancelled")
        elif (error := task.exception()) is not None:
            self._fault = self._fault or error
        elif isinstance(outcome, Outcome):
            self._frontier.end(outcome.slot, text)
            self._tell(ChainEnded(outcome))
        else:
            self._frontier.end_aside(outcome.slot, text)
            self._tell(AsideEnded(outcome))

    def _tell_failed(self, call: Call, error: Exception, retry_in_s: float | None) -> None:
        self._tell(CallFailed(call.slot, self._tries[call.slot].made, describe(error), retry_in_s, call.aside))

    def _tell(self, event: Event) -> None:
        """Tell the watcher. Its error must end the run and not the call that happens to be streaming, nor the taking
        in of others; so it is kept here and raised when the run has left."""
        try:
            self._watch(event)
        except Exception as error:  # noqa: BLE001
            self._fault = self._fault or error
            self._changed.set()
