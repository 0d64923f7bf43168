"""An aside: a call about a chain that is done, its verification or its summary. Knows no wording and no table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .chain import ChainStatus, Slot


class AsideKind(StrEnum):
    """What a call about a chain is for."""

    VERIFY = "verify"  # the model says whether it takes the chain's answer for right (rejection sampling)
    SUMMARISE = "summarise"  # the children see the summary in the chain's place


@dataclass(frozen=True, slots=True)
class Aside:
    """A call about the chain in ``slot``, as planned or as it ended.

    It is made after its chain is recorded and before any child of it starts; a chain has one at most. ``text`` is what
    the model wrote, None while planned and when the call failed for good (then ``error`` says why). ``accepted`` is
    what a verification said: None for a summary, while planned, and when it cannot be read. Times since the Unix
    epoch, in seconds.
    """

    slot: Slot
    kind: AsideKind
    seed: int
    status: ChainStatus = ChainStatus.PLANNED
    text: str | None = None
    reasoning: str | None = None
    accepted: bool | None = None
    prompt_sha256: str | None = None
    finish_reason: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    first_token_s: float | None = None
    latency_s: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    attempts: int = 0
    error: str | None = None
    endpoint: str | None = None

    @property
    def ended(self) -> bool:
        """Done or failed: nothing more will come."""
        return self.status is not ChainStatus.PLANNED
