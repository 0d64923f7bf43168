"""What surrounds an engine under test: a scripted model, a record and a watcher that hold its promises as it runs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from virtual_time import now

from rsa_viz.core.aside import AsideKind, AsideOutcome, PlannedAside
from rsa_viz.core.chain import Completion, Outcome, PromptKind, Slot
from rsa_viz.core.genealogy import Plan, PlannedChain
from rsa_viz.core.prompts import Messages
from rsa_viz.engine.call import Call, OnText
from rsa_viz.engine.control import Control
from rsa_viz.engine.events import AsideEnded, CallFailed, ChainEnded, ChainStarted, Event, TextStreamed
from rsa_viz.engine.gate import Gate
from rsa_viz.engine.scheduler import Asides, Ended, Limits, execute

Answering = Callable[[Call, OnText, int], Awaitable[Completion]]
"""What the scripted model does on a call; the number counts this slot's calls, from 1."""


def plan_of(parents: Mapping[str, Iterable[str]], asides: Mapping[str, AsideKind] = MappingProxyType({})) -> Plan:
    """A plan written as slot -> parents, both as ``t.i``; with an aside for some slots."""
    chains = []
    for child, links in parents.items():
        slots = tuple(Slot.parse(link) for link in links)
        kind = (PromptKind.SAMPLE, PromptKind.REFINE)[len(slots)] if len(slots) < 2 else PromptKind.AGGREGATE
        slot = Slot.parse(child)
        aside = PlannedAside(asides[child], seed=9000 + slot.i) if child in asides else None
        chains.append(PlannedChain(slot, kind, slots, seed=1000 * slot.t + slot.i, aside=aside))
    return Plan(tuple(sorted(chains, key=lambda chain: chain.slot)))


def after(seconds: float, text: str | None = None) -> Answering:
    """Answer after some seconds."""

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        await asyncio.sleep(seconds)
        return Completion(text=f"text of {call.slot}" if text is None else text)

    return answer


def by_slot(answers: Mapping[str, Answering], otherwise: Answering) -> Answering:
    """Another answer for some slots."""

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        return await answers.get(str(call.slot), otherwise)(call, on_text, number)

    return answer


def failing(error: Exception, times: int | None = None, seconds: float = 1.0) -> Answering:
    """Fail the first ``times`` calls of a slot (None: all of them) after some seconds, then answer."""

    async def answer(call: Call, on_text: OnText, number: int) -> Completion:
        await asyncio.sleep(seconds)
        if times is None or number <= times:
            raise error
        return Completion(text=f"text of {call.slot}")

    return answer


