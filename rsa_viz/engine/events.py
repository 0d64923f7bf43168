"""What a run tells while it goes on. Times are seconds since the Unix epoch.

A slot has one call at a time: its chain's own, and when that is recorded, its aside if one is planned. ``aside`` says
which of them an event is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ..core.aside import AsideKind, AsideOutcome
from ..core.chain import Outcome, Slot


@dataclass(frozen=True, slots=True)
class ChainStarted:
    """Try number ``attempt`` (from 1) of a slot's call begins. Text that an earlier try streamed is void."""

    slot: Slot
    attempt: int
    at: float
    aside: AsideKind | None = None


@dataclass(frozen=True, slots=True)
class TextStreamed:
    """A piece of answer text, of reasoning text, or of both; never neither."""

    slot: Slot
    text: str
    reasoning: str
    aside: AsideKind | None = None


@dataclass(frozen=True, slots=True)
class CallFailed:
    """Try number ``attempt`` failed. ``retry_in_s`` is the wait before the next one.

    None says that this engine makes no further try: the call has failed for good (a ChainEnded or AsideEnded follows),
    or the run is ending and it stays planned (none follows). Calls that the engine itself cancels to stop are not told.
    """

    slot: Slot
    attempt: int
    error: str
    retry_in_s: float | None
    aside: AsideKind | None = None


@dataclass(frozen=True, slots=True)
class ChainEnded:
    """The slot's chain has ended, done or failed, and is recorded. Its aside, if it has one, is still to come."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class AsideEnded:
    """The slot's aside has ended, done or failed, and is recorded."""

    outcome: AsideOutcome


Event: TypeAlias = ChainStarted | TextStreamed | CallFailed | ChainEnded | AsideEnded
