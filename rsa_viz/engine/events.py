"""What a run tells while it goes on. Times are seconds since the Unix epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ..core.chain import Outcome, Slot


@dataclass(frozen=True, slots=True)
class ChainStarted:
    """Try number ``attempt`` (from 1) of a slot's call begins. Text that an earlier try streamed is void."""

    slot: Slot
    attempt: int
    at: float


@dataclass(frozen=True, slots=True)
class TextStreamed:
    """A piece of answer text, of reasoning text, or of both; never neither."""

    slot: Slot
    text: str
    reasoning: str


@dataclass(frozen=True, slots=True)
class CallFailed:
    """Try number ``attempt`` failed. ``retry_in_s`` is the wait before the next one.

    None says that this engine makes no further try: the slot has failed (a ChainEnded follows), or the run is
    ending and the slot stays planned (none follows). Calls that the engine itself cancels to stop are not told.
    """

    slot: Slot
    attempt: int
    error: str
    retry_in_s: float | None


@dataclass(frozen=True, slots=True)
class ChainEnded:
    """The slot has ended, done or failed, and is recorded."""

    outcome: Outcome


Event: TypeAlias = ChainStarted | TextStreamed | CallFailed | ChainEnded
