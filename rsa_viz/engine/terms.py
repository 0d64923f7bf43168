"""What an execution is handed, what its calls are held to, and how it ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ..core.aside import ASIDE_TEMPERATURE, VERIFICATION_TOKENS, AsideKind, AsideOutcome
from ..core.chain import Outcome, Slot
from ..core.genealogy import PlannedChain
from ..core.prompts import Messages
from .events import Event


@dataclass(frozen=True, slots=True)
class Limits:
    """What every call of a run is held to.

    ``temperature`` where the plan says none; ``max_tokens`` of an answer; ``retries`` further tries after a first
    failed one; ``timeout_s`` seconds without a streamed piece before a call is given up; ``backoff_s`` the longest
    wait before the second try, doubled for each further one up to ``backoff_cap_s``.
    """

    temperature: float
    max_tokens: int
    retries: int
    timeout_s: float
    backoff_s: float = 1.0
    backoff_cap_s: float = 60.0

    @property
    def aside_temperature(self) -> float:
        """Of every aside: low, and never above the run's own."""
        return min(self.temperature, ASIDE_TEMPERATURE)

    def aside_tokens(self, kind: AsideKind) -> int:
        """The most tokens of an aside's answer."""
        return min(self.max_tokens, VERIFICATION_TOKENS) if kind is AsideKind.VERIFY else self.max_tokens


class Ending(StrEnum):
    """Why a run's execution ended."""

    DONE = "done"  # every slot has ended
    PAUSED = "paused"  # calls in flight were let finish
    STOPPED = "stopped"  # calls in flight were cancelled
    UNUSABLE = "unusable"  # the endpoint will answer no call


@dataclass(frozen=True, slots=True)
class Ended:
    """How an execution ended; ``error`` says why the endpoint is unusable and is None otherwise."""

    ending: Ending
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Asides:
    """What an execution needs to make the asides that its plan has.

    ``compose`` makes an aside's messages from its chain's text and is pure; ``record`` is awaited before a child of the
    chain may start. ``ended`` holds the asides that ended before: the text, or None for a failed one.
    """

    compose: Callable[[PlannedChain, str], Messages]
    record: Callable[[AsideOutcome], Awaitable[None]]
    ended: Mapping[Slot, str | None]


Compose: TypeAlias = Callable[[PlannedChain, tuple[str, ...]], Messages]
Record: TypeAlias = Callable[[Outcome], Awaitable[None]]
Watch: TypeAlias = Callable[[Event], None]