@dataclass
class World:
    """A plan and everything that an engine needs to drive it; may be driven several times, as a resumed run is.

    Holds while the engine runs: never more than ``limit`` calls in flight, no child before its parents are
    recorded, no call of a recorded slot, no second record; and after it: no call goes on, and every completion was
    recorded unless the execution raised.
    """

    plan: Plan
    answer: Answering = field(default_factory=lambda: after(1.0))
    limit: int = 16
    record_s: float = 0.0
    retries: int = 2
    timeout_s: float = 60.0
    backoff_s: float = 1.0
    shared_gate: Gate | None = None
    recorded: dict[Slot, Outcome] = field(default_factory=dict)
    asides: dict[Slot, AsideOutcome] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    calls: Counter[Slot] = field(default_factory=Counter)
    aside_calls: Counter[Slot] = field(default_factory=Counter)
    prompts: dict[Slot, Messages] = field(default_factory=dict)
    aside_prompts: dict[Slot, Messages] = field(default_factory=dict)
    started: dict[Slot, float] = field(default_factory=dict)
    ended: dict[Slot, float] = field(default_factory=dict)
    completed: set[Slot] = field(default_factory=set)
    asides_completed: set[Slot] = field(default_factory=set)
    in_flight: int = 0
    most_in_flight: int = 0
    control: Control = field(default_factory=Control)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate = self.shared_gate or Gate(self.limit)

    @property
    def texts(self) -> dict[Slot, str | None]:
        """What has ended, as a resumed run is told."""
        return _texts(self.recorded)

    async def go(self, control: Control | None = None) -> Ended:
        """Drive the plan on from what is recorded, with a new control or the given one."""
        self.control = control or Control()
        try:
            ended = await execute(
                self.plan,
                self.texts,
                compose=self.compose,
                complete=self.complete,
                record=self.record,
                watch=self.watch,
                gate=self.gate,
                control=self.control,
                limits=Limits(
                    temperature=0.7,
                    max_tokens=100,
                    retries=self.retries,
                    timeout_s=self.timeout_s,
                    backoff_s=self.backoff_s,
                ),
                asides=Asides(self.compose_aside, self.record_aside, _texts(self.asides)),
                clock=now,
            )
        finally:
            assert self.in_flight == 0
            assert not self.broken
        assert self.completed <= set(self.recorded)
        assert self.asides_completed <= set(self.asides)
        return ended

    def compose(self, planned: PlannedChain, candidates: tuple[str, ...]) -> Messages:
        return ({"role": "user", "content": f"{planned.kind}: {' | '.join(candidates)}"},)

    def compose_aside(self, planned: PlannedChain, text: str) -> Messages:
        return ({"role": "user", "content": f"{planned.aside and planned.aside.kind}: {text}"},)

    async def complete(self, call: Call, on_text: OnText) -> Completion:
        chain = call.aside is None
        if chain:
            self._hold(call.slot not in self.recorded, f"{call.slot} is recorded and was called again")
            self._hold(all(map(self._over, self.plan[call.slot].parents)), f"{call.slot} came too early")
            self.started.setdefault(call.slot, now())
        else:
            self._hold(call.slot in self.recorded, f"the aside of {call.slot} came before its chain was recorded")
            self._hold(call.slot not in self.asides, f"the aside of {call.slot} is recorded and was called again")
        calls = self.calls if chain else self.aside_calls
        calls[call.slot] += 1
        (self.prompts if chain else self.aside_prompts)[call.slot] = call.messages
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self._hold(self.in_flight <= self.limit, f"{self.in_flight} calls in flight")
        try:
            completion = await self.answer(call, on_text, calls[call.slot])
            (self.completed if chain else self.asides_completed).add(call.slot)
            return completion
        finally:
            self.in_flight -= 1

    async def record(self, outcome: Outcome) -> None:
        self._hold(outcome.slot not in self.recorded, f"{outcome.slot} was recorded twice")
        await asyncio.sleep(self.record_s)
        self.ended[outcome.slot] = now()
        self.recorded[outcome.slot] = outcome

    async def record_aside(self, outcome: AsideOutcome) -> None:
        self._hold(outcome.slot not in self.asides, f"the aside of {outcome.slot} was recorded twice")
        await asyncio.sleep(self.record_s)
        self.asides[outcome.slot] = outcome

    def _over(self, slot: Slot) -> bool:
        return slot in self.recorded and (self.plan[slot].aside is None or slot in self.asides)

    def watch(self, event: Event) -> None:
        self.events.append(event)

    def _hold(self, promise: bool, otherwise: str) -> None:
        # Kept and not raised: the engine would take it for a failed call.
        if not promise:
            self.broken.append(otherwise)

    def told(self, slot: str) -> list[str]:
        """The names of the events of a slot, in order."""
        return [type(event).__name__ for event in self.events if slot_of(event) == Slot.parse(slot)]


def _texts(outcomes: Mapping[Slot, Outcome | AsideOutcome]) -> dict[Slot, str | None]:
    return {slot: None if outcome.completion is None else outcome.completion.text for slot, outcome in outcomes.items()}


def slot_of(event: Event) -> Slot:
    """The slot that an event speaks of."""
    match event:
        case ChainEnded(outcome=outcome):
            return outcome.slot
        case AsideEnded(outcome=aside):
            return aside.slot
        case ChainStarted(slot=slot) | TextStreamed(slot=slot) | CallFailed(slot=slot):
            return slot
