"""Makes the calls of slots, a chain's own and its aside's, and the outcomes that they come to. Knows no order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..core.aside import AsideOutcome
from ..core.chain import Completion, Outcome, PromptKind, Slot
from ..core.errors import InvalidPlan
from ..core.genealogy import PlannedChain
from ..core.prompts import prompt_sha256
from .call import Call
from .frontier import Ready
from .terms import Asides, Compose, Limits


@dataclass(slots=True)
class Tries:
    """What is kept of a slot's call from its first try until it has ended."""

    planned: PlannedChain
    started_at: float
    made: int = 0
    prompt_sha256: str = ""
    available: tuple[Slot, ...] = ()


class Maker:
    """Composes calls within an execution's limits."""

    def __init__(self, compose: Compose, asides: Asides | None, limits: Limits, clock: Callable[[], float]) -> None:
        self._compose = compose
        self._asides = asides
        self._limits = limits
        self._clock = clock

    def call(self, ready: Ready, candidates: Mapping[Slot, str], asked: PromptKind, tries: Tries) -> Call:
        """One more try, noted in ``tries``; ``candidates`` are what a chain's own call sees, ``asked`` what is or was
        asked of the chain."""
        tries.made += 1
        call = (
            self._chain(ready.planned, candidates, asked)
            if ready.about is None
            else self._aside(ready.planned, ready.about, asked)
        )
        tries.prompt_sha256 = prompt_sha256(call.messages)
        tries.available = tuple(candidates) if ready.about is None else ()
        return call

    def _chain(self, planned: PlannedChain, candidates: Mapping[Slot, str], asked: PromptKind) -> Call:
        messages = self._compose(planned, tuple(candidates.values()))
        temperature = self._limits.temperature if planned.temperature is None else planned.temperature
        return Call(planned.slot, messages, temperature, self._limits.max_tokens, planned.seed, asked)

    def _aside(self, planned: PlannedChain, text: str, asked: PromptKind) -> Call:
        if planned.aside is None or self._asides is None:
            raise InvalidPlan(f"chain {planned.slot} has no aside that could be made")
        kind, limits = planned.aside.kind, self._limits
        messages = self._asides.compose(planned, text)
        tokens, seed = limits.aside_tokens(kind), planned.aside.seed
        return Call(planned.slot, messages, limits.aside_temperature, tokens, seed, asked, kind)

    def outcome(
        self, call: Call, tries: Tries, completion: Completion | None, error: str | None
    ) -> Outcome | AsideOutcome:
        """How a call ended, now."""
        if call.aside is not None:
            sha256, begun, now = tries.prompt_sha256, tries.started_at, self._clock()
            return AsideOutcome(call.slot, call.aside, completion, error, tries.made, sha256, begun, now, call.asked)
        return Outcome(
            slot=call.slot,
            completion=completion,
            error=error,
            attempts=tries.made,
            prompt_sha256=tries.prompt_sha256,
            available=tries.available,
            fresh=call.slot.t > 1 and not tries.available,
            started_at=tries.started_at,
            ended_at=self._clock(),
        )

    def pointless(self, planned: PlannedChain, asked: PromptKind) -> AsideOutcome:
        """How an aside ends whose chain left no text: failed, without a call."""
        if planned.aside is None:
            raise InvalidPlan(f"chain {planned.slot} has no aside")
        now, kind = self._clock(), planned.aside.kind
        error = f"chain {planned.slot} left no text to {kind}"
        return AsideOutcome(planned.slot, kind, None, error, 0, None, now, now, asked)
